from datetime import date

import pytest

from casework.programmes.definition.parts import Costs, Definition, Duration, Funding, Quantity
from casework.programmes.definition.words import CADENCES, CATEGORIES, MODES, UNITS
from casework.programmes.rules import guide_total, totals_of
from casework.programmes.terms import STATUSES, national_parameters, parameters_in_force
from casework.programmes.vocabulary import (
    CADENCE_LABELS,
    CATEGORY_LABELS,
    MODE_LABELS,
    PARAMETER_LABELS,
    STATUS_LABELS,
    UNIT_LABELS,
)

UNSAID = Costs()
YEARLY = Costs(total_cents=47_000_00, total_period="year")


def _definition(
    costs: Costs = UNSAID,
    fundings: tuple[Funding, ...] = (),
    households: Quantity | None = None,
    months: int | None = None,
) -> Definition:
    return Definition(
        "X",
        "Un dispositif",
        date(2014, 1, 1),
        "access",
        ("A",),
        costs=costs,
        fundings=fundings,
        households=households,
        duration=Duration(months),
    )


@pytest.mark.parametrize(
    ("costs", "fundings", "differ"),
    [
        (YEARLY, (Funding("A", 20_000_00, "year"), Funding("B", 27_000_00, "year")), False),
        (YEARLY, (Funding("A", 20_000_00, "year"),), True),
        (YEARLY, (Funding("A", 20_000_00, "year"), Funding("B", share_percent=50)), False),  # a part is no amount
        (YEARLY, (Funding("A", 20_000_00, "project"),), False),  # another period
        (YEARLY, (), False),
        (UNSAID, (Funding("A", 1, "year"),), False),
    ],
)
def test_fundings_are_held_against_the_cost(costs: Costs, fundings: tuple[Funding, ...], differ: bool) -> None:
    assert totals_of(_definition(costs, fundings)).fundings_differ is differ


@pytest.mark.parametrize(
    ("households", "months", "total"),
    [
        (Quantity(60, "total"), 36, 60),
        (Quantity(40, "active_caseload"), 36, 120),
        (Quantity(50, "per_year", low=40), 36, 150),
        (Quantity(25, "per_year"), 12, 25),
        (Quantity(25, "per_year"), None, 25),
        (None, 36, None),
    ],
)
def test_the_guide_counts_yearly_headcounts_over_the_whole_project(
    households: Quantity | None, months: int | None, total: int | None
) -> None:
    assert guide_total(_definition(households=households, months=months)) == total


def test_every_word_of_a_definition_has_its_label() -> None:
    assert set(CATEGORIES) == set(CATEGORY_LABELS)
    assert set(MODES) == set(MODE_LABELS)
    assert set(UNITS) == set(UNIT_LABELS)
    assert set(CADENCES) == set(CADENCE_LABELS)
    assert set(STATUSES) == set(STATUS_LABELS)
    assert {p.key for p in national_parameters()} == set(PARAMETER_LABELS)


def test_a_parameter_is_in_force_between_its_dates() -> None:
    before = {p.key for p in parameters_in_force(date(2016, 8, 31))}
    since = {p.key for p in parameters_in_force(date(2016, 9, 1))}

    assert since - before == {"arrears_multiple", "caf_report_months"}
