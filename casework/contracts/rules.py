"""When and by whom a contract can be signed, and an objective settled."""

from collections.abc import Mapping, Sequence
from datetime import date

from casework.contracts.vocabulary import MISSING_PARTY_LABELS, Party
from casework.kernel.calendar import add_months
from casework.kernel.errors import Counted, RuleViolation

SIGNATORY_FIELDS: dict[Party, str] = {
    Party.HOUSEHOLD: "household_signatory",
    Party.ASSOCIATION: "association_signatory",
    Party.LANDLORD: "landlord_signatory",
}


def check_signatories(signatories: Mapping[Party, str]) -> None:
    """Refuse a contract that lacks one of the three parties. Raises RuleViolation on the field of the missing one."""
    for party, field in SIGNATORY_FIELDS.items():
        if not signatories.get(party, "").strip():
            raise RuleViolation(field, MISSING_PARTY_LABELS[party])


def check_diagnosed(signed_on: date, first_diagnosed_on: date | None) -> None:
    """Refuse a contract without a diagnostic made on or before its signature. Raises RuleViolation on `signed_on`."""
    if first_diagnosed_on is None:
        raise RuleViolation("signed_on", "Le diagnostic vient avant le contrat : faites-le d’abord.")
    if signed_on < first_diagnosed_on:
        raise RuleViolation(
            "signed_on",
            "Le contrat serait signé avant le diagnostic du %(day)s.",
            day=first_diagnosed_on.strftime("%d/%m/%Y"),
        )


def check_planned_end(planned_end_on: date | None, signed_on: date, started_on: date, max_months: int | None) -> None:
    """Refuse an end that is not after the signature, or beyond what the programme allows from the first contract on.

    Raises RuleViolation on `planned_end_on`.
    """
    if planned_end_on is None:
        return
    if planned_end_on <= signed_on:
        raise RuleViolation("planned_end_on", "La fin prévue vient après la signature.")
    if max_months is not None and planned_end_on > add_months(started_on, max_months):
        raise RuleViolation(
            "planned_end_on",
            "Le dispositif accompagne %(length)s au plus : jusqu’au %(day)s.",
            length=Counted("%(num)d mois", "%(num)d mois", max_months),
            day=add_months(started_on, max_months).strftime("%d/%m/%Y"),
        )


def check_amendment(signed_on: date, last_signed_on: date) -> None:
    """Refuse an amendment that is not after what it amends. Raises RuleViolation on `signed_on`."""
    if signed_on <= last_signed_on:
        raise RuleViolation(
            "signed_on",
            "Un avenant se signe après ce qu’il modifie (%(day)s).",
            day=last_signed_on.strftime("%d/%m/%Y"),
        )


def check_objectives(due_dates: Sequence[date | None], signed_on: date, *, at_least: int) -> None:
    """Refuse too few objectives, or one that is due before the signature. Raises RuleViolation on `objectives`."""
    if len(due_dates) < at_least:
        raise RuleViolation("objectives", "Un contrat porte au moins un objectif : écrivez ce que chacun fera.")
    if any(due_on is not None and due_on < signed_on for due_on in due_dates):
        raise RuleViolation("objectives", "L’échéance d’un objectif est avant la signature.")
