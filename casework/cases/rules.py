"""Dates that can be: rules shared by every step of the path."""

from datetime import date

from casework.kernel.errors import RuleViolation


def check_not_future(field: str, day: date, today: date) -> None:
    """Refuse a fact dated after today. Raises RuleViolation on `field`."""
    if day > today:
        raise RuleViolation(field, "Cette date est dans l’avenir : on note ici ce qui a eu lieu.")


def check_not_before_referral(field: str, day: date, referred_on: date) -> None:
    """Refuse a fact dated before the referral. Raises RuleViolation on `field`."""
    if day < referred_on:
        raise RuleViolation(
            field, "Cette date est avant l’orientation du ménage (%(day)s).", day=referred_on.strftime("%d/%m/%Y")
        )


def check_not_ended(ended_on: date | None, day: date, field: str) -> None:
    """Refuse a step dated after the end of the accompaniment. Raises RuleViolation on `field`."""
    if ended_on is not None and day > ended_on:
        raise RuleViolation(field, "L’accompagnement a pris fin le %(day)s.", day=ended_on.strftime("%d/%m/%Y"))
