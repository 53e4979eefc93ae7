"""Raw SQL as the role of the application: what the second wall lets through, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Column, Engine, Integer, MetaData, Table, bindparam, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import casework
from casework.accounts.models import SignInSession, User
from casework.accounts.queries import session_statement, user_of_session
from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases.models import Case
from casework.confidential.queries import opened_cases_column
from casework.contacts.models import Contact
from casework.jobs import nightly_jobs
from casework.kernel import audit, row_security
from casework.kernel.audit_check import check_log
from casework.kernel.clock import FixedClock
from casework.kernel.context import Actor
from casework.kernel.database import create_engine_for, reading
from casework.kernel.errors import ConfigurationError
from casework.kernel.events import Events
from casework.kernel.late import write_late
from casework.kernel.rotation import uses_of_keys
from casework.kernel.row_security import condition
from casework.kernel.transaction import reading_context, writing_context
from casework.models import metadata
from casework.programmes.conventions import shares_column
from casework.programmes.queries import programme_ids_column
from casework.settings import Settings
from tests.factories import make_case, make_programme, make_user, system_ctx
from tests.integration.conftest import Run
from tests.support.databases import Databases
from tests.support.keys import KEYS
from tests.support.postgres import APPLICATION, SUPERUSER

pytestmark = pytest.mark.databases("postgresql")
WALLED = sorted(table.name for table in metadata.sorted_tables if condition(table) is not None)


@dataclass
class World:
    """Two programmes that have nothing in common: one's own with its manager, and another one; a case in each."""

    manager: User
    programme_id: int
    other_programme_id: int
    own: int
    theirs: int

    @property
    def actor(self) -> Actor:
        return Actor(self.manager.id, self.manager.organisation_id, Role.MANAGER, (self.programme_id,))


@pytest.fixture
def world(engine: Engine, clock: FixedClock) -> World:
    with system_ctx(engine, clock) as ctx:
        programmes = [make_programme(ctx), make_programme(ctx, "3.2.4")]
        users = [make_user(ctx, Role.MANAGER, programme=programme) for programme in programmes]
        cases = [
            make_case(ctx, programme, referent=user, lease_number=f"L{programme.id}")
            for programme, user in zip(programmes, users, strict=True)
        ]
        for case in cases:
            ctx.session.add(
                Contact(
                    case_id=case.id,
                    occurred_on=date(2026, 1, 5),
                    kind="VAD",
                    outcome="REALISEE",
                    created_at=clock.now(),
                )
            )
    return World(users[0], programmes[0].id, programmes[1].id, cases[0].id, cases[1].id)


@pytest.fixture
def raw(database_url: str, databases: Databases) -> Iterator[psycopg.Connection]:
    """A connection of the application's role, without anything of the application."""
    url = databases.server.url(make_url(database_url).database or "", APPLICATION)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def _become(raw: psycopg.Connection, world: World) -> None:
    raw.execute("SELECT set_config('casework.user_id', %s, false)", [str(world.manager.id)])
    raw.execute("SELECT set_config('casework.programmes', %s, false)", [str(world.programme_id)])


def _counts(connection: psycopg.Connection, tables: list[str]) -> dict[str, int]:
    found = {}
    for table in tables:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        found[table] = row[0] if row else -1
    return found


def test_every_table_says_how_its_rows_are_reached_and_stands_behind_the_wall(raw: psycopg.Connection) -> None:
    """A new table with a case is behind the wall by itself; one that says nothing stops the migrations."""
    held = "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
    named = "SELECT DISTINCT tablename FROM pg_policies"
    assert sorted(row[0] for row in raw.execute(held)) == WALLED
    assert sorted(row[0] for row in raw.execute(named)) == WALLED
    assert {table.name for table in metadata.sorted_tables if {"case_id", "programme_id"} & set(table.c.keys())} - set(
        WALLED
    ) == {"glass_breaks", "programme_members", "programme_versions", "sharing_conventions", "sweep_log"}

    with pytest.raises(LookupError):
        condition(Table("letters", MetaData(), Column("words", Integer)))
    assert condition(Table("letters", MetaData(), Column("case_id", Integer))) is not None


