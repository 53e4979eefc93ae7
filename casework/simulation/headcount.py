"""Who may enter without there being more households than a definition says: in all, in a year, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.kernel.calendar import add_months
from casework.programmes.definition.parts import Definition

FAR = date.max


@dataclass(frozen=True)
class Occupancy:
    """The time that a household takes a place: from its referral to its end (None: it has not ended)."""

    from_on: date
    to_on: date | None
    mode: str
    stages: tuple[str, ...] = ()

    def meets(self, other: "Occupancy") -> bool:
        """Tell whether both take a place on one day."""
        return self.from_on <= (other.to_on or FAR) and other.from_on <= (self.to_on or FAR)


def has_room(definition: Definition, taken: Sequence[Occupancy], newcomer: Occupancy) -> bool:
    """Tell whether `newcomer` may enter beside those who have, or will have, a place."""
    headcount = definition.households
    if headcount is None:
        return all(_has_quota(definition, taken, newcomer, unit="total"))
    return (
        _fits(headcount.unit, headcount.value, taken, newcomer)
        and (headcount.per_year is None or _fits("per_year", headcount.per_year, taken, newcomer))
        and all(_has_quota(definition, taken, newcomer, unit=headcount.unit))
    )


def _has_quota(definition: Definition, taken: Sequence[Occupancy], newcomer: Occupancy, unit: str) -> list[bool]:
    """Return whether each quota that names the newcomer has room: by mode as the headcount counts, by lease at once."""
    by_mode = [
        _fits(unit, q.value, [t for t in taken if t.mode == q.of], newcomer)
        for q in definition.quotas
        if q.by == "mode" and q.unit == "household" and q.of == newcomer.mode
    ]
    by_lease = [
        _fits("active_caseload", q.value, [t for t in taken if q.of in t.stages], newcomer)
        for q in definition.quotas
        if q.by == "lease" and q.of in newcomer.stages
    ]
    return by_mode + by_lease


def _fits(unit: str, value: int, taken: Sequence[Occupancy], newcomer: Occupancy) -> bool:
    if unit == "total":
        return len(taken) < value
    everybody = [*taken, newcomer]
    if unit == "per_year":
        # Whatever day the year is counted from.
        return all(
            sum(start.from_on <= o.from_on <= add_months(start.from_on, 12) for o in everybody) <= value
            for start in everybody
        )
    at_once = [o for o in everybody if o.meets(newcomer)]
    starts = [max(o.from_on, newcomer.from_on) for o in at_once]
    return all(sum(o.from_on <= day <= (o.to_on or FAR) for o in at_once) <= value for day in starts)
