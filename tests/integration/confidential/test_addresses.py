"""A secret address stands in one place, comes back by no way, and is shown to the team only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases.models import Case
from casework.cases.people_service import MemberNews, add_member
from casework.cases.queries import case_head, case_record
from casework.cases.service import correct_identity, sheet_of
from casework.confidential.address_service import (
    SecretAddress,
    lift_protection,
    protect_address,
    reveal_address,
    revise_address,
    ways_to_reach,
)
from casework.confidential.glass_service import Urgency, break_glass
from casework.confidential.models import AddressProtection
from casework.confidential.queries import opened_cases_column, sights_of
from casework.confidential.vocabulary import Motive
from casework.exchange.checking import check
from casework.exchange.reading.files import read_folder
from casework.exchange.rejects import reject_files
from casework.exchange.service import import_batch
from casework.households.models import Dwelling, HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.database import create_engine_for
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.programmes.models import Programme
from tests.factories import acting_as, make_case, make_programme, make_user, seen_by, system_ctx
from tests.support.postgres import APPLICATION

PETIT = Path(__file__).parents[2] / "data" / "petit"
SECRETS = ("Zqxvoie", "Zqxquartier", "06 39 98 00 01")
SAFE = "Par sa sœur, avant 16 h."


def _everything(engine: Engine) -> str:
    """Return all that the database holds, as text, read past every door of the program."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return "\n".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )


def _household(ctx: Ctx, programme: Programme, referent: User) -> Case:
    """A household with words that nobody else has, written and corrected as users do."""
    case = make_case(ctx, programme, referent=referent, number="ZQX-1")
    sheet = sheet_of(case_record(ctx, case.id))
    told = {"address": "1 rue Zqxvoie", "district": "Zqxquartier", "phone": "06 39 98 00 01"}
    correct_identity(ctx, case.id, type(sheet)(**{**vars(sheet), **told}), case.version)
    return case


def _world(engine: Engine, clock: FixedClock) -> tuple[int, User, User, User]:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        return _household(ctx, programme, referent).id, referent, manager, landlord


def test_a_secret_address_is_left_nowhere_in_the_database(engine: Engine, clock: FixedClock) -> None:
    case_id, referent, _manager, _landlord = _world(engine, clock)
    assert all(word in _everything(engine) for word in SECRETS)

    with acting_as(engine, clock, referent) as ctx:
        protect_address(ctx, case_id, SAFE)

    left = _everything(engine)
    assert [word for word in (*SECRETS, SAFE) if word in left] == []
    with system_ctx(engine, clock) as ctx:
        head = case_head(ctx, case_id)
        assert (head.address, head.district, head.is_protected) == ("", "", True)
        assert ctx.session.get_one(CaseSummary, case_id).district == ""


def test_the_team_sees_it_by_a_gesture_that_is_noted_and_nobody_else_sees_it(engine: Engine, clock: FixedClock) -> None:
    case_id, referent, manager, landlord = _world(engine, clock)
    with acting_as(engine, clock, manager) as ctx:  # who protects need not be one who reads it afterwards
        protect_address(ctx, case_id, SAFE)

    with acting_as(engine, clock, referent) as ctx:
        ways = ways_to_reach(ctx, case_id)
        assert ways is not None
        assert ways.words == SAFE
        assert [row.display_name for row in sights_of(ctx, case_id)] == []
        shown = reveal_address(ctx, case_id)
        assert (shown.address, shown.district) == ("1 rue Zqxvoie", "Zqxquartier")
    with acting_as(engine, clock, referent) as ctx:
        assert [row.display_name for row in sights_of(ctx, case_id)] == [referent.display_name]
        for other in (manager, landlord):
            theirs = seen_by(ctx, other)
            assert ways_to_reach(theirs, case_id) is None
            with pytest.raises(NotVisible):
                reveal_address(theirs, case_id)
            with pytest.raises(NotVisible):
                revise_address(theirs, case_id, SecretAddress("2 rue d’ailleurs", "", SAFE))
            with pytest.raises(NotVisible):
                lift_protection(theirs, case_id, "Parce que.", restore=True)


def test_no_way_of_writing_brings_it_back(engine: Engine, clock: FixedClock) -> None:
    case_id, referent, _manager, _landlord = _world(engine, clock)
    with system_ctx(engine, clock) as ctx:
        before = case_record(ctx, case_id)
        stale, version = sheet_of(before), before.case.version
    with acting_as(engine, clock, referent) as ctx:
        protect_address(ctx, case_id, SAFE)

    with system_ctx(engine, clock) as ctx:
        record = case_record(ctx, case_id)
        now, dwelling_id, household_id = record.case.version, record.case.dwelling_id, record.case.household_id
    with pytest.raises(Conflict), acting_as(engine, clock, referent) as ctx:
        correct_identity(ctx, case_id, stale, version)
    with pytest.raises(RuleViolation) as refused, acting_as(engine, clock, referent) as ctx:
        correct_identity(ctx, case_id, stale, now)
    assert refused.value.field in {"phone", "address"}
    with pytest.raises(RuleViolation), acting_as(engine, clock, referent) as ctx:
        add_member(ctx, case_id, MemberNews("Zqx", "Noa", Link.ENFANT, phone="06 39 98 00 02"))
    with acting_as(engine, clock, referent) as ctx:
        add_member(ctx, case_id, MemberNews("Zqx", "Noa", Link.ENFANT))
    people = select(HouseholdMember.person_id).where(HouseholdMember.household_id == household_id)
    for statement in (
        update(Dwelling).where(Dwelling.id == dwelling_id).values(district="Centre"),
        update(Person).where(Person.id.in_(people)).values(phone="1"),
    ):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(statement)


