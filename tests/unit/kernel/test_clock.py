from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.kernel.clock import PARIS, FixedClock, SystemClock, paris_date


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 1, 15, 22, 59, 59, tzinfo=UTC), date(2026, 1, 15)),  # winter: one hour ahead
        (datetime(2026, 1, 15, 23, 0, tzinfo=UTC), date(2026, 1, 16)),
        (datetime(2026, 7, 15, 21, 59, 59, tzinfo=UTC), date(2026, 7, 15)),  # summer: two hours ahead
        (datetime(2026, 7, 15, 22, 0, tzinfo=UTC), date(2026, 7, 16)),
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),  # the short night
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),  # the long night
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), date(2026, 1, 1)),
    ],
)
def test_the_civil_date_is_that_of_paris(instant: datetime, day: date) -> None:
    assert paris_date(instant) == day
    assert FixedClock(instant).today() == day


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 1, 1), date(2024, 2, 29)])
def test_a_clock_set_on_a_day_stands_on_it_and_tells_utc(day: date) -> None:
    clock = FixedClock.on(day)

    assert clock.today() == day
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.now().astimezone(PARIS).hour == 10


def test_the_clock_of_the_machine_tells_utc_and_the_day_of_paris() -> None:
    clock = SystemClock()

    before, day, after = clock.now(), clock.today(), clock.now()

    assert before.utcoffset() == timedelta(0)
    assert paris_date(before) <= day <= paris_date(after)
    assert timedelta(0) <= after - before < timedelta(minutes=1)
