import pytest

from casework.diagnostics.rules import consumption_units_tenths, effort_rate_tenths, living_remainder_cents


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
