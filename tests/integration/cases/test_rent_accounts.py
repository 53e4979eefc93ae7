"""Whose lease a case may name: who is given an account reads its months."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case
from casework.cases.queries import case_record
from casework.cases.service import correct_identity, sheet_of
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.programmes.models import Programme
from tests.factories import Stage, acting_as, make_case, make_programme, make_rent_line, make_user, system_ctx

OTHERS, OWN, TYPED = "L-999", "L-1", "L-404"


@dataclass
class World:
    """A referent with a household of their own, and one of a colleague, whose lease has months."""

    engine: Engine
    clock: FixedClock
    programme: Programme
    referent: User
    manager: User
    landlord: User
    mine: Case
    theirs: Case

    def name_lease(self, user: User, lease_number: str, case: Case | None = None) -> int | None:
        """Let somebody correct the lease of a case (`mine` unless another is given), and return its account."""
        case_id = (case or self.mine).id
        with acting_as(self.engine, self.clock, user) as ctx:
            record = case_record(ctx, case_id)
            correct_identity(ctx, case_id, replace(sheet_of(record), lease_number=lease_number), record.case.version)
            return case_record(ctx, case_id).case.rent_account_id


def _owing(ctx: Ctx, programme: Programme, lease: str, referent: User | None, stage: Stage = Stage.ACTIVE) -> Case:
    case = make_case(ctx, programme, stage=stage, lease_number=lease, family_name=lease, referent=referent)
    make_rent_line(ctx, case, date(2026, 2, 1), 777_77)
    return case


@pytest.fixture
def world(engine: Engine, clock: FixedClock) -> World:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent, colleague = (make_user(ctx, Role.REFERENT, programme=programme) for _ in range(2))
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        mine = make_case(ctx, programme, lease_number=OWN, referent=referent)
        theirs = _owing(ctx, programme, OTHERS, colleague)
        return World(engine, clock, programme, referent, manager, landlord, mine, theirs)


def test_nobody_names_the_lease_of_another_household_of_the_programme(world: World) -> None:
    for user, words in (
        (world.referent, "d’un autre ménage"),
        (world.manager, world.theirs.number),
        (world.landlord, world.theirs.number),
    ):
        with pytest.raises(RuleViolation, match=words) as refused:
            world.name_lease(user, OTHERS)
        assert refused.value.field == "lease_number"
        assert (world.theirs.number in refused.value.text()) is (user is not world.referent)


def test_a_number_that_nobody_has_is_taken_and_may_be_taken_back(world: World) -> None:
    assert world.name_lease(world.referent, TYPED) not in {None, world.theirs.rent_account_id}
    assert world.name_lease(world.referent, "") is None
    assert world.name_lease(world.referent, TYPED) is not None
    assert world.name_lease(world.referent, OWN) is not None


def test_the_lease_of_who_left_goes_on_for_who_sees_both(world: World) -> None:
    with system_ctx(world.engine, world.clock) as ctx:
        left = _owing(ctx, world.programme, "L-2", world.referent, Stage.ENDED)
        other = _owing(ctx, world.programme, "L-3", None, Stage.ENDED)
    tomorrow = FixedClock(world.clock.now() + timedelta(days=1))
    with system_ctx(world.engine, tomorrow) as ctx:
        back = make_case(ctx, world.programme, stage=Stage.REFERRED, referred_on=ctx.today, referent=world.referent)
    world.clock = tomorrow

    assert world.name_lease(world.referent, "L-2", back) == left.rent_account_id
    with pytest.raises(RuleViolation, match="d’un autre ménage"):
        world.name_lease(world.referent, "L-3", back)
    assert world.name_lease(world.manager, "L-3", back) == other.rent_account_id
    assert world.name_lease(world.manager, "", other) is None
    assert world.name_lease(world.manager, "L-3", other) == other.rent_account_id  # it ended before the other one came


def test_the_months_of_another_programme_are_given_by_the_landlord_alone(world: World) -> None:
    with system_ctx(world.engine, world.clock) as ctx:
        elsewhere = make_programme(ctx, "F-ICF")
        elsewhere.landlord_id = world.programme.landlord_id
        followed = _owing(ctx, elsewhere, "L-4", None)

    for user in (world.referent, world.manager):
        with pytest.raises(RuleViolation, match="demandez au bailleur"):
            world.name_lease(user, "L-4")
    assert world.name_lease(world.landlord, "L-4") == followed.rent_account_id
