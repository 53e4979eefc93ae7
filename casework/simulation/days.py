"""Days of a simulated history: working days between limits, and the days of a limit given in months."""

from datetime import date, timedelta

from casework.kernel.calendar import add_months
from casework.kernel.procedural_delays import is_working_day

DAY = timedelta(days=1)
_MONTH_DAYS = 30


def working_day(day: date, low: date, high: date) -> date:
    """Return the working day next to `day`, before it rather than after, from `low` to `high`.

    Without any between the two, the day itself kept within them.
    """
    day = min(max(day, low), high)
    near = (day + sign * away * DAY for away in range(8) for sign in (-1, 1))
    return next((found for found in near if low <= found <= high and is_working_day(found)), day)


def months_and_part(start: date, months: float) -> date:
    """Return the day `months` months after `start`; a part of a month counts in days."""
    whole = int(months)
    return add_months(start, whole) + int((months - whole) * _MONTH_DAYS) * DAY
