"""Lease stages: those of the definition, in its order, not longer and not earlier than it says."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from casework.programmes.definition.parts import Lease
from casework.simulation.checker.arithmetic import after_months
from casework.simulation.checker.history import CaseTold, History, StageTold
from casework.simulation.checker.violations import Violation


def check(history: History) -> Iterator[Violation]:
    """Yield what is wrong with the stages."""
    for case in history.cases:
        lease = case.definition.lease
        unknown = list(_unknown(case, lease))
        yield from unknown
        if not unknown:
            yield from _order(case, lease)
        yield from _lengths(case, lease, case.ended_on or history.last_day)
        yield from _gates(case, lease)


def _unknown(case: CaseTold, lease: Lease) -> Iterator[Violation]:
    of_paths = {code for path in lease.paths for code in path.stages}
    allowed = of_paths if lease.order_matters else of_paths | set(lease.named)
    for stage in case.stages:
        if allowed and stage.code not in allowed:
            says = f"statuts prévus : {', '.join(sorted(allowed))}"
            yield Violation("stage_unknown", case.number, stage.from_on, says, stage.code)


def _order(case: CaseTold, lease: Lease) -> Iterator[Violation]:
    if not lease.order_matters:
        return
    walked = [stage.code for stage in case.stages]
    if not any(_leads_through(path.stages, walked) for path in lease.paths):
        says = "parcours prévus : " + " ; ".join(" → ".join(path.stages) for path in lease.paths)
        yield Violation("stage_order", case.number, case.stages[-1].from_on, says, " → ".join(walked))


def _leads_through(path: Sequence[str], walked: Sequence[str]) -> bool:
    """Tell whether a path comes by these stages in this order; it may skip some of its own."""
    left = iter(path)
    return all(code in left for code in walked)


def _lengths(case: CaseTold, lease: Lease, until: date) -> Iterator[Violation]:
    ends = [*(stage.from_on for stage in case.stages[1:]), until]
    for limit in lease.limits:
        held = [(stage, end) for stage, end in zip(case.stages, ends, strict=False) if stage.code == limit.stage]
        for stage, end in held:
            if limit.max_months is not None and end > after_months(stage.from_on, limit.max_months):
                says, found = f"{limit.stage} : {limit.max_months} mois au plus", f"du {stage.from_on} au {end}"
                yield Violation("stage_too_long", case.number, end, says, found)
        if limit.periods is not None and len(held) > limit.periods:
            says = f"{limit.stage} : {limit.periods} périodes au plus"
            yield Violation("stage_too_often", case.number, held[-1][0].from_on, says, f"{len(held)} périodes")


def _gates(case: CaseTold, lease: Lease) -> Iterator[Violation]:
    for before, after in pairwise(case.stages):
        for gate in lease.gates:
            if gate.to == after.code and gate.months and after.from_on < after_months(before.from_on, gate.months[0]):
                yield _too_early(case, before, after, gate.months[0])


def _too_early(case: CaseTold, before: StageTold, after: StageTold, months: int) -> Violation:
    says = f"{after.code} après l’évaluation à {months} mois"
    found = f"{before.code} depuis le {before.from_on}, {after.code} dès le {after.from_on}"
    return Violation("gate_too_early", case.number, after.from_on, says, found)