def test_without_an_actor_there_is_nothing(raw: psycopg.Connection, world: World) -> None:
    assert set(_counts(raw, WALLED).values()) == {0}


def test_an_actor_finds_the_rows_of_their_programmes_and_no_others(
    raw: psycopg.Connection, world: World, databases: Databases, database_url: str
) -> None:
    _become(raw, world)
    with psycopg.connect(databases.server.url(make_url(database_url).database or "", SUPERUSER)) as everything:
        all_rows = _counts(everything, WALLED)
    found = _counts(raw, WALLED)

    assert [row[0] for row in raw.execute("SELECT id FROM cases")] == [world.own]
    assert [row[0] for row in raw.execute("SELECT DISTINCT case_id FROM contacts")] == [world.own]
    twice = {"cases", "contacts", "contracts", "diagnostics", "case_team", "case_summaries", "households", "persons"}
    twice |= {"household_members", "dwellings", "rent_accounts"}
    assert {name: found[name] * 2 for name in twice} == {name: all_rows[name] for name in twice}
    assert 0 < found["audit_events"] < all_rows["audit_events"]


def test_nothing_is_written_into_another_programme(raw: psycopg.Connection, world: World) -> None:
    _become(raw, world)
    suspension = "INSERT INTO suspensions (case_id, from_on, reason) VALUES (%s, '2026-03-01', 'x')"
    raw.execute(suspension, [world.own])
    for refused, values in (
        (suspension, [world.theirs]),
        ("UPDATE contacts SET case_id = %s", [world.theirs]),
        ("UPDATE cases SET programme_id = %s", [world.other_programme_id]),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(refused, values)
    assert raw.execute("UPDATE contacts SET kind = 'TEL' WHERE case_id = %s", [world.theirs]).rowcount == 0
    assert raw.execute("DELETE FROM contacts WHERE case_id = %s", [world.theirs]).rowcount == 0


def test_the_logs_are_added_to_in_ones_own_name_and_never_changed(raw: psycopg.Connection, world: World) -> None:
    _become(raw, world)
    written = "INSERT INTO reading_log (at, user_id, case_id, what, level) VALUES (now(), %s, %s, 'CASE', 'S0')"
    raw.execute(written, [world.manager.id, world.own])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(written, [world.manager.id + 1, world.own])
    for change in ("UPDATE reading_log SET user_id = 1", "DELETE FROM reading_log", "DELETE FROM audit_events"):
        assert raw.execute(change).rowcount == 0


@pytest.mark.parametrize(
    "attempt",
    [
        "SET row_security = off; SELECT * FROM cases",
        "ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
        "DROP POLICY casework ON cases",
        "CREATE POLICY mine ON cases USING (true)",
        "SET ROLE casework_owner",
        "ALTER ROLE casework_app BYPASSRLS",
        "TRUNCATE cases CASCADE",
        "CREATE TABLE public.cases_too AS SELECT * FROM cases",
        "CREATE OR REPLACE FUNCTION casework_reaches_person(bigint) RETURNS boolean LANGUAGE sql RETURN true",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_wall_cannot_be_taken_down_from_inside(raw: psycopg.Connection, attempt: str) -> None:
    *before, last = attempt.split("; ")
    for statement in before:
        raw.execute(statement)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(last)


@pytest.fixture
def walled(database_url: str) -> Iterator[Engine]:
    """The engine of the application: one connection, that everybody gets in turn."""
    engine = create_engine_for(database_url, pool_size=1, role=APPLICATION)
    row_security.install(engine)
    yield engine
    engine.dispose()


def _settings(engine: Engine) -> tuple[int, str, str]:
    with engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT pg_backend_pid(), concat(current_setting('casework.user_id', true), "
                "current_setting('casework.programmes', true), current_setting('casework.system', true)), current_user"
            )
        ).one()
    return row[0], row[1], row[2]


def test_a_connection_that_goes_back_keeps_nobodys_name(walled: Engine, world: World, clock: FixedClock) -> None:
    before = _settings(walled)
    assert before[1:] == ("", APPLICATION)
    for actor in (world.actor, Actor(None, None, "SYSTEM")):
        with reading_context(walled, actor, clock) as ctx:
            assert ctx.session.scalars(select(Case.id).where(Case.id == world.own)).one() == world.own
        assert _settings(walled) == before
        with writing_context(walled, actor, clock, "test", Events()) as ctx:
            assert ctx.session.scalars(select(Case.id).where(Case.id == world.own)).one() == world.own
        assert _settings(walled) == before
        with Session(walled) as session:  # as a request: what was refused is undone, and the page is made all the same
            audit.bind(session, actor, clock, "test")
            for _ in range(2):
                assert session.scalars(select(Case.id).where(Case.id == world.own)).one() == world.own
                session.rollback()
        assert _settings(walled) == before
        with pytest.raises(ZeroDivisionError):
            _fail_while_reading(walled, actor, clock)
        assert _settings(walled) == before


def _fail_while_reading(engine: Engine, actor: Actor, clock: FixedClock) -> None:
    with reading_context(engine, actor, clock) as ctx:
        assert ctx.session.scalars(select(Case.id)).all()
        raise ZeroDivisionError


def test_who_is_signed_in_acts_from_the_statement_on_that_finds_them(
    walled: Engine, world: World, clock: FixedClock
) -> None:
    said = (f"nullif(current_setting('casework.{name}', true), '')" for name in ("user_id", "programmes", "system"))
    now, everything = clock.now(), text(f"SELECT concat_ws(' ', {', '.join(said)})")
    user_id, role = User.id.expression, User.role.expression
    columns = programme_ids_column(user_id), opened_cases_column(user_id), shares_column(user_id, role)
    statement = session_statement("postgresql", *columns)
    with writing_context(walled, Actor(None, None, "SYSTEM"), clock, "test", Events()) as ctx:
        ctx.session.add(
            SignInSession(
                user_id=world.manager.id,
                token_hash="known",
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(1),
            )
        )
    for engine in (walled, reading(walled)):
        before = _settings(walled)
        with Session(engine) as session:
            assert user_of_session(session, statement, "unknown", clock) is None
            assert session.scalar(everything) == ""
            found = user_of_session(session, statement, "known", clock)
            assert found is not None
            assert (found.id, found.programme_ids) == (world.manager.id, (world.programme_id,))
            assert session.scalar(everything) == f"{world.manager.id} {world.programme_id}"
            assert session.scalars(select(Case.id)).all() == [world.own]
        assert _settings(walled) == before


def test_a_query_that_forgets_the_door_meets_the_wall(walled: Engine, world: World, clock: FixedClock) -> None:
    with reading_context(walled, world.actor, clock) as ctx:
        assert ctx.session.scalars(select(Case.id)).all() == [world.own]
        assert ctx.session.get(Case, world.theirs) is None
    with writing_context(walled, world.actor, clock, "test", Events()) as ctx:
        with row_security.as_system(ctx.session, world.actor):
            assert set(ctx.session.scalars(select(Case.id))) == {world.own, world.theirs}
        assert ctx.session.scalars(select(Case.id)).all() == [world.own]


def test_who_reached_further_does_so_no_longer_after_an_error(walled: Engine, world: World, clock: FixedClock) -> None:
    with reading_context(walled, world.actor, clock) as ctx:
        with pytest.raises(ZeroDivisionError), row_security.as_system(ctx.session, world.actor):
            raise ZeroDivisionError
        assert ctx.session.scalars(select(Case.id)).all() == [world.own]
    with Session(walled) as session:
        audit.bind(session, world.actor, clock, "test")
        with pytest.raises(DBAPIError), row_security.as_system(session, world.actor):
            session.execute(text("SELECT 1 / 0"))
        session.rollback()
        assert session.scalars(select(Case.id)).all() == [world.own]


@pytest.mark.parametrize("reaches_further", [True, False])
def test_what_waits_is_written_as_who_said_it(
    walled: Engine, engine: Engine, world: World, clock: FixedClock, *, reaches_further: bool
) -> None:
    rename = update(CaseSummary).where(CaseSummary.case_id == bindparam("of")).values(name=bindparam("to"))
    values = {"of": world.theirs, "to": "Petit Luc"}
    with writing_context(walled, world.actor, clock, "test", Events()) as ctx:
        if reaches_further:
            with row_security.as_system(ctx.session, world.actor):
                write_late(ctx.session, rename, values)
        else:
            write_late(ctx.session, rename, values)
            with row_security.as_system(ctx.session, world.actor):
                assert ctx.session.scalar(select(CaseSummary.name).where(CaseSummary.case_id == world.theirs))

    with Session(engine) as session:
        found = session.scalar(select(CaseSummary.name).where(CaseSummary.case_id == world.theirs))
        assert (found == "Petit Luc") is reaches_further


def test_who_acts_ends_with_the_transaction_behind_a_pooler(database_url: str, world: World, clock: FixedClock) -> None:
    """There the next transaction may be somebody else's, on the same connection."""
    engine = create_engine_for(database_url, pool_size=1, through_pooler=True)
    with reading_context(engine, world.actor, clock) as ctx:
        ctx.session.scalars(select(Case.id)).all()
        assert ctx.session.scalar(text("SELECT current_setting('casework.user_id')")) == str(world.manager.id)
        ctx.session.commit()
        ctx.session.info.pop("audit")
        assert ctx.session.scalar(text("SELECT current_setting('casework.user_id')")) == ""
    engine.dispose()


def test_the_jobs_of_the_night_reach_everything(
    walled: Engine, world: World, settings: Settings, clock: FixedClock
) -> None:
    told = {job.name: job.run(walled, clock) for job in nightly_jobs(settings)}

    assert told["sweep"] == "dispositifs\u00a0: 2\u00a0; alertes\u00a0: 4"


def test_what_looks_at_everything_is_not_deceived_by_the_wall(engine: Engine, walled: Engine, world: World) -> None:
    assert uses_of_keys(walled) == uses_of_keys(engine)
    assert any(uses_of_keys(walled)["diagnostics.social_part"].values())
    assert check_log(walled, ()) == check_log(engine, ())
    assert _settings(walled)[1] == ""


def test_the_application_refuses_to_start_behind_a_wall_with_a_hole(
    engine: Engine, database_url: str, databases: Databases, tmp_path: Path
) -> None:
    def start(url: str, role: str | None) -> None:
        app = casework.create_app(Settings(url, tmp_path, "x", database_role=role, keys=KEYS))
        app.extensions["casework"].engine.dispose()

    name = make_url(database_url).database or ""
    application = databases.server.url(name, APPLICATION)
    start(database_url, None)
    start(database_url, APPLICATION)
    start(application, None)
    with pytest.raises(ConfigurationError):  # an administrator is not held by any wall
        start(databases.server.url(name, SUPERUSER), SUPERUSER)
    with engine.begin() as connection:
        connection.execute(text("DROP POLICY casework ON contacts"))
    start(database_url, None)
    for url, role in ((database_url, APPLICATION), (application, None)):
        with pytest.raises(ConfigurationError, match="contacts"):
            start(url, role)


def test_a_role_is_given_what_it_needs_by_a_command(run: Run) -> None:
    given = run("db", "grant-role", APPLICATION)
    assert (given.status, APPLICATION in given.out) == (0, True)
    for wrong in ("nobody_here", SUPERUSER, "casework_owner", 'x"; DROP TABLE cases'):
        refused = run("db", "grant-role", wrong)
        assert (refused.status, refused.err.startswith("casework")) == (2, True), wrong
