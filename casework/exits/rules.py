"""When an accompaniment can end, and who may take that back."""

from datetime import date

from casework.exits.vocabulary import CONTRADICTIONS, EndReason, Outcome
from casework.kernel.calendar import add_months
from casework.kernel.errors import Counted, RuleViolation


def check_not_ended_yet(ended_on: date | None) -> None:
    """Refuse a second end. Raises RuleViolation on the whole form."""
    if ended_on is not None:
        raise RuleViolation(
            "", "La fin de cet accompagnement est déjà notée, au %(day)s.", day=ended_on.strftime("%d/%m/%Y")
        )


def check_not_before_contract(day: date, referred_on: date, signed_on: date | None) -> None:
    """Refuse an end before the contract, or before the referral where no contract was signed.

    Raises RuleViolation on `ended_on`.
    """
    if signed_on is not None and day < signed_on:
        raise RuleViolation(
            "ended_on", "Cette date est avant la signature du contrat (%(day)s).", day=signed_on.strftime("%d/%m/%Y")
        )
    if signed_on is None and day < referred_on:
        raise RuleViolation(
            "ended_on", "Cette date est avant l’orientation du ménage (%(day)s).", day=referred_on.strftime("%d/%m/%Y")
        )


def check_not_before_last_step(
    day: date, amended_on: date | None, reassessed_on: date | None, stage_from_on: date | None
) -> None:
    """Refuse an end before the last amendment, reassessment or lease stage. Raises RuleViolation on `ended_on`."""
    if amended_on is not None and day < amended_on:
        raise RuleViolation(
            "ended_on", "Un avenant est signé le %(day)s : la fin vient après.", day=amended_on.strftime("%d/%m/%Y")
        )
    if reassessed_on is not None and day < reassessed_on:
        raise RuleViolation(
            "ended_on",
            "Une réévaluation est notée le %(day)s : la fin vient après.",
            day=reassessed_on.strftime("%d/%m/%Y"),
        )
    if stage_from_on is not None and day < stage_from_on:
        raise RuleViolation(
            "ended_on",
            "Le statut du logement a changé le %(day)s : la fin vient après.",
            day=stage_from_on.strftime("%d/%m/%Y"),
        )


def check_early_end_explained(day: date, signed_on: date | None, min_months: int | None, note: str) -> None:
    """Ask for the motive of an end before the shortest duration of the programme. Raises RuleViolation on `note`."""
    if signed_on is None or min_months is None or note:
        return
    if day < add_months(signed_on, min_months):
        raise RuleViolation(
            "note",
            "Le dispositif prévoit au moins %(length)s d’accompagnement : dites ici pourquoi il finit plus tôt.",
            length=Counted("%(num)d mois", "%(num)d mois", min_months),
        )


def check_not_contradictory(reason: EndReason, outcome: Outcome) -> None:
    """Refuse an outcome that cannot follow from the reason. Raises RuleViolation on `outcome`."""
    if outcome in CONTRADICTIONS.get(reason, ()):
        raise RuleViolation("outcome", "Cette situation contredit le motif choisi\u00a0: corrigez l’un ou l’autre.")


def may_undo(recorded_on: date, today: date, *, is_manager: bool) -> bool:
    """Tell whether an end may be taken back: by anyone who may note it on the day itself, by a manager at any time."""
    return is_manager or recorded_on == today
