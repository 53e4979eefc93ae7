"""When a reassessment can be held, and what it may say."""

from collections.abc import Mapping
from datetime import date

from casework.kernel.errors import RuleViolation
from casework.reassessments.vocabulary import LEVEL_LABELS, Domain


def check_contract_signed(field: str, day: date, signed_on: date | None) -> None:
    """Refuse a reassessment without a contract signed by that day. Raises RuleViolation on `field`."""
    if signed_on is None:
        raise RuleViolation(field, "Une réévaluation suit un contrat : signez d’abord le contrat tripartite.")
    if day < signed_on:
        raise RuleViolation(
            field, "Le contrat est signé le %(day)s : la réévaluation vient après.", day=signed_on.strftime("%d/%m/%Y")
        )


def check_once_a_day(field: str, *, already_held: bool) -> None:
    """Refuse a second reassessment on the same day. Raises RuleViolation on `field`."""
    if already_held:
        raise RuleViolation(field, "Une réévaluation est déjà notée à cette date.")


def check_levels(levels: Mapping[Domain, int]) -> None:
    """Refuse a level that the scale does not have. Raises RuleViolation on the field of its domain."""
    for domain, level in levels.items():
        if level not in LEVEL_LABELS:
            raise RuleViolation(level_field(domain), "Choisissez un niveau de 1 à 4.")


def level_field(domain: Domain) -> str:
    """Return the name of the form field that holds the level of a domain."""
    return f"level_{domain.value.lower()}"
