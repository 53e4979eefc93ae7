"""The figures of the annual review, one household at a time."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from casework.reports.rules import (
    BREAKDOWNS,
    FIGURES,
    AnnualReview,
    CaseFacts,
    Tally,
    behind,
    date_that_counts,
    group_small_counts,
    is_reviewable,
    review_of,
)
from casework.reports.vocabulary import GROUPED

YEAR = 2025
MEDIAN = "median_duration_days_of_left"


def facts(
    contract_on: date | None = date(2025, 3, 10),
    ended_on: date | None = None,
    *,
    case_id: int = 1,
    referred_on: date = date(2025, 1, 20),
    composition: str = "FSEULE",
    end_reason: str | None = None,
) -> CaseFacts:
    return CaseFacts(
        case_id=case_id,
        referred_on=referred_on,
        diagnosed_on=None,
        contract_on=contract_on,
        ended_on=ended_on,
        adults=2,
        children=3,
        composition=composition,
        housing_at_entry="HLM",
        referral_source="FAMILLE",
        end_reason=end_reason or ("OBJ" if ended_on else None),
        outcome="MAINTIEN_TITRE" if ended_on else None,
    )


@pytest.mark.parametrize(
    ("contract_on", "ended_on", "before", "entered", "left", "after", "months"),
    [
        pytest.param(None, None, 0, 0, 0, 0, 0, id="no contract"),
        pytest.param(date(2026, 1, 1), None, 0, 0, 0, 0, 0, id="signed the day after the year"),
        pytest.param(date(2025, 12, 31), None, 0, 1, 0, 1, 1, id="signed on the last day"),
        pytest.param(date(2025, 1, 1), None, 0, 1, 0, 1, 12, id="signed on 1 January is an entry"),
        pytest.param(date(2024, 12, 31), None, 1, 0, 0, 1, 12, id="signed the day before is in stock"),
        pytest.param(date(2023, 5, 2), date(2024, 12, 31), 0, 0, 0, 0, 0, id="ended the day before the year"),
        pytest.param(date(2023, 5, 2), date(2025, 1, 1), 1, 0, 1, 0, 1, id="ended on 1 January"),
        pytest.param(date(2023, 5, 2), date(2025, 12, 31), 1, 0, 1, 0, 12, id="ended on 31 December has left"),
        pytest.param(date(2023, 5, 2), date(2026, 1, 1), 1, 0, 0, 1, 12, id="ended the day after is still there"),
        pytest.param(date(2025, 3, 31), date(2025, 4, 1), 0, 1, 1, 0, 2, id="two days, two months touched"),
        pytest.param(date(2025, 6, 5), date(2025, 6, 5), 0, 1, 1, 0, 1, id="one day"),
        pytest.param(date(2024, 2, 29), date(2027, 2, 28), 1, 0, 0, 1, 12, id="around the year"),
    ],
)
def test_a_household_counts_where_its_dates_put_it(
    contract_on: date | None, ended_on: date | None, before: int, entered: int, left: int, after: int, months: int
) -> None:
    review = review_of([facts(contract_on, ended_on)], YEAR)

    assert (
        review.stock_on_1_january,
        review.entered,
        review.left,
        review.stock_on_31_december,
        review.household_months,
    ) == (before, entered, left, after, months)
    assert review.active_caseload == before + entered == left + after


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], None), ([71], 71), ([100, 137], 118.5), ([10, 400, 20], 20), ([0, 0], 0), ([200, 340], 270)],
)
def test_the_median_is_that_of_those_who_left(days: list[int], expected: float | None) -> None:
    start = date(2025, 12, 31).toordinal()
    left = [facts(date.fromordinal(start - number), date(2025, 12, 31)) for number in days]

    assert review_of([*left, facts()], YEAR).median_duration_days_of_left == expected


def test_referrals_and_diagnostics_count_without_any_contract() -> None:
    referred = facts(None)
    diagnosed = facts(None, referred_on=date(2024, 12, 1))._replace(diagnosed_on=date(2025, 1, 5))

    review = review_of([referred, diagnosed, facts(None, referred_on=date(2026, 1, 1))], YEAR)

    assert (review.households_referred, review.diagnostics_made, review.active_caseload) == (1, 1, 0)


def test_contacts_count_for_followed_households_only() -> None:
    followed, waiting = (
        case._replace(
            contacts_made=Tally(5, date(2025, 6, 1)),
            home_visits_made=Tally(3, date(2025, 5, 1)),
            contacts_missed=Tally(2, date(2025, 4, 1)),
            reassessments_held=Tally(1, date(2025, 7, 1)),
        )
        for case in (facts(), facts(None, case_id=2))
    )

    review = review_of([followed, waiting], YEAR)

    assert (review.contacts_made, review.home_visits_made) == (5, 3)
    assert (review.contacts_missed, review.reassessments_held) == (2, 1)
    assert date_that_counts(followed, "home_visits_made") == date(2025, 5, 1)


def test_persons_are_those_of_the_followed_households() -> None:
    review = review_of([facts(), facts(None), facts(date(2024, 1, 1), date(2025, 2, 1))], YEAR)

    assert (review.persons_adults, review.persons_children) == (4, 6)


def test_a_blank_is_counted_as_not_filled_in_and_found_again() -> None:
    blank = facts(composition="")

    assert review_of([blank], YEAR).composition == {"NR": 1}
    assert behind([blank], YEAR, "composition", "NR") == [(blank, 1)]


def test_every_figure_is_the_sum_of_the_cases_behind_it() -> None:
    days = [date(2024, 2, 29), date(2025, 1, 1), date(2025, 7, 14), date(2025, 12, 31), date(2026, 1, 1)]
    ends = [None, *days]
    cases = [
        facts(start, end, case_id=n, composition=("FSEULE", "CAVEC")[n % 2])
        for n, (start, end) in enumerate((s, e) for s in [None, *days] for e in ends if not (s and e and e < s))
    ]
    review = review_of(cases, YEAR)

    for name in FIGURES.keys() - {MEDIAN}:
        assert getattr(review, name) == sum(number for _, number in behind(cases, YEAR, name)), name
    assert review.left == len(behind(cases, YEAR, MEDIAN))
    for name in BREAKDOWNS:
        for code, count in review.breakdown(name).items():
            assert count == len(behind(cases, YEAR, name, code)), (name, code)
        assert sum(review.breakdown(name).values()) == len(behind(cases, YEAR, name))


def test_an_unknown_figure_is_an_error() -> None:
    with pytest.raises(KeyError):
        behind([facts()], YEAR, "birthdays")


def test_the_figures_are_told_in_the_order_of_the_rules() -> None:
    document = review_of([facts()], YEAR).as_json()

    assert list(document) == [field.name for field in fields(AnnualReview)]
    assert document["year"] == YEAR
    assert document["composition"] == {"FSEULE": 1}
    assert document[MEDIAN] is None


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        pytest.param({}, {}, id="nobody"),
        pytest.param({"A": 5, "B": 12}, {"A": 5, "B": 12}, id="nothing small"),
        pytest.param({"A": 3, "B": 4, "C": 20}, {"C": 20, GROUPED: 7}, id="two small ones hide each other"),
        pytest.param({"A": 3, "B": 9, "C": 20}, {"C": 20, GROUPED: 12}, id="one alone takes the next with it"),
        pytest.param({"A": 1, "B": 1, "C": 20}, {}, id="two of one would give both away"),
        pytest.param({"A": 3, "B": 1}, {}, id="all together too few: not even the codes"),
        pytest.param({"A": 4, "B": 1}, {}, id="five together"),
        pytest.param(
            dict.fromkeys("ABCDEF", 1) | {"B": 2, "G": 9},
            {"G": 9, GROUPED: 7},
            id="nor guessed from how many codes there are",
        ),
        pytest.param({"B": 6, "A": 8, "C": 1, "D": 4}, {"A": 8, "B": 6, GROUPED: 5}, id="the others stay, by code"),
    ],
)
def test_small_counts_cannot_be_read_nor_worked_out(counts: dict[str, int], told: dict[str, int]) -> None:
    assert list(group_small_counts(counts).items()) == list(told.items())


@pytest.mark.parametrize(("year", "sound"), [(1989, False), (1990, True), (2026, True), (2100, True), (2101, False)])
def test_absurd_years_have_no_review(year: int, sound: bool) -> None:
    assert is_reviewable(year) is sound