def test_an_import_leaves_a_secret_address_alone_and_says_so_without_the_value(
    engine: Engine, clock: FixedClock, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(PETIT, tmp_path / "petit"))
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        import_batch(ctx, programme, read_folder(folder))
        case_id = ctx.session.scalars(select(Case.id).where(Case.number == "PET-2024-001")).one()
        protect_address(ctx, case_id, SAFE)

    table = folder / "menages.csv"
    table.write_bytes(table.read_bytes().replace(b"3 rue des Tanneurs", b"9 rue Zqxvoie").replace(b"420,15", b"421,15"))
    with system_ctx(engine, clock) as ctx:
        plan = check(ctx, make_programme(ctx), read_folder(folder), replace=True)
        assert [(r.line, r.column, r.value) for r in plan.all_refused] == [(2, "adresse", ""), (2, "quartier", "")]
        assert "protégée" in str(plan.all_refused[0].reason)
        counts = plan.counts["menages.csv"]
        assert (counts.read, counts.refused) == (counts.identical + 1, 1)
        sent_back = "".join(text for _name, text in reject_files(plan.batch.sheets, plan.all_refused))
        assert "PET-2024-001" in sent_back
        assert "Zqxvoie" not in sent_back
        import_batch(ctx, make_programme(ctx), read_folder(folder), replace=True)
    with system_ctx(engine, clock) as ctx:
        assert (case_head(ctx, case_id).address, case_head(ctx, case_id).rent_cents) == ("", 421_15)
    assert "Zqxvoie" not in _everything(engine)


@pytest.mark.parametrize("restore", [True, False])
def test_lifting_it_is_a_decision_with_a_reason(engine: Engine, clock: FixedClock, restore: bool) -> None:
    case_id, referent, _manager, _landlord = _world(engine, clock)
    with acting_as(engine, clock, referent) as ctx:
        protect_address(ctx, case_id, SAFE)
        with pytest.raises(RuleViolation):
            protect_address(ctx, case_id, SAFE)
        revise_address(ctx, case_id, SecretAddress("2 rue Zqxvoie", "Zqxquartier", SAFE))
        with pytest.raises(RuleViolation):
            lift_protection(ctx, case_id, " ", restore=restore)
    with acting_as(engine, clock, referent) as ctx:
        lift_protection(ctx, case_id, "À sa demande.", restore=restore)

    with system_ctx(engine, clock) as ctx:
        head, person = case_head(ctx, case_id), case_record(ctx, case_id).person
        kept = ctx.session.scalars(select(AddressProtection)).one()
        assert person is not None
        assert not head.is_protected
        assert (kept.to_on, kept.lifted_by, kept.lift_reason) == (clock.today(), referent.id, "À sa demande.")
        if restore:
            assert (head.address, person.phone, kept.address) == ("2 rue Zqxvoie", "06 39 98 00 01", "")
        else:
            assert (head.address, person.phone, kept.address) == ("", None, "2 rue Zqxvoie")


@pytest.mark.databases("postgresql")
def test_behind_the_wall_too_it_is_secret_in_every_programme_and_a_broken_glass_is_known(
    engine: Engine, database_url: str, clock: FixedClock
) -> None:
    case_id, referent, manager, _landlord = _world(engine, clock)
    with system_ctx(engine, clock) as ctx:
        other = make_case(ctx, make_programme(ctx, "3.2.4"), number="ZQX-2")
        other.household_id = ctx.session.get_one(Case, case_id).household_id
        other_id = other.id
    walled = create_engine_for(database_url, role=APPLICATION)
    try:
        with acting_as(walled, clock, referent) as ctx:
            protect_address(ctx, case_id, SAFE)
        left = _everything(engine)
        assert [word for word in (*SECRETS, SAFE, "rue des Lilas") if word in left] == []
        with acting_as(walled, clock, manager) as ctx:
            break_glass(ctx, Urgency("ZQX-1", Motive.DANGER, "Appel au secours ce matin."))
        with Session(walled) as session:  # as a request begins, before anybody is known
            statement = select(opened_cases_column(User.id.expression)).where(User.id == manager.id)
            assert session.execute(statement, {"now": clock.now()}).scalar_one() == str(case_id)
        with acting_as(walled, clock, manager) as ctx:
            assert reveal_address(ctx, case_id).address == "1 rue Zqxvoie"
        with acting_as(walled, clock, referent) as ctx:
            lift_protection(ctx, case_id, "À sa demande.", restore=True)
    finally:
        walled.dispose()
    with system_ctx(engine, clock) as ctx:
        assert case_head(ctx, case_id).address == "1 rue Zqxvoie"
        assert case_head(ctx, other_id).address == "3 rue des Lilas"


def test_it_is_secret_in_every_case_of_the_household(engine: Engine, clock: FixedClock) -> None:
    case_id, referent, _manager, _landlord = _world(engine, clock)
    with system_ctx(engine, clock) as ctx:
        other = make_case(ctx, make_programme(ctx), number="ZQX-2")
        household_id = ctx.session.get_one(Case, case_id).household_id
        other.household_id, other.dwelling_id = household_id, None
        other_id = other.id
    with acting_as(engine, clock, referent) as ctx:
        protect_address(ctx, case_id, SAFE)

    with system_ctx(engine, clock) as ctx:
        assert [case_head(ctx, every).is_protected for every in (case_id, other_id)] == [True, True]
        assert [row.case_id for row in ctx.session.scalars(select(AddressProtection))] == [case_id, other_id]
