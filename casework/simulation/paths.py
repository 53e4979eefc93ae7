"""Which lease path a household takes, and when it comes to each stage of it."""

import random
from collections.abc import Sequence
from datetime import date

from casework.kernel.calendar import add_months
from casework.programmes.definition.parts import Definition, Lease, Path
from casework.programmes.vocabulary import LeaseStageCode
from casework.simulation.days import DAY, working_day
from casework.simulation.life import ACCESS, Stage, days_between

_DIRECT, _SLIDING = LeaseStageCode.BAIL_DIRECT.value, LeaseStageCode.BAIL_GLISSANT.value
# Where a definition states no path any stage is allowed; these are the usual ones.
_USUAL = {True: (Path((_DIRECT,)), Path((_SLIDING, _DIRECT))), False: (Path((_DIRECT,)),)}


def possible_paths(definition: Definition, mode: str, chance: random.Random) -> list[Path]:
    """Return the paths that a household of `mode` may take, in the order of chance."""
    lease = definition.lease
    paths = [path for path in lease.paths if path.mode in {None, mode}] or list(lease.paths)
    if not paths:
        paths = [Path((stage,)) for stage in lease.named] or list(_USUAL[mode == ACCESS])
    return chance.sample(paths, len(paths))


def walk(lease: Lease, path: Path, moved_in_on: date, followed_on: date, leaves_on: date) -> tuple[Stage, ...]:
    """Return the stages of `path` with their days: the first from `moved_in_on`, the others up to `leaves_on`.

    They are spread over the time from `followed_on`, the contract, on; a stage whose evaluation falls after the end is
    not reached. No stage lasts longer than its limit.
    """
    stages = [Stage(path.stages[0], moved_in_on)]
    start = max(moved_in_on, followed_on)
    for number, code in enumerate(path.stages[1:], 1):
        before = stages[-1]
        target = start + days_between(start, leaves_on) * number // len(path.stages) * DAY
        gate = _months_to(lease, code)
        if gate is not None:
            target = add_months(max(before.from_on, start), gate)
        latest = _latest(lease, before)
        if latest is not None:
            target = min(target, latest)
        day = working_day(target, before.from_on + DAY, latest or max(target, before.from_on + DAY))
        if gate is not None and day < target:
            day = target
        if day >= leaves_on:
            break
        stages.append(Stage(code, day, path.same_dwelling is not False))
    return tuple(stages)


def last_possible_day(lease: Lease, stages: Sequence[Stage]) -> date | None:
    """Return the last day that the last of `stages` may last; None: it has no limit."""
    return _latest(lease, stages[-1])


def is_limited(lease: Lease, path: Path) -> bool:
    """Tell whether a stage of the path may last for a time only: it cannot have begun long before the contract."""
    return any(_limit(lease, stage) is not None for stage in path.stages)


def _months_to(lease: Lease, code: str) -> int | None:
    return next((gate.months[0] for gate in lease.gates if gate.to == code and gate.months), None)


def _limit(lease: Lease, code: str) -> int | None:
    return next((limit.max_months for limit in lease.limits if limit.stage == code), None)


def _latest(lease: Lease, stage: Stage) -> date | None:
    months = _limit(lease, stage.code)
    return None if months is None else add_months(stage.from_on, months)
