"""Which slot is due, on days of 23, 24 and 25 hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from casework.scheduler.rules import ATTEMPTS, GIVEN_UP_AFTER, due_slot, may_claim

NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "at", "slot"),
    [
        # Winter: Paris is one hour ahead of UTC.
        ("2026-01-15T03:14:59", "04:15", "2026-01-14"),
        ("2026-01-15T03:15:00", "04:15", "2026-01-15"),
        ("2026-01-14T23:30:00", "04:15", "2026-01-14"),
        ("2026-01-14T23:30:00", "00:15", "2026-01-15"),
        # Summer: two hours.
        ("2026-07-15T02:14:59", "04:15", "2026-07-14"),
        ("2026-07-15T02:15:00", "04:15", "2026-07-15"),
        ("2026-07-14T22:15:00", "00:15", "2026-07-15"),
        # 29 March has 23 hours: 02:00 is 03:00.
        ("2026-03-29T00:59:59", "04:15", "2026-03-28"),
        ("2026-03-29T02:14:59", "04:15", "2026-03-28"),
        ("2026-03-29T02:15:00", "04:15", "2026-03-29"),
        ("2026-03-29T01:00:00", "03:00", "2026-03-29"),
        # 25 October has 25 hours: 03:00 is 02:00 again.
        ("2026-10-25T01:30:00", "04:15", "2026-10-24"),
        ("2026-10-25T03:14:59", "04:15", "2026-10-24"),
        ("2026-10-25T03:15:00", "04:15", "2026-10-25"),
        # New year, and a leap day.
        ("2026-12-31T23:59:00", "04:15", "2026-12-31"),
        ("2028-02-29T03:15:00", "04:15", "2028-02-29"),
        ("2028-03-01T03:14:00", "04:15", "2028-02-29"),
    ],
)
def test_the_slot_that_is_due_is_the_last_day_whose_time_has_passed_in_paris(now: str, at: str, slot: str) -> None:
    assert due_slot(datetime.fromisoformat(now).replace(tzinfo=UTC), at) == slot


@pytest.mark.parametrize("at", ["00:00", "00:15", "01:59", "03:00", "04:15", "23:59"])
def test_every_day_of_a_year_has_exactly_one_slot(at: str) -> None:
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    slots = [due_slot(start + timedelta(minutes=20 * tick), at) for tick in range(365 * 72)]
    changes = [slot for before, slot in pairwise(slots) if slot != before]

    assert len(changes) == len(set(changes)) == 365
    assert changes == sorted(changes)


@pytest.mark.parametrize(
    ("age", "ended", "failed", "attempts", "expected"),
    [
        (timedelta(0), False, False, 1, False),
        (GIVEN_UP_AFTER, False, False, 1, False),
        (GIVEN_UP_AFTER + timedelta(seconds=1), False, False, 1, True),
        (GIVEN_UP_AFTER + timedelta(seconds=1), False, False, ATTEMPTS, False),
        (timedelta(seconds=20), True, True, 1, True),
        (timedelta(seconds=20), True, True, ATTEMPTS - 1, True),
        (timedelta(seconds=20), True, True, ATTEMPTS, False),
        (timedelta(days=3), True, False, 1, False),
    ],
)
def test_a_slot_is_claimed_anew_only_after_a_failure_or_a_long_silence(
    age: timedelta, ended: bool, failed: bool, attempts: int, expected: bool
) -> None:
    assert may_claim(NOON, NOON - age, failed=failed, ended=ended, attempts=attempts) is expected
