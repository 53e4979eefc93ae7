"""The pause of an accompaniment, and its resumption."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework.accounts.vocabulary import Role
from casework.cases.service import resume_case, suspend_case
from casework.kernel.context import Ctx
from casework.simulation.days import DAY
from casework.simulation.life import Dossier, Life, Step

RANK = 8
_REASONS = ("Absence prolongée", "Séjour auprès de la famille", "Formation loin du domicile")


@dataclass(frozen=True)
class Pause:
    """The accompaniment pauses from a day on."""

    from_on: date
    reason: str

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        suspend_case(ctx, dossier.case_id, self.from_on, self.reason)


@dataclass(frozen=True)
class Resume:
    """The accompaniment is taken up again."""

    resumed_on: date

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        resume_case(ctx, dossier.case_id, self.resumed_on)


def plan(life: Life, chance: random.Random) -> Iterator[Step]:
    """Yield the pause and its end."""
    if life.pause is None:
        return
    first, last = life.pause
    yield Step(first, RANK, Role.MANAGER, life.place, Pause(first, chance.choice(_REASONS)))
    yield Step(last + DAY, RANK, Role.MANAGER, life.place, Resume(last + DAY))
