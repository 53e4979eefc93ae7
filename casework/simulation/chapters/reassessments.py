"""The reassessments: held in time, late, or left out once."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from casework.contracts.vocabulary import ObjectiveState
from casework.kernel.calendar import add_months
from casework.kernel.context import Ctx
from casework.reassessments.queries import open_objectives
from casework.reassessments.service import ReassessmentNews, hold_reassessment
from casework.reassessments.vocabulary import Decision, Domain
from casework.simulation.days import DAY, working_day
from casework.simulation.life import Dossier, Life, Step, follows

RANK = 7
_LATE_IN, _LEFT_OUT_IN = 8, 14
_SHARED = ("Le loyer est payé à date.", "Les démarches avancent.", "Le rythme des visites convient à tous.", "")
_WORDS = ("Je me sens mieux chez moi.", "J’ai encore besoin d’aide pour les papiers.", "")


@dataclass(frozen=True)
class Review:
    """A reassessment is held; the oldest `settles` of the open objectives are found met."""

    news: ReassessmentNews
    settles: int

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        still_open = open_objectives(ctx, dossier.case_id)[: self.settles] if self.settles else []
        met = {objective.id: ObjectiveState.MET for objective in still_open}
        hold_reassessment(ctx, dossier.case_id, replace(self.news, objectives=met))


def plan(life: Life, chance: random.Random) -> Iterator[Step]:
    """Yield the reassessments, oldest first."""
    if life.signed_on is None:
        return
    levels = {domain: chance.randrange(1, 4) for domain in Domain}
    for place, day in enumerate(_days(life, life.signed_on, chance), 1):
        yield follows(life, day, RANK, Review(_news(life, day, levels, chance), settles=int(place % 2 == 0)))
        for domain in chance.sample(list(Domain), 2):
            levels[domain] = max(1, min(4, levels[domain] + chance.choice((1, 1, 0, -1))))


def _news(life: Life, day: date, levels: Mapping[Domain, int], chance: random.Random) -> ReassessmentNews:
    over = add_months(day, life.terms.reassess_every_months) > life.leaves_on
    usual = (Decision.POURSUITE, Decision.POURSUITE, Decision.AJUSTEMENT)
    return ReassessmentNews(
        held_on=day,
        decision=Decision.FIN if over else chance.choice(usual),
        levels=dict(levels),
        household_words=chance.choice(_WORDS),
        shared_note=chance.choice(_SHARED),
    )


def _days(life: Life, signed_on: date, chance: random.Random) -> Iterator[date]:
    every = life.terms.reassess_every_months
    last = signed_on
    while True:
        months = every * (2 if chance.randrange(_LEFT_OUT_IN) == 0 else 1)
        late = chance.randrange(2, 20) if chance.randrange(_LATE_IN) == 0 else -chance.randrange(0, 10)
        target = add_months(last, months) + late * DAY
        if life.pause is not None and life.is_paused_on(target):
            target = life.pause[1] + DAY
        day = working_day(target, last + DAY, max(target, last + DAY))
        if day >= life.leaves_on:
            return
        yield day
        last = day
