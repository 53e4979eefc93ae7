from datetime import date

import pytest

from casework.diagnostics.rules import (
    Budget,
    BudgetFigures,
    EffortLevel,
    check_benefit,
    consumption_units_tenths,
    declared_units_tenths,
    effort_level,
    effort_rate_tenths,
    figures_of,
    living_remainder_cents,
    units_of_people_tenths,
)
from casework.households.rules import Member
from casework.kernel.errors import RuleViolation


@pytest.mark.parametrize(
    ("rent", "annexes", "charges", "benefit", "resources", "tenths"),
    [
        (402_00, 0, 0, 250_00, 650_00, 234),
        (400_00, 20_00, 50_00, 0, 1000_00, 470),
        (300_00, 0, 0, 300_00, 900_00, 0),
        (100_05, 0, 0, 0, 1000_00, 100),
        (100_50, 0, 0, 0, 1000_00, 101),  # half up
        (402_00, 0, 0, 250_00, 0, None),
        (402_00, 0, 0, 250_00, None, None),
    ],
)
def test_the_effort_rate_is_the_net_housing_cost_over_the_resources(
    rent: int, annexes: int, charges: int, benefit: int, resources: int | None, tenths: int | None
) -> None:
    assert effort_rate_tenths(rent, annexes, charges, benefit, resources) == tenths


@pytest.mark.parametrize(
    ("ages", "tenths"),
    [([], 0), ([40], 10), ([17], 10), ([8], 10), ([40, 38, 15, 6], 23), ([40, 14, 13], 18), ([6, 40], 13)],
)
def test_consumption_units_count_one_then_a_half_from_fourteen(ages: list[int], tenths: int) -> None:
    assert consumption_units_tenths(ages) == tenths


@pytest.mark.parametrize(
    ("resources", "fixed", "units", "days", "cents"),
    [
        (1900_00, 1200_00, 23, 30, 10_14),
        (1900_00, 1200_00, 23, 31, 9_82),
        (1000_00, 1200_00, 10, 30, -6_67),
        (None, 100_00, 10, 30, None),
        (1000_00, 100_00, 0, 30, None),
    ],
)
def test_the_living_remainder_is_for_one_unit_and_one_day(
    resources: int | None, fixed: int, units: int, days: int, cents: int | None
) -> None:
    assert living_remainder_cents(resources, fixed, units, days) == cents


@pytest.mark.parametrize(
    ("adults", "children", "tenths"),
    [(0, 0, 0), (1, 0, 10), (2, 0, 15), (1, 2, 16), (2, 3, 24), (0, 1, 10), (0, 2, 13)],
)
def test_declared_numbers_count_one_then_a_half_an_adult_and_three_tenths_a_child(
    adults: int, children: int, tenths: int
) -> None:
    assert declared_units_tenths(adults, children) == tenths


@pytest.mark.parametrize(
    ("members", "tenths"),
    [
        ([], 0),
        ([Member("REFERENCE")], 10),
        ([Member("REFERENCE"), Member("CONJOINT")], 15),
        ([Member("REFERENCE"), Member("ENFANT")], 13),
        ([Member("REFERENCE"), Member("ENFANT", born_on=date(2012, 3, 30))], 15),
        ([Member("REFERENCE"), Member("ENFANT", born_on=date(2012, 3, 31))], 13),
        ([Member("REFERENCE"), Member("CONJOINT", to_on=date(2026, 3, 29))], 10),
        (
            [
                Member("REFERENCE", born_on=date(1985, 1, 1)),
                Member("CONJOINT", born_on=date(1986, 1, 1)),
                Member("ENFANT", born_on=date(2020, 1, 1)),
                Member("ENFANT", born_on=date(2011, 1, 1)),
            ],
            23,
        ),
    ],
)
def test_the_people_entered_count_by_their_age_on_the_day(members: list[Member], tenths: int) -> None:
    assert units_of_people_tenths(members, date(2026, 3, 30)) == tenths


@pytest.mark.parametrize(
    ("effort", "level"),
    [
        (None, EffortLevel.UNKNOWN),
        (0, EffortLevel.FINE),
        (250, EffortLevel.FINE),
        (251, EffortLevel.WARN),
        (330, EffortLevel.WARN),
        (331, EffortLevel.ALERT),
    ],
)
def test_an_effort_rate_at_its_threshold_is_within_it(effort: int | None, level: EffortLevel) -> None:
    assert effort_level(effort, 250, 330) is level


def test_a_budget_comes_to_a_rate_and_a_remainder() -> None:
    budget = Budget({"SAL": 600_00, "AF": 50_00}, rent_cents=402_00, benefit_cents=250_00, fixed_charges_cents=350_00)

    assert figures_of(budget, 10, 30) == BudgetFigures(650_00, 10, 234, 10_00)


@pytest.mark.parametrize(("resources", "total"), [({}, None), ({"RSA": 0}, 0)])
def test_nothing_told_is_not_nothing_received_and_neither_gives_a_rate(
    resources: dict[str, int], total: int | None
) -> None:
    figures = figures_of(Budget(resources, rent_cents=402_00), 10, 30)

    assert (figures.resources_cents, figures.effort_tenths) == (total, None)


def test_a_benefit_never_exceeds_the_cost_of_housing() -> None:
    check_benefit(Budget(rent_cents=300_00, annexes_cents=20_00, charges_cents=30_00, benefit_cents=350_00))
    with pytest.raises(RuleViolation) as refused:
        check_benefit(Budget(rent_cents=300_00, benefit_cents=300_01))
    assert refused.value.field == "benefit_cents"
