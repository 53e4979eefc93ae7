"""Totals of a definition: what is printed beside what its parts add up to. A typed total is never trusted."""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.programmes.definition import Amount, Definition

TOTAL = "total"


@dataclass(frozen=True)
class Totals:
    """In cents; None where the definition states nothing to add up."""

    printed: int | None
    costs: int | None
    fundings: int | None

    @property
    def costs_differ(self) -> bool:
        """Tell whether the parts of the cost do not add up to the printed total."""
        return None not in {self.printed, self.costs} and self.printed != self.costs

    @property
    def fundings_differ(self) -> bool:
        """Tell whether the fundings do not add up to the cost, as printed or else as computed."""
        cost = self.costs if self.printed is None else self.printed
        return None not in {cost, self.fundings} and cost != self.fundings


def totals_of(definition: Definition) -> Totals:
    """Return the totals of a definition."""
    return Totals(
        printed=_sum(c for c in definition.costs if c.what == TOTAL),
        costs=_sum(c for c in definition.costs if c.what != TOTAL),
        fundings=_sum(definition.fundings),
    )


def _sum(amounts: Iterable[Amount]) -> int | None:
    found = [a.amount_cents for a in amounts]
    return sum(found) if found else None
