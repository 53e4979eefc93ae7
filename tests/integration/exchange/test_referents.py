"""Whom a file may name as referent: an import lets nobody into a programme but those who accompany its households."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.cases.models import Case, CaseTeamMember
from casework.exchange.creation.work import Created
from casework.exchange.household_check import NO_REFERENT
from casework.exchange.plan import Plan
from casework.exchange.reading.files import read_folder
from casework.exchange.service import run_import
from casework.kernel.clock import FixedClock
from casework.programmes.models import ProgrammeMember
from tests.factories import acting_as, make_organisation, make_programme, make_user, system_ctx
from tests.support.tree import ROOT

PETIT = ROOT / "tests" / "data" / "petit"
AWA = "PET-2025-003"  # on line 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small folder, to be changed."""
    return Path(shutil.copytree(PETIT, tmp_path / "petit"))


def name_referent(folder: Path, handle: str) -> None:
    """Let the table of households name somebody else as the referent of Awa N’Diaye."""
    path = folder / "menages.csv"
    old, new = ";31/05/2025;31/05/2026;m.perrin;", f";31/05/2025;31/05/2026;{handle};"
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))


def make_somebody(engine: Engine, clock: FixedClock, role: Role, *, is_member: bool) -> User:
    """Make an account of the programme’s own association, working in the programme or not."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        employer = make_user(ctx, Role.REFERENT, programme=programme).organisation_id
        user = make_user(ctx, role)
        user.organisation_id = employer
        if is_member:
            ctx.session.add(ProgrammeMember(programme_id=programme.id, user_id=user.id))
        return user


def run(engine: Engine, clock: FixedClock, folder: Path, **options: bool) -> tuple[Plan, Created]:
    with system_ctx(engine, clock) as ctx:
        coordinator = make_user(ctx, Role.COORDINATOR, programme=make_programme(ctx))
    with acting_as(engine, clock, coordinator) as ctx:
        return run_import(ctx, make_programme(ctx), read_folder(folder), **options)


def is_member(engine: Engine, clock: FixedClock, user: User) -> bool:
    with system_ctx(engine, clock) as ctx:
        found = select(ProgrammeMember).where(ProgrammeMember.user_id == user.id)
        return ctx.session.scalars(found).one_or_none() is not None


def team_of(engine: Engine, clock: FixedClock, number: str) -> tuple[int | None, list[int]]:
    """Return the referent of a case and its team."""
    with system_ctx(engine, clock) as ctx:
        case = ctx.session.scalars(select(Case).where(Case.number == number)).one()
        team = ctx.session.scalars(select(CaseTeamMember.user_id).where(CaseTeamMember.case_id == case.id)).all()
        return case.referent_id, list(team)


REFUSED = [
    (Role.MANAGER, False),
    (Role.COORDINATOR, False),
    (Role.COORDINATOR, True),
    (Role.ADMINISTRATOR, False),
    (Role.LANDLORD_SOCIAL, False),
]


@pytest.mark.parametrize(("role", "works_here"), REFUSED)
def test_who_is_no_referent_is_let_in_by_no_file(
    engine: Engine, clock: FixedClock, folder: Path, role: Role, works_here: bool
) -> None:
    user = make_somebody(engine, clock, role, is_member=works_here)
    name_referent(folder, user.handle.upper())

    plan, created = run(engine, clock, folder)

    told = [(r.file, r.line, r.column, r.value, r.reason) for r in plan.refused if not r.is_waiting]
    assert told == [("menages.csv", 4, "referent", user.handle.upper(), NO_REFERENT)]
    assert created.counts["cases"] == 8
    assert is_member(engine, clock, user) is works_here
    with system_ctx(engine, clock) as ctx:
        assert ctx.session.scalars(select(CaseTeamMember).where(CaseTeamMember.user_id == user.id)).all() == []
        assert ctx.session.scalars(select(Case.id).where(Case.number == AWA)).all() == []


@pytest.mark.parametrize("replace", [False, True])
def test_a_known_household_is_given_to_no_stranger_either(
    engine: Engine, clock: FixedClock, folder: Path, replace: bool
) -> None:
    run(engine, clock, PETIT)
    before = team_of(engine, clock, AWA)
    user = make_somebody(engine, clock, Role.MANAGER, is_member=False)
    name_referent(folder, user.handle)

    plan, created = run(engine, clock, folder, replace=replace)

    told = [(r.file, r.line, r.column, r.value, r.reason) for r in plan.all_refused]
    assert told == [("menages.csv", 4, "referent", user.handle, NO_REFERENT)]
    assert created.counts == {}
    assert team_of(engine, clock, AWA) == before
    assert not is_member(engine, clock, user)


@pytest.mark.parametrize(("role", "works_here"), [(Role.REFERENT, False), (Role.REFERENT, True), (Role.MANAGER, True)])
def test_who_accompanies_households_here_is_taken(
    engine: Engine, clock: FixedClock, folder: Path, role: Role, works_here: bool
) -> None:
    user = make_somebody(engine, clock, role, is_member=works_here)
    name_referent(folder, user.handle)

    plan, created = run(engine, clock, folder)

    assert plan.all_refused == []
    assert created.counts["cases"] == 9
    assert is_member(engine, clock, user)
    assert team_of(engine, clock, AWA) == (user.id, [user.id])


def test_a_name_of_another_organisation_is_a_name_without_account_here(
    engine: Engine, clock: FixedClock, folder: Path
) -> None:
    with system_ctx(engine, clock) as ctx:
        stranger = make_user(
            ctx, Role.MANAGER, organisation=make_organisation(ctx, OrganisationKind.ASSOCIATION, "Autre association")
        )
    name_referent(folder, stranger.handle)

    plan, created = run(engine, clock, folder)

    assert plan.all_refused == []
    assert created.counts["users"] == 3
    assert not is_member(engine, clock, stranger)


def test_a_household_keeps_the_referent_it_has_when_the_file_repeats_the_name(
    engine: Engine, clock: FixedClock, folder: Path
) -> None:
    """Who changed role since is no fault of the rows that other facts come in."""
    user = make_somebody(engine, clock, Role.REFERENT, is_member=True)
    name_referent(folder, user.handle)
    run(engine, clock, folder)
    with system_ctx(engine, clock) as ctx:
        ctx.session.get_one(User, user.id).role = Role.COORDINATOR.value

    plan, created = run(engine, clock, folder)

    assert (plan.all_refused, created.counts) == ([], {})
