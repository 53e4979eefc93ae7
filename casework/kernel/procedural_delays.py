"""Procedural delays: public holidays, working days, and the end of a delay that runs on to the next working day.

The delays of alerts do not move (rules of the house); those of a procedure (commandement, assignation, hearing, social
and financial diagnosis) and that of the answer to a person's request do. Every function is pure: dates and a département in, dates out.

The table of holidays is our own: the law fits on ten lines, while the libraries that carry it bring every country
along, and count among the holidays days that are kept by local custom only.
"""

from datetime import date, timedelta
from functools import lru_cache

from casework.kernel.calendar import add_months

# Code du travail, L3133-1: 1 January, 1 May, 8 May, 14 July, 15 August, 1 and 11 November, 25 December.
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# The same article: Easter Monday, Ascension, Whit Monday, in days after Easter Sunday.
_AFTER_EASTER = (1, 39, 50)
# Code du travail, L3134-13: Good Friday and the second day of Christmas, in Moselle, Bas-Rhin and Haut-Rhin.
_ALSACE_MOSELLE = frozenset({"57", "67", "68"})
_GOOD_FRIDAY = -2
# Code du travail, L3422-2: the day on which the abolition of slavery is commemorated.
_ABOLITION = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    # Kept on 28 May since 2018 by order of the prefecture; the letter of the article still joins it to Guadeloupe.
    "978": (5, 28),
}


def easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian year (the method that Meeus gives, Astronomical Algorithms, chapter 8)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leap_centuries, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap_centuries - correction + 15) % 30
    leap_years, in_cycle = divmod(of_century, 4)
    to_sunday = (32 + 2 * rest + 2 * leap_years - moon - in_cycle) % 7
    shift = (golden + 11 * moon + 22 * to_sunday) // 451
    month, day = divmod(moon + to_sunday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def public_holidays(year: int, department: str = "") -> frozenset[date]:
    """Return the public holidays of a year in a département, by the law of today (whatever it was in that year).

    `department` is the code as the post writes it: "17", "2A", "67", "971"; 977 is Saint-Barthélemy, 978 Saint-Martin.
    One that has no day of its own, or "", has those of all France. Good Friday counts in the whole of Moselle, Bas-Rhin
    and Haut-Rhin, where the law gives it to the communes with a Protestant or a shared church. Sources: Code du
    travail, L3133-1, L3134-13, L3422-2.
    """
    sunday = easter(year)
    days = {date(year, *fixed) for fixed in _FIXED} | {sunday + timedelta(days=after) for after in _AFTER_EASTER}
    if department in _ALSACE_MOSELLE:
        days |= {sunday + timedelta(days=_GOOD_FRIDAY), date(year, 12, 26)}
    if department in _ABOLITION:
        days.add(date(year, *_ABOLITION[department]))
    return frozenset(days)


def is_working_day(day: date, department: str = "") -> bool:
    """Tell whether a procedural delay may end on `day`: no Saturday, no Sunday, no public holiday of the département.

    Source: Code de procédure civile, article 642.
    """
    return day.weekday() < 5 and day not in public_holidays(day.year, department)


def on_or_next_working_day(day: date, department: str = "") -> date:
    """Return `day` when it is a working day in the département, else the next one that is.

    Source: Code de procédure civile, article 642.
    """
    while not is_working_day(day, department):
        day += timedelta(days=1)
    return day


def procedural_end(start: date, *, months: int = 0, weeks: int = 0, days: int = 0, department: str = "") -> date:
    """Return the last day of a procedural delay that an act of `start` sets running; the day of the act counts for nothing.

    Months are counted first: same day number, or the last day of a month that has none; then weeks and days. An end
    that is no working day in the département runs on to the next one; only the end does, never a part. Raises
    ValueError for a delay that is not longer than nil: one that is counted backwards ends by other rules.
    Source: Code de procédure civile, articles 641 and 642.
    """
    if min(months, weeks, days) < 0 or months + weeks + days == 0:
        raise ValueError("a procedural delay is longer than nil")
    end = add_months(start, months) + timedelta(weeks=weeks, days=days)
    return on_or_next_working_day(end, department)
