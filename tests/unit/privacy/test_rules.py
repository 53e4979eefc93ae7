from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from casework.privacy.rules import (
    Keeping,
    Known,
    answer_due_on,
    batches,
    due_on,
    is_over,
    last_contact_on,
    may_be_anonymised,
    wants_notice,
)

KEEPING = Keeping(active_months=24, notice_days=30)
ENDED = Known(
    case_id=1,
    number="A-1",
    referred_on=date(2022, 1, 10),
    ended_on=date(2024, 3, 1),
    contract_on=date(2022, 2, 1),
    contacts=(date(2024, 2, 29), date(2022, 1, 20), None, date(2022, 2, 1)),
)


def test_the_last_contact_is_the_last_fact_with_the_person_and_the_referral_where_there_is_none() -> None:
    assert last_contact_on(ENDED) == date(2024, 2, 29)
    assert last_contact_on(replace(ENDED, contacts=(None, None))) == date(2022, 1, 10)


@pytest.mark.parametrize(
    ("known", "over"),
    [
        (ENDED, True),
        (replace(ENDED, ended_on=None), False),
        (replace(ENDED, ended_on=None, contract_on=None), True),
    ],
)
def test_a_running_accompaniment_is_never_over(known: Known, over: bool) -> None:
    assert is_over(known) is over
    assert (due_on(known, KEEPING) is not None) is over


def test_a_file_stays_for_two_years_after_the_last_contact_and_an_archive_keeps_it_longer() -> None:
    assert due_on(ENDED, KEEPING) == date(2026, 2, 28)
    archived = replace(ENDED, archived_on=date(2026, 1, 1), archived_until=date(2029, 1, 1))
    assert due_on(archived, KEEPING) == date(2029, 1, 1)
    short = replace(ENDED, archived_on=date(2025, 1, 1), archived_until=date(2025, 6, 1))
    assert due_on(short, KEEPING) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("day", "noticed_on", "notice", "anonymised"),
    [
        (date(2026, 1, 28), None, False, False),
        (date(2026, 1, 29), None, True, False),
        (date(2026, 3, 1), None, True, False),  # nobody was told
        (date(2026, 2, 28), date(2026, 1, 29), False, False),  # its last good day
        (date(2026, 3, 1), date(2026, 1, 29), False, True),
        (date(2026, 3, 1), date(2026, 2, 15), False, False),  # told late: thirty days all the same
        (date(2026, 3, 17), date(2026, 2, 15), False, True),
    ],
)
def test_the_referent_is_told_thirty_days_before(
    day: date, noticed_on: date | None, notice: bool, anonymised: bool
) -> None:
    known = replace(ENDED, noticed_on=noticed_on)

    assert wants_notice(known, KEEPING, day) is notice
    assert may_be_anonymised(known, KEEPING, day) is anonymised


def test_many_are_treated_in_batches() -> None:
    assert batches([3, 1, 2, 5, 4], 2) == [[1, 2], [3, 4], [5]]
    assert batches([], 2) == []


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 2, 16), date(2026, 3, 16)),
        (date(2026, 12, 5), date(2027, 1, 5)),
        (date(2028, 1, 30), date(2028, 2, 29)),  # February has no day 30
        (date(2026, 1, 31), date(2026, 3, 2)),  # the last of February is a Saturday
        (date(2026, 2, 14), date(2026, 3, 16)),  # a Saturday
        (date(2026, 2, 8), date(2026, 3, 9)),  # a Sunday
        (date(2026, 3, 3), date(2026, 4, 3)),  # Good Friday: a holiday in Alsace and Moselle alone
        (date(2026, 3, 4), date(2026, 4, 7)),  # the Saturday before Easter, then Sunday, then Easter Monday
        (date(2026, 4, 14), date(2026, 5, 15)),  # Ascension
        (date(2026, 4, 1), date(2026, 5, 4)),  # Labour Day on a Friday
        (date(2026, 11, 25), date(2026, 12, 28)),  # Christmas on a Friday
    ],
)
def test_an_answer_is_due_a_month_after_the_request_on_a_working_day(received: date, due: date) -> None:
    assert answer_due_on(received) == due
