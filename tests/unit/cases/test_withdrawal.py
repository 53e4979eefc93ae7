from __future__ import annotations

from datetime import date

import pytest

from casework.cases.rules import may_withdraw

TODAY = date(2026, 3, 30)


@pytest.mark.parametrize(
    ("recorded_on", "author_id", "actor_id", "is_manager", "allowed"),
    [
        (TODAY, 7, 7, False, True),
        (TODAY, 7, 8, False, False),
        (date(2026, 3, 29), 7, 7, False, False),
        (TODAY, None, 7, False, False),  # imported: nobody here noted it
        (TODAY, None, None, False, False),
        (date(2024, 1, 1), 7, 8, True, True),
        (date(2024, 1, 1), None, 8, True, True),
    ],
)
def test_what_was_noted_is_taken_back_the_same_day_by_its_author_or_at_any_time_by_a_manager(
    recorded_on: date, author_id: int | None, actor_id: int | None, is_manager: bool, allowed: bool
) -> None:
    assert may_withdraw(recorded_on, author_id, actor_id, TODAY, is_manager=is_manager) == allowed
