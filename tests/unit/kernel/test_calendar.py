from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.kernel.calendar import (
    add_months,
    age_on,
    last_complete_month,
    month_end,
    month_start,
    months_touched,
    period_end_from,
)

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(1999, 12, 31), 2, date(2000, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
        (date(2026, 4, 30), -2, date(2026, 2, 28)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
        (date(2026, 1, 1), -13, date(2024, 12, 1)),
    ],
)
def test_n_months_later_is_the_same_day_number_or_the_last_day_of_the_month(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected


def test_months_are_counted_from_the_first_date_and_never_through_a_shortened_one() -> None:
    start = date(2025, 12, 31)

    assert [add_months(start, n) for n in (2, 4, 6)] == [date(2026, 2, 28), date(2026, 4, 30), date(2026, 6, 30)]
    assert add_months(add_months(start, 2), 2) != add_months(start, 4)


@given(DAYS, st.integers(-240, 240))
def test_adding_months_lands_in_the_month_that_many_further_on(day: date, months: int) -> None:
    there = add_months(day, months)

    assert there.year * 12 + there.month == day.year * 12 + day.month + months
    assert there.day == day.day or (there.day < day.day and there == month_end(there))


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2024, 2, 10), date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 2, 1), date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_has_a_first_and_a_last_day(day: date, first: date, last: date) -> None:
    assert (month_start(day), month_end(day)) == (first, last)


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2026, 3, 31), date(2026, 3, 1)),  # a rent line is known from the last day of its month
        (date(2026, 3, 30), date(2026, 2, 1)),
        (date(2026, 1, 1), date(2025, 12, 1)),
        (date(2024, 2, 28), date(2024, 1, 1)),
        (date(2024, 2, 29), date(2024, 2, 1)),
        (date(2026, 2, 28), date(2026, 2, 1)),
    ],
)
def test_the_last_complete_month_ends_on_the_day_or_before(day: date, month: date) -> None:
    assert last_complete_month(day) == month


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2025, 1, 31), date(2025, 2, 1), 2),
        (date(2025, 1, 1), date(2025, 1, 31), 1),
        (date(2025, 6, 15), date(2025, 6, 15), 1),
        (date(2025, 1, 1), date(2025, 12, 31), 12),
        (date(2024, 12, 31), date(2026, 1, 1), 14),
        (date(2025, 2, 1), date(2025, 1, 31), 0),
    ],
)
def test_a_month_counts_when_one_of_its_days_does(first: date, last: date, count: int) -> None:
    assert months_touched(first, last) == count


@given(DAYS, st.integers(0, 800))
def test_months_touched_are_those_met_walking_day_by_day(first: date, length: int) -> None:
    days = [first + timedelta(days=n) for n in range(length + 1)]

    assert months_touched(first, days[-1]) == len({(day.year, day.month) for day in days})


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2010, 3, 30), date(2026, 3, 30), 16),
        (date(2010, 3, 31), date(2026, 3, 30), 15),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2026, 3, 30), date(2026, 3, 30), 0),
    ],
)
def test_age_turns_on_the_birthday(born_on: date, day: date, age: int) -> None:
    assert age_on(born_on, day) == age


@pytest.mark.parametrize(
    ("start", "day", "end"),
    [
        (date(2025, 10, 1), date(2025, 10, 1), date(2026, 4, 1)),
        (date(2025, 10, 1), date(2026, 4, 1), date(2026, 4, 1)),  # the last day still belongs to its period
        (date(2025, 10, 1), date(2026, 4, 2), date(2026, 10, 1)),
        (date(2025, 8, 31), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2025, 8, 31), date(2026, 3, 1), date(2026, 8, 31)),  # back to the 31st: never through the 28th
        (date(2023, 8, 31), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2026, 10, 1), date(2026, 3, 30), date(2027, 4, 1)),  # a stage that starts later has its first period
    ],
)
def test_a_period_ends_on_the_day_or_after(start: date, day: date, end: date) -> None:
    assert period_end_from(start, 6, day) == end


@given(DAYS, st.integers(1, 24), st.integers(-400, 4000))
def test_the_period_found_is_the_first_of_all_that_qualifies(start: date, months: int, later: int) -> None:
    day = start + timedelta(days=later)
    number = 1
    while add_months(start, number * months) < day:
        number += 1

    assert period_end_from(start, months, day) == add_months(start, number * months)
