from __future__ import annotations

from datetime import date, timedelta

import pytest

from casework.cases.rules import (
    check_move,
    check_not_before_referral,
    check_not_ended,
    check_not_future,
    check_nothing_before,
    check_resumption,
    check_suspension,
    next_number,
    prefix_of,
)
from casework.kernel.errors import RuleViolation

TODAY = date(2026, 3, 30)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("last", "code", "prefix"),
    [
        ("SAI-2025-041", "F-SEMIS", "SAI"),
        ("LES-PINS-2024-7", "F-SEMIS", "LES-PINS"),
        (None, "F-SEMIS", "SEMIS"),
        ("dossier 12", "F-SEMIS", "SEMIS"),
        (None, "AVDL", "AVDL"),
    ],
)
def test_a_number_begins_as_the_last_one_of_the_programme_or_as_its_code_ends(
    last: str | None, code: str, prefix: str
) -> None:
    assert prefix_of(last, code) == prefix


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        ([], "SAI-2026-001"),
        (["SAI-2026-001", "SAI-2026-003"], "SAI-2026-004"),
        (["SAI-2025-099", "BOI-2026-050"], "SAI-2026-001"),
        (["SAI-2026-009", "SAI-2026-010", "SAI-2026-9bis"], "SAI-2026-011"),
        (["SAI-2026-999"], "SAI-2026-1000"),
    ],
)
def test_the_next_number_is_one_more_than_the_highest_of_prefix_and_year(taken: list[str], number: str) -> None:
    assert next_number("SAI", 2026, taken) == number


def test_a_fact_may_be_of_today_and_not_of_tomorrow() -> None:
    check_not_future("on", TODAY, TODAY)
    with pytest.raises(RuleViolation, match="avenir"):
        check_not_future("on", TODAY + DAY, TODAY)


def test_a_fact_may_be_of_the_day_of_the_referral_and_not_of_the_day_before() -> None:
    check_not_before_referral("on", TODAY, TODAY)
    with pytest.raises(RuleViolation, match="30/03/2026"):
        check_not_before_referral("on", TODAY - DAY, TODAY)


def test_a_step_may_be_of_the_last_day_and_not_of_the_day_after() -> None:
    check_not_ended(None, TODAY, "on")
    check_not_ended(TODAY, TODAY, "on")
    with pytest.raises(RuleViolation, match="pris fin le 30/03/2026"):
        check_not_ended(TODAY, TODAY + DAY, "on")


def test_a_referral_cannot_move_past_the_first_fact() -> None:
    check_nothing_before("referred_on", TODAY, None)
    check_nothing_before("referred_on", TODAY, TODAY)
    with pytest.raises(RuleViolation, match="29/03/2026"):
        check_nothing_before("referred_on", TODAY, TODAY - DAY)


def test_a_move_may_be_announced_a_year_ahead_at_most() -> None:
    check_move(None, TODAY)
    check_move(TODAY + 366 * DAY, TODAY)
    with pytest.raises(RuleViolation) as refused:
        check_move(TODAY + 367 * DAY, TODAY)
    assert refused.value.field == "moved_in_on"


@pytest.mark.parametrize(
    ("from_on", "to_on", "others", "field"),
    [
        (TODAY, None, [], None),
        (TODAY, TODAY, [], None),
        (TODAY, TODAY - DAY, [], "to_on"),
        (TODAY + 367 * DAY, None, [], "from_on"),
        (TODAY, None, [(TODAY - 9 * DAY, TODAY - DAY)], None),
        (TODAY, None, [(TODAY - 9 * DAY, TODAY)], "from_on"),
        (TODAY, None, [(TODAY - 9 * DAY, None)], "from_on"),
        (TODAY, TODAY + DAY, [(TODAY + 2 * DAY, None)], None),
        (TODAY, TODAY + 2 * DAY, [(TODAY + 2 * DAY, None)], "from_on"),
        (TODAY, None, [(TODAY + 2 * DAY, TODAY + 3 * DAY)], "from_on"),
    ],
)
def test_pauses_have_two_ends_in_order_and_never_meet(
    from_on: date, to_on: date | None, others: list[tuple[date, date | None]], field: str | None
) -> None:
    if field is None:
        check_suspension(from_on, to_on, others, TODAY)
        return
    with pytest.raises(RuleViolation) as refused:
        check_suspension(from_on, to_on, others, TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(("resumed_on", "sound"), [(TODAY, True), (TODAY + DAY, False), (TODAY - 9 * DAY, False)])
def test_one_resumes_after_the_first_day_of_the_pause_and_not_ahead(resumed_on: date, sound: bool) -> None:
    if sound:
        check_resumption(TODAY - 9 * DAY, resumed_on, TODAY)
        return
    with pytest.raises(RuleViolation):
        check_resumption(TODAY - 9 * DAY, resumed_on, TODAY)
