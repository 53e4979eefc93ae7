"""Calendar arithmetic on civil dates (rules of the house: see docs/glossary.md, « échéance »)."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """Return the date `months` calendar months after `day` (before it when negative).

    Same day number, or the last day of that month when it has no such day: 31 December + 2 months is
    28 or 29 February. Always count from the original date, never from an already clamped one.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_start(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def last_complete_month(day: date) -> date:
    """Return the first day of the last month that ends on or before `day`."""
    return month_start(day) if day == month_end(day) else add_months(month_start(day), -1)


def months_touched(first: date, last: date) -> int:
    """Return the number of calendar months with at least one day from `first` to `last`; 0 when `last` is before."""
    if last < first:
        return 0
    return (last.year - first.year) * 12 + last.month - first.month + 1


def age_on(born_on: date, day: date) -> int:
    """Return the age in whole years on `day` of somebody born on `born_on`."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def period_end_from(start: date, months: int, day: date) -> date:
    """Return the end of the first period of `months` months, counted from `start`, that ends on or after `day`.

    The n-th period ends at `start` + n × `months` (n ≥ 1).
    """
    number = max(1, ((day.year - start.year) * 12 + day.month - start.month) // months)
    end = add_months(start, number * months)
    while end < day:
        number += 1
        end = add_months(start, number * months)
    return end
