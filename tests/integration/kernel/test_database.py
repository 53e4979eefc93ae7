from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, delete, func, insert, literal_column, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.accounts.models import Organisation, SignInFailure
from casework.accounts.vocabulary import OrganisationKind
from casework.cases.models import Suspension
from casework.kernel import audit
from casework.kernel.audit import WriteWhileReading, insert_row, record_bulk
from casework.kernel.clock import PARIS, FixedClock
from casework.kernel.context import Actor
from casework.kernel.database import constant, create_engine_for, lock_subject, reading, sent_together, upsert
from casework.kernel.migrate import current_revision, downgrade, head_revision, upgrade
from casework.kernel.transaction import reading_context
from tests.factories import make_organisation, system_ctx

AT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)


def _failure(subject: str) -> SignInFailure:
    return SignInFailure(subject=subject, at=AT)


def _subjects(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(SignInFailure.subject).order_by(SignInFailure.subject)))


@pytest.mark.databases("sqlite")
def test_a_sqlite_connection_is_prepared_for_many_processes(engine: Engine) -> None:
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous", "secure_delete")
        }

    assert settings == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 15_000,
        "synchronous": 2,
        "secure_delete": 1,
    }


@pytest.fixture
def open_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that somebody made as most folders are made, by a process that makes its files like that, too."""
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    before = os.umask(0o022)
    yield folder
    os.umask(before)


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_the_files_of_a_sqlite_database_are_their_owners_whatever_the_folder(open_folder: Path) -> None:
    engine = create_engine_for(f"sqlite:///{open_folder / 'x'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (c)")
        assert _modes(open_folder) == {"x": 0o600, "x-wal": 0o600, "x-shm": 0o600}
        for path in open_folder.iterdir():  # as a version of before left them
            path.chmod(0o644)
    engine.pool.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        assert set(_modes(open_folder).values()) == {0o600}
    engine.dispose()

    assert open_folder.stat().st_mode & 0o777 == 0o755


def test_a_sqlite_file_that_was_opened_to_a_group_stays_open_to_it(open_folder: Path) -> None:
    (open_folder / "x").touch()
    (open_folder / "x").chmod(0o660)
    engine = create_engine_for(f"sqlite:///{open_folder / 'x'}")
    engine.connect().close()
    engine.dispose()

    assert _modes(open_folder) == {"x": 0o660}


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("through_pooler", [False, True])
def test_statements_are_prepared_unless_a_pooler_stands_between(database_url: str, through_pooler: bool) -> None:
    """A pooler that gives another connection to each transaction breaks those that were prepared."""
    engine = create_engine_for(database_url, through_pooler=through_pooler)
    with engine.connect() as connection:
        for _ in range(10):
            connection.execute(select(1))
        prepared = connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar()
    engine.dispose()

    assert bool(prepared) is not through_pooler


def test_two_who_read_and_then_write_wait_for_one_another(database_url: str) -> None:
    """With a BEGIN that takes no lock, the second would fail at once, whatever its busy timeout."""
    engines = [create_engine_for(database_url), create_engine_for(database_url)]
    first_has_read, errors = threading.Event(), list[Exception]()

    def work(engine: Engine, name: str, *, first: bool) -> None:
        try:
            if not first:
                first_has_read.wait(10)
            with Session(engine) as session, session.begin():
                session.scalar(select(func.count(SignInFailure.id)))
                if first:
                    first_has_read.set()
                    threading.Event().wait(0.3)
                session.add(_failure(name))
        except Exception as error:
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=(engine, name), kwargs={"first": name == "a"})
        for engine, name in zip(engines, "ab", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert errors == []
    assert _subjects(engines[0]) == ["a", "b"]
    for engine in engines:
        engine.dispose()


@pytest.mark.databases("sqlite")
def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with Session(engine) as writer, writer.begin():
        writer.add(_failure("a"))
        writer.flush()
        with Session(reading(engine)) as reader:
            assert reader.scalar(select(func.count(SignInFailure.id))) == 0


def test_a_row_that_points_nowhere_is_refused(engine: Engine) -> None:
    with Session(engine) as session:
        audit.bind(session, Actor(None, None, "SYSTEM"), FixedClock(AT), "test")
        session.add(Suspension(case_id=404, from_on=AT.date(), reason="x"))
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            session.flush()


@pytest.mark.parametrize("kind", ["orm", "row", "update", "delete"])
def test_who_only_reads_cannot_write(engine: Engine, clock: FixedClock, kind: str) -> None:
    with system_ctx(engine, clock) as ctx:
        make_organisation(ctx, OrganisationKind.ASSOCIATION)
        ctx.session.add(_failure("kept"))
    audit.install(engine)

    def write() -> None:
        with reading_context(engine, Actor(None, None, "SYSTEM"), clock) as ctx:
            if kind == "orm":
                ctx.session.add(_failure("written"))
                ctx.session.flush()
            elif kind == "row":
                insert_row(ctx, SignInFailure, {"subject": "written", "at": AT}, select(literal_column("1")))
            elif kind == "update":
                ctx.session.execute(update(SignInFailure).values(subject="written"))
            else:
                ctx.session.execute(delete(SignInFailure))

    with pytest.raises(WriteWhileReading, match="sign_in_failures"):
        write()
    assert _subjects(engine) == ["kept"]


def test_what_is_pending_when_the_reading_ends_is_forgotten(engine: Engine, clock: FixedClock) -> None:
    with reading_context(engine, Actor(None, None, "SYSTEM"), clock) as ctx:
        ctx.session.add(_failure("never"))

    assert _subjects(engine) == []


def test_a_context_that_writes_works_after_one_that_read(engine: Engine, clock: FixedClock) -> None:
    with reading_context(engine, Actor(None, None, "SYSTEM"), clock) as ctx:
        ctx.session.scalar(select(func.count(SignInFailure.id)))
    with system_ctx(engine, clock) as ctx:
        ctx.session.add(_failure("a"))

    assert _subjects(engine) == ["a"]


@pytest.mark.parametrize("instant", [AT, AT.astimezone(PARIS), datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)])
def test_an_instant_comes_back_from_the_database_in_utc(engine: Engine, instant: datetime) -> None:
    with Session(engine) as session, session.begin():
        session.add(SignInFailure(subject="x", at=instant))
    with Session(engine) as session:
        stored = session.scalars(select(SignInFailure.at)).one()
        found = session.scalar(select(func.count()).where(SignInFailure.at == instant))

    assert stored == instant.astimezone(UTC)
    assert stored.tzinfo is UTC
    assert found == 1


def test_upsert_knows_the_conflict_on_both_databases(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        organisation = make_organisation(ctx, OrganisationKind.ASSOCIATION, "Les Pins")
        statement = upsert(ctx.session, Organisation).values(kind="FUNDER", name="Les Pins", created_at=AT)
        ctx.session.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={"kind": statement.excluded.kind})
        )
        record_bulk(ctx, Organisation, "upsert", {"rows": 1})
        ctx.session.refresh(organisation)

        assert organisation.kind == "FUNDER"


def test_writes_that_are_sent_together_are_all_there(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx, sent_together(ctx.session):
        connection = ctx.session.connection()
        connection.execute(insert(SignInFailure).inline(), [{"subject": "a", "at": AT}, {"subject": "b", "at": AT}])
        connection.execute(update(SignInFailure).where(SignInFailure.subject == "a").values(subject="c"))

    assert _subjects(engine) == ["b", "c"]


def test_of_writes_that_are_sent_together_none_stays_when_one_is_refused(engine: Engine, clock: FixedClock) -> None:
    def write() -> None:
        with system_ctx(engine, clock) as ctx, sent_together(ctx.session):
            connection = ctx.session.connection()
            connection.execute(insert(SignInFailure).inline(), [{"subject": "a", "at": AT}])
            connection.execute(insert(SignInFailure).inline(), [{"subject": None, "at": AT}])
            connection.execute(insert(SignInFailure).inline(), [{"subject": "b", "at": AT}])

    with pytest.raises((IntegrityError, psycopg.errors.NotNullViolation), match=r"(?i)not.null"):
        write()
    assert _subjects(engine) == []
    with system_ctx(engine, clock) as ctx:
        ctx.session.add(_failure("after"))
    assert _subjects(engine) == ["after"]


@pytest.mark.databases("postgresql")
def test_one_transaction_at_a_time_works_on_a_subject(engine: Engine) -> None:
    with Session(engine) as first, Session(engine) as second, Session(engine) as other:
        lock_subject(first, 7)
        lock_subject(other, 8)  # another subject is free
        taken = second.scalar(select(func.pg_try_advisory_xact_lock(7)))
        first.rollback()
        free = second.scalar(select(func.pg_try_advisory_xact_lock(7)))

    assert (taken, free) == (False, True)


def test_a_database_tells_where_it_stands(empty_database_url: str) -> None:
    engine = create_engine_for(empty_database_url)

    before = current_revision(engine)
    upgrade(empty_database_url)
    after = current_revision(engine)
    downgrade(empty_database_url)

    assert (before, after, current_revision(engine)) == (None, head_revision(), None)
    engine.dispose()


@pytest.mark.parametrize("text", ["it's", "100 %", "a\\b", "é", "a\nb"])
def test_only_plain_constants_are_written_out_in_a_statement(engine: Engine, text: str) -> None:
    with pytest.raises(ValueError, match="constants"):
        constant(text)
    with engine.connect() as connection:
        assert connection.scalar(select(constant("casework.a:b") + constant(""))) == "casework.a:b"


@pytest.mark.databases("postgresql")
def test_the_columns_of_a_result_are_described_as_by_the_driver(engine: Engine) -> None:
    statement = "SELECT 1::bigint AS number, 'x'::text AS word"
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        ours, usual = driver.cursor(), psycopg.Cursor(driver)
        assert (ours.description, usual.description) == (None, None)
        for cursor in (ours, usual):
            cursor.execute(statement)
        assert ours.description is not None
        assert usual.description is not None
        assert [tuple(column) for column in ours.description] == [tuple(column) for column in usual.description]
        assert ours.description[-1].name == ours.description[1:][0].name == "word"
        none = driver.execute("SET LOCAL work_mem = '8MB'")
        assert none.description is None
