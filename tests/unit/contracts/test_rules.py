from __future__ import annotations

from datetime import date

import pytest

from casework.contracts.rules import (
    check_amendment,
    check_diagnosed,
    check_motive,
    check_objectives,
    check_planned_end,
    check_signatories,
    duration,
    latest_first_end,
    latest_renewed_end,
)
from casework.contracts.vocabulary import Party
from casework.kernel.errors import RuleViolation
from casework.programmes.definition.parts import Accompaniment

SIGNED_ON = date(2025, 12, 31)
ALL = {Party.HOUSEHOLD: "Anne Martin", Party.ASSOCIATION: "Camille", Party.LANDLORD: "Dominique"}


@pytest.mark.parametrize(
    ("missing", "field", "words"),
    [
        (Party.HOUSEHOLD, "household_signatory", "le ménage"),
        (Party.ASSOCIATION, "association_signatory", "l’association"),
        (Party.LANDLORD, "landlord_signatory", "le bailleur"),
    ],
)
@pytest.mark.parametrize("blank", ["", "  "])
def test_the_missing_party_is_named_on_its_field(missing: Party, field: str, words: str, blank: str) -> None:
    check_signatories(ALL)
    with pytest.raises(RuleViolation, match=words) as refused:
        check_signatories(ALL | {missing: blank})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("diagnosed_on", "words"),
    [(None, "vient avant le contrat"), (date(2026, 1, 1), "01/01/2026"), (SIGNED_ON, None), (date(2025, 1, 1), None)],
)
def test_a_diagnostic_comes_on_or_before_the_signature(diagnosed_on: date | None, words: str | None) -> None:
    if words is None:
        check_diagnosed(SIGNED_ON, diagnosed_on)
        return
    with pytest.raises(RuleViolation, match=words) as refused:
        check_diagnosed(SIGNED_ON, diagnosed_on)
    assert refused.value.field == "signed_on"


@pytest.mark.parametrize(
    ("planned_end_on", "months", "sound"),
    [
        (None, 12, True),
        (date(2026, 1, 1), None, True),
        (SIGNED_ON, None, False),
        (date(2025, 12, 30), None, False),
        (date(2040, 1, 1), None, True),
        (date(2026, 2, 28), 2, True),
        (date(2026, 3, 1), 2, False),
        (date(2026, 12, 31), 12, True),
        (date(2027, 1, 1), 12, False),
    ],
)
def test_a_contract_ends_after_it_starts_and_within_what_the_programme_allows(
    planned_end_on: date | None, months: int | None, sound: bool
) -> None:
    latest_on = latest_first_end(SIGNED_ON, Accompaniment(max_months=months))
    if sound:
        check_planned_end(planned_end_on, SIGNED_ON, latest_on)
        return
    with pytest.raises(RuleViolation) as refused:
        check_planned_end(planned_end_on, SIGNED_ON, latest_on)
    assert refused.value.field == "planned_end_on"


def test_a_longer_stay_needs_a_motive_and_a_programme_that_allows_one() -> None:
    latest_on = latest_first_end(SIGNED_ON, Accompaniment(max_months=12, derogation=True))

    check_planned_end(date(2028, 1, 1), SIGNED_ON, latest_on, motive="Hospitalisation de huit mois")
    check_motive("Hospitalisation de huit mois", derogation=True)
    check_motive("", derogation=False)
    with pytest.raises(RuleViolation, match="ne prévoit pas de dérogation") as refused:
        check_motive("Parce que", derogation=False)
    assert refused.value.field == "derogation"


SIX_MONTHS_ONCE = Accompaniment(period_months=6, renewals_max=1, max_months=12)


@pytest.mark.parametrize(
    ("ends", "limits", "latest_on"),
    [
        ([None], Accompaniment(), None),
        ([date(2026, 6, 30)], Accompaniment(max_months=12), date(2026, 12, 31)),  # from the first contract on
        ([date(2026, 6, 30)], SIX_MONTHS_ONCE, date(2026, 12, 31)),  # a short June takes nothing away
        ([date(2026, 6, 30), date(2026, 6, 30)], SIX_MONTHS_ONCE, date(2026, 12, 31)),  # other amendments count not
        ([date(2026, 6, 30), date(2026, 9, 30)], SIX_MONTHS_ONCE, date(2026, 9, 30)),  # renewed already
        ([date(2026, 6, 29)], SIX_MONTHS_ONCE, date(2026, 12, 29)),  # agreed for less than a whole period
        ([date(2026, 6, 30)], Accompaniment(period_months=6, renewable=False), date(2026, 6, 30)),
        ([None], Accompaniment(renewable=False), None),
        ([date(2026, 8, 31)], Accompaniment(period_months=8, renewal_months=3), date(2026, 11, 30)),
        ([date(2026, 8, 31)], Accompaniment(period_months=8, renewal_months=6, max_months=10), date(2026, 10, 31)),
    ],
)
def test_a_renewal_is_bound_by_its_length_by_how_often_and_by_the_whole(
    ends: list[date | None], limits: Accompaniment, latest_on: date | None
) -> None:
    assert latest_renewed_end(ends, SIGNED_ON, limits) == latest_on


def test_a_first_period_is_bound_by_its_own_length() -> None:
    assert latest_first_end(SIGNED_ON, SIX_MONTHS_ONCE) == date(2026, 6, 30)


def test_an_amendment_comes_after_what_it_amends() -> None:
    check_amendment(date(2026, 1, 1), SIGNED_ON)
    with pytest.raises(RuleViolation, match="31/12/2025"):
        check_amendment(SIGNED_ON, SIGNED_ON)


@pytest.mark.parametrize(
    ("due_dates", "at_least", "sound"),
    [
        ([], 1, False),
        ([], 0, True),
        ([None], 1, True),
        ([SIGNED_ON], 1, True),
        ([None, date(2025, 12, 30)], 1, False),
    ],
)
def test_a_contract_has_an_objective_and_none_is_due_before_the_signature(
    due_dates: list[date | None], at_least: int, sound: bool
) -> None:
    if sound:
        check_objectives(due_dates, SIGNED_ON, at_least=at_least)
        return
    with pytest.raises(RuleViolation) as refused:
        check_objectives(due_dates, SIGNED_ON, at_least=at_least)
    assert refused.value.field == "objectives"


@pytest.mark.parametrize(
    ("first", "last", "months", "days"),
    [
        (date(2026, 3, 3), date(2027, 3, 3), 12, 0),
        (date(2026, 3, 3), date(2027, 3, 2), 12, 0),
        (date(2026, 1, 1), date(2026, 12, 31), 12, 0),
        (date(2026, 1, 27), date(2027, 2, 15), 12, 19),
        (date(2026, 3, 3), date(2026, 3, 4), 0, 1),
        (date(2026, 1, 31), date(2026, 2, 28), 1, 0),
        (date(2026, 1, 31), date(2026, 2, 27), 1, 0),
        (date(2026, 1, 31), date(2026, 3, 1), 1, 1),
        (date(2024, 2, 29), date(2025, 2, 28), 12, 0),
    ],
)
def test_a_length_is_told_in_whole_months_and_the_days_that_remain(
    first: date, last: date, months: int, days: int
) -> None:
    assert duration(first, last) == (months, days)
