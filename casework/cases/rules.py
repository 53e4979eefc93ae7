"""Dates that can be, numbers of cases, pauses: rules that the steps of the path share."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from casework.kernel.errors import RuleViolation

NUMBER = re.compile(r"(?P<prefix>.+)-(?P<year>\d{4})-(?P<rank>\d{1,6})", re.ASCII)
FARTHEST_MOVE = timedelta(days=366)


def check_not_future(field: str, day: date, today: date) -> None:
    """Refuse a fact dated after today. Raises RuleViolation on `field`."""
    if day > today:
        raise RuleViolation(field, "Cette date est dans l’avenir : on note ici ce qui a eu lieu.")


def check_not_before_referral(field: str, day: date, referred_on: date) -> None:
    """Refuse a fact dated before the referral. Raises RuleViolation on `field`."""
    if day < referred_on:
        raise RuleViolation(
            field, "Cette date est avant l’orientation du ménage (%(day)s).", day=referred_on.strftime("%d/%m/%Y")
        )


def has_ended(ended_on: date | None, day: date) -> bool:
    """Tell whether an accompaniment has ended on `day`: an end that is dated after it is still to come."""
    return ended_on is not None and ended_on <= day


def is_watched_for_rent(referred_on: date, ended_on: date | None, day: date) -> bool:
    """Tell whether the rent of a household is watched on `day`: from its referral until it has ended."""
    return referred_on <= day and not has_ended(ended_on, day)


def check_not_ended(ended_on: date | None, day: date, field: str) -> None:
    """Refuse a step dated after the end of the accompaniment. Raises RuleViolation on `field`."""
    if ended_on is not None and day > ended_on:
        raise RuleViolation(field, "L’accompagnement a pris fin le %(day)s.", day=ended_on.strftime("%d/%m/%Y"))


def prefix_of(last_number: str | None, programme_code: str) -> str:
    """Return how the numbers of a programme begin: as its last case's, or as its code ends when it has none."""
    match = NUMBER.fullmatch(last_number or "")
    return match["prefix"] if match else programme_code.rpartition("-")[2][:16]


def next_number(prefix: str, year: int, taken: Iterable[str]) -> str:
    """Return `PREFIX-YYYY-NNN`, one more than the highest of that prefix and year among `taken`."""
    matches = (NUMBER.fullmatch(number) for number in taken)
    ranks = (int(m["rank"]) for m in matches if m and m["prefix"] == prefix and int(m["year"]) == year)
    return f"{prefix}-{year}-{max(ranks, default=0) + 1:03d}"


def check_move(moved_in_on: date | None, today: date) -> None:
    """Refuse a move announced too far ahead to be true. Raises RuleViolation on `moved_in_on`."""
    if moved_in_on is not None and moved_in_on > today + FARTHEST_MOVE:
        raise RuleViolation("moved_in_on", "Cette entrée est dans plus d’un an : vérifiez l’année.")


def check_suspension(
    from_on: date, to_on: date | None, others: Iterable[tuple[date, date | None]], today: date
) -> None:
    """Refuse a pause that ends before it starts, meets another, or starts too far ahead.

    `others` are the pauses noted before, from a day to a day (both included; None: not resumed yet).
    Raises RuleViolation on `from_on` or `to_on`.
    """
    if from_on > today + FARTHEST_MOVE:
        raise RuleViolation("from_on", "Cette date est dans plus d’un an : vérifiez l’année.")
    if to_on is not None and to_on < from_on:
        raise RuleViolation("to_on", "La suspension finirait avant de commencer.")
    for start, end in others:
        if (end is None or from_on <= end) and (to_on is None or start <= to_on):
            raise RuleViolation(
                "from_on", "Une suspension court déjà à partir du %(day)s.", day=start.strftime("%d/%m/%Y")
            )


def check_resumption(from_on: date, resumed_on: date, today: date) -> None:
    """Refuse to resume ahead, or on the day of the pause itself. Raises RuleViolation on `resumed_on`."""
    check_not_future("resumed_on", resumed_on, today)
    if resumed_on <= from_on:
        raise RuleViolation(
            "resumed_on", "L’accompagnement est suspendu depuis le %(day)s.", day=from_on.strftime("%d/%m/%Y")
        )


def check_nothing_before(field: str, referred_on: date, first_fact_on: date | None) -> None:
    """Refuse to move a referral past what was noted since. Raises RuleViolation on `field`."""
    if first_fact_on is not None and first_fact_on < referred_on:
        raise RuleViolation(
            field, "Un fait est déjà noté pour ce ménage le %(day)s.", day=first_fact_on.strftime("%d/%m/%Y")
        )


def check_version_move(
    number: int, present: int, starts_on: date | None, reason: str, ended_on: date | None, today: date
) -> None:
    """Refuse to move a case to the version it follows, to one that is not there or not in force yet, or without motive.

    `starts_on` is the first day of the version `number`, None when the programme has none of that number. Raises
    RuleViolation on `number` or `reason`.
    """
    if starts_on is None:
        raise RuleViolation("number", "Choisissez une version de ce dispositif.")
    if number == present:
        raise RuleViolation("number", "Ce ménage suit déjà la version %(number)s.", number=number)
    if starts_on > today:
        raise RuleViolation(
            "number", "Cette version n’est en vigueur qu’à partir du %(day)s.", day=starts_on.strftime("%d/%m/%Y")
        )
    check_not_ended(ended_on, today, "number")
    if not reason:
        raise RuleViolation("reason", "Dites en quelques mots pourquoi.")


def check_benefit(rent_cents: int, charges_cents: int, benefit_cents: int) -> None:
    """Refuse a housing benefit above what housing costs, where that is known. Raises RuleViolation on `benefit_cents`."""
    if 0 < rent_cents + charges_cents < benefit_cents:
        raise RuleViolation(
            "benefit_cents", "L’aide au logement dépasse le loyer et les charges\u00a0: vérifiez les montants."
        )


def check_secret(field: str, is_protected: bool, value: str | None) -> None:
    """Refuse an address or a telephone on the file of a household whose address is secret."""
    if is_protected and value:
        raise RuleViolation(
            field,
            "L’adresse de ce ménage est protégée : ceci se note dans « Adresse protégée », et nulle part ailleurs.",
        )


def may_withdraw(
    recorded_on: date, author_id: int | None, actor_id: int | None, today: date, *, is_manager: bool
) -> bool:
    """Tell whether what was noted may be taken back: by who noted it, on the day itself; by a manager at any time."""
    return is_manager or (actor_id is not None and author_id == actor_id and recorded_on == today)
