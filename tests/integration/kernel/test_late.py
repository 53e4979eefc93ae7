"""Writes that wait for the commit: sent with the trace, before what reads, in the order in which they came."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import Engine, Executable, bindparam, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.households.models import Person
from casework.kernel.audit import MissingAudit, record_bulk
from casework.kernel.audit_check import check_log
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.database import create_engine_for
from casework.kernel.late import write_late
from casework.web.models import SentForm
from tests.factories import system_ctx
from tests.support.elsewhere import elsewhere
from tests.support.statements import counted

WAITS = 200  # of 50 ms: as long as another transaction may take to come to its lock
NOTE = insert(SentForm).values(
    key=bindparam("form_key"), sent_at=bindparam("form_sent_at"), location=bindparam("form_location")
)
LEAD = update(SentForm).where(SentForm.key == bindparam("led_key")).values(location=bindparam("led_to"))
RENAME = update(Person).where(Person.id == bindparam("renamed")).values(family_name=bindparam("new_name"))


def _note(clock: FixedClock, key: str, location: str = "") -> dict[str, object]:
    return {"form_key": key, "form_sent_at": clock.now(), "form_location": location}


def _forms(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        rows = session.execute(select(SentForm.key, SentForm.location).order_by(SentForm.key))
        return [(row.key, row.location) for row in rows]


@pytest.mark.parametrize("traces", [0, 1, 4, 5])
def test_what_waits_is_written_at_the_commit_whatever_number_of_traces_goes_with_it(
    engine: Engine, clock: FixedClock, traces: int
) -> None:
    for key in "ab":
        with system_ctx(engine, clock) as ctx:
            write_late(ctx.session, NOTE, _note(clock, key))
            for _ in range(traces):
                record_bulk(ctx, Person, "import", {"rows": 0})

    assert _forms(engine) == [("a", ""), ("b", "")]
    verdict = check_log(engine, ())
    assert (verdict.rows, verdict.faults) == (2 * traces, ())


def test_postgresql_is_sent_what_waits_in_one_statement_with_the_traces(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:  # the first of a process asks where the chain ends
        ctx.session.add(Person(family_name="Martin", given_name="Anne"))
    with counted(engine) as sent, system_ctx(engine, clock) as ctx:
        write_late(ctx.session, NOTE, _note(clock, "a"))
        write_late(ctx.session, RENAME, {"renamed": 1, "new_name": "Petit"})
        record_bulk(ctx, Person, "rename", {"rows": 1})

    assert len(sent) == (1 if engine.dialect.name == "postgresql" else 6), sent
    assert _forms(engine) == [("a", "")]
    with Session(engine) as session:
        assert session.scalars(select(Person.family_name)).all() == ["Petit"]
    assert check_log(engine, ()).faults == ()


def test_no_write_takes_the_values_of_another_or_of_a_column(engine: Engine, clock: FixedClock) -> None:
    note = insert(SentForm).values(key=bindparam("one"), sent_at=bindparam("two"), location=bindparam("three"))
    rename = (
        update(Person).where(Person.id == bindparam("key")).values(family_name=bindparam("one"), phone=bindparam("two"))
    )
    with system_ctx(engine, clock) as ctx:
        ctx.session.add(Person(family_name="Martin", given_name="Anne"))
    with system_ctx(engine, clock) as ctx:
        write_late(ctx.session, note, {"one": "a", "two": clock.now(), "three": "/"})
        write_late(ctx.session, rename, {"key": 1, "one": "Petit", "two": "0546000000"})
        record_bulk(ctx, Person, "rename", {"rows": 1})

    assert _forms(engine) == [("a", "/")]
    with Session(engine) as session:
        assert session.execute(select(Person.family_name, Person.phone)).all() == [("Petit", "0546000000")]


def test_what_reads_finds_what_waited(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        write_late(ctx.session, NOTE, _note(clock, "a", "/first"))
        assert ctx.session.scalars(select(SentForm.location)).all() == ["/first"]
        write_late(ctx.session, LEAD, {"led_key": "a", "led_to": "/second"})

    assert _forms(engine) == [("a", "/second")]


def test_those_of_one_table_go_one_after_the_other(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        for key in "abc":
            write_late(ctx.session, NOTE, _note(clock, key))
        write_late(ctx.session, LEAD, {"led_key": "a", "led_to": "/first"})
        write_late(ctx.session, LEAD, {"led_key": "a", "led_to": "/second"})

    assert _forms(engine) == [("a", "/second"), ("b", ""), ("c", "")]


def test_whatever_else_is_executed_finds_what_waited(engine: Engine, clock: FixedClock) -> None:
    others: list[Executable] = [
        text("UPDATE sent_forms SET location = '/last'"),
        update(SentForm).values(location="/last"),
    ]
    for number, other in enumerate(others):
        key = str(number)
        with system_ctx(engine, clock) as ctx:
            write_late(ctx.session, NOTE, _note(clock, key, "/first"))
            assert ctx.session.scalar(text(f"SELECT count(*) FROM sent_forms WHERE key = '{key}'")) == 1
            write_late(ctx.session, LEAD, {"led_key": key, "led_to": "/second"})
            ctx.session.execute(other)

    assert _forms(engine) == [("0", "/last"), ("1", "/last")]


def test_what_is_undone_waits_no_longer(engine: Engine, clock: FixedClock) -> None:
    with Session(engine) as session:
        for _ in range(2):
            write_late(session, NOTE, _note(clock, "a"))
            session.rollback()
        write_late(session, NOTE, _note(clock, "b"))
        session.commit()

    assert _forms(engine) == [("b", "")]


def test_what_is_refused_undoes_the_whole(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        write_late(ctx.session, NOTE, _note(clock, "a"))

    def note_again() -> None:
        with system_ctx(engine, clock) as ctx:
            ctx.session.add(Person(family_name="Martin", given_name="Anne"))
            write_late(ctx.session, NOTE, _note(clock, "a"))

    with pytest.raises(IntegrityError):
        note_again()
    with Session(engine) as session:
        assert session.scalars(select(Person.id)).all() == []
    assert check_log(engine, ()).rows == 0


def test_what_waits_needs_its_trace_as_well(engine: Engine, clock: FixedClock) -> None:
    def rename() -> None:
        with system_ctx(engine, clock) as ctx:
            record_bulk(ctx, SentForm, "import", {"rows": 0})
            write_late(ctx.session, RENAME, {"renamed": 1, "new_name": "Petit"})

    with pytest.raises(MissingAudit, match="persons"):
        rename()


def test_no_flush_excuses_what_it_sends(engine: Engine, clock: FixedClock) -> None:
    """To delete an object that has expired, a flush reads it first."""
    with system_ctx(engine, clock) as ctx:
        ctx.session.add_all([Person(family_name=name, given_name="Anne") for name in ("Martin", "Petit")])

    def rename() -> None:
        with system_ctx(engine, clock) as ctx:
            kept, leaving = ctx.session.scalars(select(Person).order_by(Person.id))
            ctx.session.expire(leaving)
            write_late(ctx.session, RENAME, {"renamed": kept.id, "new_name": "Roux"})
            ctx.session.delete(leaving)

    with pytest.raises(MissingAudit, match="persons"):
        rename()


def _wait_for_a_lock(engine: Engine) -> None:
    """Return when a transaction of this database waits for another one."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(WAITS):
        with engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.mark.databases("postgresql")
