"""When and by whom a contract can be signed, and an objective settled."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from casework.contracts.vocabulary import MISSING_PARTY_LABELS, Party
from casework.kernel.calendar import add_months
from casework.kernel.errors import RuleViolation
from casework.programmes.definition.parts import Accompaniment

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


def check_planned_end(planned_end_on: date | None, signed_on: date, latest_on: date | None, motive: str = "") -> None:
    """Refuse an end that is not after the signature, or after `latest_on`, the last day that the programme allows.

    A `motive` lifts that last day; only a programme that allows derogations asks for one.
    Raises RuleViolation on `planned_end_on`.
    """
    if planned_end_on is None:
        return
    if planned_end_on <= signed_on:
        raise RuleViolation("planned_end_on", "La fin prévue vient après la signature.")
    if latest_on is not None and planned_end_on > latest_on and not motive:
        raise RuleViolation(
            "planned_end_on",
            "Le dispositif permet d’accompagner ce ménage jusqu’au %(day)s.",
            day=latest_on.strftime("%d/%m/%Y"),
        )


def check_motive(motive: str, *, derogation: bool) -> None:
    """Refuse a motive of derogation where the programme knows none. Raises RuleViolation on `derogation`."""
    if motive and not derogation:
        raise RuleViolation("derogation", "Ce dispositif ne prévoit pas de dérogation à la durée.")


def latest_first_end(signed_on: date, limits: Accompaniment) -> date | None:
    """Return the last day on which a first contract may end, None when the programme sets no limit."""
    months = limits.period_months or limits.max_months
    return None if months is None else add_months(signed_on, months)


def latest_renewed_end(ends: Sequence[date | None], started_on: date, limits: Accompaniment) -> date | None:
    """Return the last day to which an amendment may carry the end, None when the programme sets no limit.

    `ends` are the planned ends agreed so far, oldest first; each that is later than the one before was a renewal.
    """
    whole = None if limits.max_months is None else add_months(started_on, limits.max_months)
    present = ends[-1] if ends else None
    if present is None:
        return whole
    if limits.renewable is False or (limits.renewals_max is not None and renewals(ends) >= limits.renewals_max):
        return present
    months = limits.renewal_months or limits.period_months
    if months is None:
        return whole
    renewed = _carried(started_on, present, months)
    return renewed if whole is None else min(renewed, whole)


def _carried(started_on: date, end_on: date, months: int) -> date:
    """Return `end_on` carried on by `months`, counted from the start where it lies whole months after it.

    A month too short for the day of the start must not shorten the periods that follow.
    """
    whole = (end_on.year - started_on.year) * 12 + end_on.month - started_on.month
    return (
        add_months(started_on, whole + months)
        if add_months(started_on, whole) == end_on
        else add_months(end_on, months)
    )


def renewals(ends: Sequence[date | None]) -> int:
    """Return how many of the planned ends, oldest first, carried the end further than the one before."""
    return sum(1 for before, after in pairwise(ends) if before is not None and (after is None or after > before))


def duration(first: date, last: date) -> tuple[int, int]:
    """Return how long it is from `first` to `last`, a later day, in whole months and the days that remain.

    An end on the same day of the month, and one on the eve of it, are both whole months: people write either.
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    if add_months(first, months + 1) == last + timedelta(days=1):
        return months + 1, 0
    if add_months(first, months) == last + timedelta(days=1):
        return months, 0
    if add_months(first, months) > last:
        months -= 1
    return months, (last - add_months(first, months)).days


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
