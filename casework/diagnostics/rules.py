"""What a diagnostic computes. Amounts in cents a month; pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from casework.households.rules import MAJORITY, Member
from casework.kernel.calendar import age_on
from casework.kernel.errors import RuleViolation
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


class EffortLevel(StrEnum):
    """An effort rate against the thresholds of the programme."""

    UNKNOWN = "UNKNOWN"
    FINE = "FINE"
    WARN = "WARN"
    ALERT = "ALERT"


def effort_level(effort_tenths: int | None, warn_tenths: int, alert_tenths: int) -> EffortLevel:
    """Return where an effort rate stands. A rate at its threshold is still within it."""
    if effort_tenths is None:
        return EffortLevel.UNKNOWN
    if effort_tenths > alert_tenths:
        return EffortLevel.ALERT
    return EffortLevel.WARN if effort_tenths > warn_tenths else EffortLevel.FINE


def declared_units_tenths(adults: int, children: int) -> int:
    """Return the consumption units of declared numbers, in tenths: 1 for the first person, then 0.5 an adult, 0.3 a child."""
    if adults + children == 0:
        return 0
    others = FROM_FOURTEEN * (adults - 1) + UNDER_FOURTEEN * children
    return FIRST_PERSON + (others if adults else UNDER_FOURTEEN * (children - 1))


def units_of_people_tenths(members: Sequence[Member], day: date) -> int:
    """Return the consumption units of who lives there on `day`, in tenths. Without a birth date a child is a small one."""
    present = [m for m in members if m.is_there_on(day)]
    unknown = {True: MAJORITY, False: 0}
    ages = [unknown[m.is_adult_on(day)] if m.born_on is None else age_on(m.born_on, day) for m in present]
    return consumption_units_tenths(ages)


@dataclass(frozen=True)
class Budget:
    """What comes in and goes out each month. An income that is not in `resources` was not told."""

    resources: Mapping[str, int] = field(default_factory=dict)
    rent_cents: int = 0
    annexes_cents: int = 0
    charges_cents: int = 0
    benefit_cents: int = 0
    fixed_charges_cents: int = 0

    @property
    def resources_cents(self) -> int | None:
        """All incomes together, None when none was told."""
        return sum(self.resources.values()) if self.resources else None


@dataclass(frozen=True)
class BudgetFigures:
    """What a budget comes to."""

    resources_cents: int | None
    units_tenths: int
    effort_tenths: int | None
    remainder_cents: int | None


def figures_of(budget: Budget, units_tenths: int, days: int) -> BudgetFigures:
    """Return effort rate and living remainder of a budget for so many consumption units and days of a month."""
    resources = budget.resources_cents
    effort = effort_rate_tenths(
        budget.rent_cents, budget.annexes_cents, budget.charges_cents, budget.benefit_cents, resources
    )
    remainder = living_remainder_cents(resources, budget.fixed_charges_cents, units_tenths, days)
    return BudgetFigures(resources, units_tenths, effort, remainder)


def check_says_something(words: Sequence[str | None], budget: Budget) -> None:
    """Refuse a diagnostic without a word or an income: the cost of housing alone is what is known already.

    Raises RuleViolation on the whole form.
    """
    if not any(words) and not budget.resources:
        raise RuleViolation(
            "",
            "Ce diagnostic ne dit encore rien : écrivez une situation, des ressources ou une préconisation.",
        )


def check_benefit(budget: Budget) -> None:
    """Refuse a housing benefit above the cost of housing. Raises RuleViolation on `benefit_cents`."""
    if budget.benefit_cents > budget.rent_cents + budget.annexes_cents + budget.charges_cents:
        raise RuleViolation(
            "benefit_cents", "L’aide au logement dépasse le loyer, les annexes et les charges : vérifiez les montants."
        )
