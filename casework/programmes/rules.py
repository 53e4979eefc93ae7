"""Totals of a definition: what is printed beside what its parts add up to. A typed total is never trusted."""

from dataclasses import dataclass

from casework.programmes.definition.evidence import Reconciliation
from casework.programmes.definition.parts import Definition


@dataclass(frozen=True)
class Totals:
    """In cents; None where the definition states nothing to hold against the other."""

    printed: int | None
    fundings: int | None

    @property
    def fundings_differ(self) -> bool:
        """Tell whether the fundings do not add up to the cost."""
        return None not in {self.printed, self.fundings} and self.printed != self.fundings


def totals_of(definition: Definition) -> Totals:
    """Return the totals of a definition; the fundings only when all of them are amounts for the period of the cost."""
    costs, fundings = definition.costs, definition.fundings
    amounts = [f.amount_cents for f in fundings if f.amount_cents is not None and f.period == costs.total_period]
    return Totals(costs.total_cents, sum(amounts) if amounts and len(amounts) == len(fundings) else None)


def unreconciled(definition: Definition) -> tuple[Reconciliation, ...]:
    """Return the printed figures with which the sheet's own figures do not agree."""
    return tuple(r for r in definition.reconciliations if r.difference)


def guide_total(definition: Definition) -> int | None:
    """Return the households that the guide counts for a programme, None when it states no headcount.

    The headcount, times the years of the project when it is counted per year or as an active caseload; the upper end
    of a range (mechanisms, § 1: the rule that reproduces the guide's table exactly).
    """
    quantity, months = definition.households, definition.duration.months
    if quantity is None:
        return None
    if quantity.unit == "total" or months is None:
        return quantity.value
    return quantity.value * months // 12
