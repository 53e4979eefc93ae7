"""What a diagnostic computes. Amounts in cents a month; pure functions."""

from collections.abc import Sequence
from decimal import Decimal

from casework.kernel.money import round_half_up

FIRST_PERSON = 10
FROM_FOURTEEN = 5
UNDER_FOURTEEN = 3


def effort_rate_tenths(rent: int, annexes: int, charges: int, benefit: int, resources: int | None) -> int | None:
    """Return the share of the resources that housing takes, in tenths of a percent; None: it cannot be computed.

    The housing benefit lowers the cost of housing; it is never counted in the resources.
    """
    if resources is None or resources <= 0:
        return None
    return int(round_half_up(Decimal(rent + annexes + charges - benefit) * 1000 / Decimal(resources)))


def consumption_units_tenths(ages: Sequence[int]) -> int:
    """Return the consumption units of people of these ages, in tenths: 1 for the first, then 0.5 from 14 on, or 0.3."""
    if not ages:
        return 0
    others = sorted(ages, reverse=True)[1:]
    return FIRST_PERSON + sum(FROM_FOURTEEN if age >= 14 else UNDER_FOURTEEN for age in others)


def living_remainder_cents(resources: int | None, fixed_charges: int, units_tenths: int, days: int = 30) -> int | None:
    """Return what one consumption unit has left for one day, in cents; None: it cannot be computed."""
    if resources is None or units_tenths <= 0:
        return None
    return int(round_half_up(Decimal(resources - fixed_charges) * 10 / (Decimal(units_tenths) * days)))
