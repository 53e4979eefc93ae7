"""The home and the lease: the household moves in, and goes from stage to stage of its path."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from casework.accounts.vocabulary import Role
from casework.cases.queries import case_record
from casework.cases.service import correct_identity, sheet_of
from casework.kernel.context import Ctx
from casework.leases.service import NextStage, change_stage
from casework.programmes.vocabulary import LeaseStageCode
from casework.simulation.life import Dossier, Life, Step, follows
from casework.simulation.people import Home

MOVE_RANK, STAGE_RANK = 1, 2


@dataclass(frozen=True)
class MoveIn:
    """The household gets its home: the sheet now says where, since when, and what is to be paid."""

    home: Home
    moved_in_on: date

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Correct the sheet through the use case."""
        record = case_record(ctx, dossier.case_id)
        home = self.home
        sheet = replace(
            sheet_of(record),
            address=home.address,
            district=home.district,
            typology=home.typology,
            moved_in_on=self.moved_in_on,
            rent_cents=home.rent_cents,
            charges_cents=home.charges_cents,
            benefit_cents=home.benefit_cents,
            lease_number=home.lease_number,
        )
        correct_identity(ctx, dossier.case_id, sheet, record.case.version)


@dataclass(frozen=True)
class GetStage:
    """The household gets its next lease stage."""

    news: NextStage

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        change_stage(ctx, dossier.case_id, self.news)


def plan(life: Life, _chance: random.Random) -> Iterator[Step]:
    """Yield the move, where the household is not housed yet, and the stages that it comes to."""
    if life.moved_in_on is None:
        return
    if life.moved_in_on > life.referred_on:
        yield follows(life, life.moved_in_on, MOVE_RANK, MoveIn(life.home, life.moved_in_on))
    for stage in life.stages:
        news = NextStage(LeaseStageCode(stage.code), stage.from_on, stage.same_dwelling)
        yield Step(max(stage.from_on, life.referred_on), STAGE_RANK, Role.LANDLORD_SOCIAL, life.place, GetStage(news))
