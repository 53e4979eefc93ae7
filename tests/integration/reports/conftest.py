"""A programme with a year behind it, and somebody of each role that reads its review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import Engine

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case
from casework.contacts.models import Contact
from casework.contracts.models import Contract
from casework.households.models import Household
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.programmes.models import Programme
from casework.reassessments.models import Reassessment
from tests.factories import Stage, make_case, make_programme, make_user, system_ctx

READERS = (Role.MANAGER, Role.LANDLORD_SOCIAL, Role.COORDINATOR)
YEAR = 2025


@dataclass
class World:
    """What the tests of the review start from."""

    programme: Programme
    users: dict[Role, User]
    outsider: User
    cases: dict[str, Case]


def add_contact(ctx: Ctx, case: Case, on: date, kind: str = "VAD", outcome: str = "REALISEE") -> None:
    ctx.session.add(Contact(case_id=case.id, occurred_on=on, kind=kind, outcome=outcome, created_at=ctx.clock.now()))


def add_reassessment(ctx: Ctx, case: Case, on: date) -> None:
    ctx.session.add(Reassessment(case_id=case.id, held_on=on, decision="POURSUITE", created_at=ctx.clock.now()))


def describe(ctx: Ctx, case: Case, composition: str, adults: int, children: int) -> None:
    household = ctx.session.get_one(Household, case.household_id)
    household.composition, household.adults, household.children = composition, adults, children


def _follow(ctx: Ctx, cases: dict[str, Case]) -> None:
    stays, left, waits = cases["stays"], cases["left"], cases["waits"]
    for day, kind, outcome in (
        (date(2025, 1, 5), "VAD", "REALISEE"),  # before the contract
        (date(2025, 6, 2), "BUREAU", "REALISEE"),
        (date(2025, 12, 31), "VAD", "ABSENT"),
        (date(2025, 7, 1), "TENTATIVE", "REALISEE"),  # an attempt is never a contact made
        (date(2025, 7, 2), "TENTATIVE", "REFUS"),
        (date(2025, 7, 3), "TEL", "REPORTEE"),
        (date(2024, 12, 31), "VAD", "REALISEE"),
        (date(2026, 1, 1), "VAD", "REALISEE"),
    ):
        add_contact(ctx, stays, day, kind, outcome)
    add_contact(ctx, left, date(2025, 11, 20))  # after the end
    add_contact(ctx, waits, date(2025, 3, 3))  # never followed
    add_reassessment(ctx, stays, date(2025, 4, 1))
    add_reassessment(ctx, stays, date(2026, 1, 1))
    add_reassessment(ctx, waits, date(2025, 4, 1))
    describe(ctx, stays, "CAVEC", 2, 3)
    describe(ctx, left, "HSEUL", 1, 0)


def _cases(ctx: Ctx, programme: Programme) -> dict[str, Case]:
    stays = make_case(
        ctx, programme, number="A-1", family_name="Aubry", referred_on=date(2024, 12, 20), signed_on=date(2025, 2, 10)
    )
    # The first contract counts, whatever follows it.
    ctx.session.add(
        Contract(case_id=stays.id, kind="AMENDMENT", signed_on=date(2025, 8, 10), created_at=ctx.clock.now())
    )
    left = make_case(
        ctx,
        programme,
        stage=Stage.ENDED,
        number="A-2",
        family_name="Béranger",
        referred_on=date(2024, 3, 1),
        signed_on=date(2024, 5, 1),
        ended_on=date(2025, 10, 3),
    )
    waits = make_case(ctx, programme, stage=Stage.DIAGNOSED, number="A-3", referred_on=date(2025, 2, 1))
    make_case(
        ctx,
        programme,
        stage=Stage.ENDED,
        number="A-4",
        referred_on=date(2023, 3, 1),
        signed_on=date(2023, 5, 1),
        ended_on=date(2024, 12, 31),
    )
    return {"stays": stays, "left": left, "waits": waits}


@pytest.fixture
def world(engine: Engine, clock: FixedClock) -> World:
    """F-SEMIS with four households: one stays, one left, one waits, one left the year before."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        users = {role: make_user(ctx, role, programme=programme) for role in Role}
        outsider = make_user(ctx, Role.COORDINATOR)
        cases = _cases(ctx, programme)
        _follow(ctx, cases)
        for case in cases.values():
            ctx.case_changed(case.id)
    return World(programme, users, outsider, cases)