def test_a_commit_holds_the_end_of_the_chain_after_all_else(
    engine: Engine, database_url: str, clock: FixedClock
) -> None:
    """Else who changed the same row before, and then comes to the chain, waits for who waits for them."""
    for key in "ab":
        with system_ctx(engine, clock) as ctx:
            record_bulk(ctx, Person, "import", {"rows": 0})
            write_late(ctx.session, NOTE, _note(clock, key))
    begin = threading.Event()

    def lead(ctx: Ctx) -> None:
        record_bulk(ctx, Person, "import", {"rows": 0})
        write_late(ctx.session, LEAD, {"led_key": "a", "led_to": "/other"})

    with elsewhere(database_url, clock, begin, lead) as other:
        with system_ctx(engine, clock) as ctx:
            ctx.session.execute(update(SentForm).values(location="/first"))
            record_bulk(ctx, Person, "import", {"rows": 0})
            begin.set()
            _wait_for_a_lock(engine)
        other.result()

    assert _forms(engine) == [("a", "/other"), ("b", "/first")]
    assert check_log(engine, ()).faults == ()


@pytest.mark.databases("postgresql")
def test_who_finds_the_chain_longer_than_it_was_holds_it_after_all_else(
    engine: Engine, database_url: str, clock: FixedClock
) -> None:
    """Else who sends the same form from another process waits for them with the chain in their hands."""
    other_engine = create_engine_for(database_url)
    for process in (engine, other_engine):
        with system_ctx(process, clock) as ctx:
            record_bulk(ctx, Person, "import", {"rows": 0})
    begin = threading.Event()

    def note(ctx: Ctx) -> None:
        record_bulk(ctx, Person, "import", {"rows": 0})
        write_late(ctx.session, NOTE, _note(clock, "a"))

    def wait_before(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "audit_head" in statement and "FOR UPDATE" in statement:
            begin.set()
            _wait_for_a_lock(other_engine)

    event.listen(engine, "before_cursor_execute", wait_before)
    with elsewhere(database_url, clock, begin, note) as other:
        with system_ctx(engine, clock) as ctx:
            note(ctx)
        with pytest.raises(IntegrityError):
            other.result()
    other_engine.dispose()

    assert begin.is_set()
    assert _forms(engine) == [("a", "")]
    assert check_log(engine, ()).faults == ()
