from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.kernel.procedural_delays import (
    easter,
    is_working_day,
    on_or_next_working_day,
    procedural_end,
    public_holidays,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
DEPARTMENTS = st.sampled_from(["", "17", "2A", "57", "67", "68", "971", "972", "973", "974", "976", "977", "978"])
# The three that move, as calendars print them: Easter Monday, Ascension, Whit Monday.
MOVING = {
    2008: ((3, 24), (5, 1), (5, 12)),  # Ascension and Labour Day on one day
    2011: ((4, 25), (6, 2), (6, 13)),
    2016: ((3, 28), (5, 5), (5, 16)),
    2019: ((4, 22), (5, 30), (6, 10)),
    2020: ((4, 13), (5, 21), (6, 1)),
    2021: ((4, 5), (5, 13), (5, 24)),
    2022: ((4, 18), (5, 26), (6, 6)),
    2023: ((4, 10), (5, 18), (5, 29)),
    2024: ((4, 1), (5, 9), (5, 20)),
    2025: ((4, 21), (5, 29), (6, 9)),
    2026: ((4, 6), (5, 14), (5, 25)),
    2027: ((3, 29), (5, 6), (5, 17)),
    2028: ((4, 17), (5, 25), (6, 5)),
    2030: ((4, 22), (5, 30), (6, 10)),
}
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1818, 3, 22),  # the earliest
        (1943, 4, 25),  # the latest
        (1954, 4, 18),
        (1961, 4, 2),
        (1981, 4, 19),
        (2000, 4, 23),
        (2008, 3, 23),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2038, 4, 25),
        (2049, 4, 18),
        (2076, 4, 19),
    ],
)
def test_easter_falls_where_the_church_keeps_it(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


@given(st.integers(1583, 4000))
def test_easter_is_a_sunday_from_22_march_to_25_april(year: int) -> None:
    sunday = easter(year)

    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


@pytest.mark.parametrize("year", MOVING)
def test_all_france_has_the_eleven_days_of_the_law(year: int) -> None:
    expected = {date(year, *day) for day in (*FIXED, *MOVING[year])}

    assert public_holidays(year) == public_holidays(year, "17") == public_holidays(year, "2A") == expected
    assert len(expected) == (10 if year == 2008 else 11)


@pytest.mark.parametrize("department", ["57", "67", "68"])
@pytest.mark.parametrize(("year", "month", "day"), [(2024, 3, 29), (2025, 4, 18), (2026, 4, 3), (2027, 3, 26)])
def test_alsace_moselle_keeps_good_friday_and_the_second_day_of_christmas(
    department: str, year: int, month: int, day: int
) -> None:
    own = public_holidays(year, department) - public_holidays(year)

    assert own == {date(year, month, day), date(year, 12, 26)}


@pytest.mark.parametrize(
    ("department", "month", "day"),
    [
        ("971", 5, 27),
        ("972", 5, 22),
        ("973", 6, 10),
        ("974", 12, 20),
        ("976", 4, 27),
        ("977", 10, 9),
        ("978", 5, 28),
    ],
)
def test_overseas_the_abolition_of_slavery_is_kept_on_its_own_day(department: str, month: int, day: int) -> None:
    assert public_holidays(2026, department) - public_holidays(2026) == {date(2026, month, day)}


@pytest.mark.parametrize(
    ("day", "department", "is_working"),
    [
        (date(2026, 3, 30), "17", True),
        (date(2026, 4, 3), "17", True),  # Good Friday
        (date(2026, 4, 3), "67", False),
        (date(2026, 4, 4), "17", False),  # a Saturday
        (date(2026, 4, 5), "17", False),
        (date(2026, 4, 6), "17", False),  # Easter Monday
        (date(2025, 12, 26), "17", True),
        (date(2025, 12, 26), "57", False),
        (date(2026, 5, 27), "", True),
        (date(2026, 5, 27), "971", False),
        (date(2026, 12, 31), "", True),
    ],
)
def test_a_working_day_is_neither_weekend_nor_holiday(day: date, department: str, is_working: bool) -> None:
    assert is_working_day(day, department) == is_working


@pytest.mark.parametrize(
    ("start", "delay", "department", "end"),
    [
        # a commandement: six weeks, two months
        (date(2026, 3, 2), {"weeks": 6}, "17", date(2026, 4, 13)),
        (date(2026, 2, 23), {"weeks": 6}, "17", date(2026, 4, 7)),  # 6 April is Easter Monday
        (date(2026, 3, 14), {"months": 2}, "17", date(2026, 5, 15)),  # 14 May is Ascension; the 15th is a Friday
        (date(2026, 3, 1), {"months": 2}, "17", date(2026, 5, 4)),  # 1 May, then a weekend
        (date(2025, 12, 31), {"months": 2}, "17", date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2023, 12, 31), {"months": 2}, "17", date(2024, 2, 29)),
        (date(2025, 10, 25), {"months": 2}, "17", date(2025, 12, 26)),
        (date(2025, 10, 25), {"months": 2}, "68", date(2025, 12, 29)),  # two days of Christmas, then a weekend
        (date(2026, 3, 19), {"days": 15}, "57", date(2026, 4, 7)),  # from Good Friday to the Tuesday after Easter
        (date(2026, 3, 19), {"days": 15}, "17", date(2026, 4, 3)),
        (date(2026, 4, 27), {"months": 1}, "971", date(2026, 5, 28)),
        (date(2026, 4, 27), {"months": 1}, "974", date(2026, 5, 27)),
        # months first, then days; a part that falls on a holiday does not move the rest
        (date(2026, 1, 31), {"months": 1, "days": 3}, "17", date(2026, 3, 3)),
        (date(2026, 3, 6), {"months": 1, "days": 2}, "17", date(2026, 4, 8)),
        (date(2025, 11, 1), {"months": 2}, "17", date(2026, 1, 2)),
    ],
)
def test_a_procedural_delay_that_ends_on_no_working_day_runs_to_the_next(
    start: date, delay: dict[str, int], department: str, end: date
) -> None:
    assert procedural_end(start, **delay, department=department) == end


@given(DAYS, DEPARTMENTS)
def test_the_next_working_day_is_the_first_that_is_one(day: date, department: str) -> None:
    found = on_or_next_working_day(day, department)

    assert is_working_day(found, department)
    assert not any(is_working_day(day + timedelta(days=n), department) for n in range((found - day).days))
    assert (found - day).days <= 5


@pytest.mark.parametrize("delay", [{}, {"months": -1}, {"weeks": -6}, {"days": 0}, {"months": 1, "days": -1}])
def test_a_delay_that_does_not_run_forward_is_refused(delay: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="longer than nil"):
        procedural_end(date(2026, 3, 30), **delay, department="17")
