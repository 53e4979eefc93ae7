"""The checker's own arithmetic: whoever checks must not count with the fingers of who is checked."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from casework.programmes.definition.parts import Cadence, Definition
from casework.programmes.terms import national_parameters

DAY = timedelta(days=1)
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_UNIT_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_CONTACTS = {"contact", "home_visit", "meeting"}


def after_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or the last day of that month."""
    number = day.year * 12 + (day.month - 1) + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def end_of_month(day: date) -> date:
    """Return the last day of the month of `day`."""
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])


def age(born_on: date, day: date) -> int:
    """Return an age in whole years."""
    had_birthday = (day.month, day.day) >= (born_on.month, born_on.day)
    return day.year - born_on.year - (0 if had_birthday else 1)


def number(definition: Definition, key: str, day: date) -> int:
    """Return a number that the definition states, or the national one of the day."""
    stated: Mapping[str, int] = definition.parameters
    if key in stated:
        return stated[key]
    dated = sorted((p for p in national_parameters() if p.key == key), key=lambda p: p.valid_from)
    held = [p for p in dated if p.valid_from <= day and (p.valid_to is None or p.valid_to >= day)]
    return held[-1].value if held else dated[0].value


def contact_rhythm(definition: Definition, day: date) -> list[tuple[int, int]]:
    """Return (months after the contract, days between two contacts), the national rhythm where none is stated."""
    rhythm: dict[int, int] = {}
    for cadence in definition.cadences:
        days = _days(cadence) if cadence.what in _CONTACTS else None
        if days is not None:
            rhythm[cadence.from_month] = min(days, rhythm.get(cadence.from_month, days))
    return sorted(rhythm.items()) or [(0, number(definition, "contact_every_days", day))]


def _days(cadence: Cadence) -> int | None:
    if cadence.every is None or cadence.unit is None:
        return None
    if cadence.times is None:
        return max(1, cadence.every * _UNIT_DAYS[cadence.unit])
    return max(1, cadence.every * _UNIT_DAYS[cadence.unit] // cadence.times) if cadence.at_least else None


def reassessment_months(definition: Definition, day: date) -> int:
    """Return the months between two reassessments, the national number where none is stated."""
    for cadence in definition.cadences:
        if cadence.what == "reassessment" and cadence.every and cadence.times is None and cadence.unit in _UNIT_MONTHS:
            return cadence.every * _UNIT_MONTHS[cadence.unit]
    return number(definition, "reassess_every_months", day)
