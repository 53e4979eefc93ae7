from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Delete, Engine, Update, delete, insert, select, update
from sqlalchemy.orm import Session

from casework.kernel import audit
from casework.kernel.audit import WriteWhileReading
from casework.kernel.clock import FixedClock
from casework.kernel.context import Actor
from casework.kernel.database import create_engine_for
from casework.kernel.events import Events
from casework.kernel.levels import Level
from casework.kernel.reading import SAME_READING, Reading, ReadingEntry, record_reading
from casework.kernel.transaction import reading_context, writing_context
from tests.support.statements import counted

ANNE, BRUNO = (Actor(user_id, 1, "REFERENT") for user_id in (1, 2))


def _log(engine: Engine) -> list[tuple[int, int, str, str]]:
    with Session(engine) as session:
        rows = session.scalars(select(ReadingEntry).order_by(ReadingEntry.id))
        return [(row.user_id, row.case_id, row.what, row.level) for row in rows]


def _read(engine: Engine, clock: FixedClock, actor: Actor, case_id: int, what: Reading, level: str) -> None:
    with reading_context(engine, actor, clock) as ctx:
        ctx.session.scalars(select(ReadingEntry.id)).all()  # as a page does, before it knows what it shows
        record_reading(ctx, case_id, what, Level(level))


def test_a_reading_is_noted_once_for_who_reads_what_in_a_quarter_of_an_hour(engine: Engine, clock: FixedClock) -> None:
    audit.install(engine)
    for actor, case_id, what, level in (
        (ANNE, 7, Reading.CASE, "S0"),
        (ANNE, 7, Reading.CASE, "S0"),
        (BRUNO, 7, Reading.CASE, "S0"),
        (ANNE, 8, Reading.CASE, "S0"),
        (ANNE, 7, Reading.SENSITIVE_NOTES, "S2"),
        (ANNE, 7, Reading.SENSITIVE_NOTES, "S3"),
    ):
        _read(engine, clock, actor, case_id, what, level)
    expected = [(1, 7, "CASE", "S0"), (2, 7, "CASE", "S0"), (1, 8, "CASE", "S0")]
    expected += [(1, 7, "SENSITIVE_NOTES", "S2"), (1, 7, "SENSITIVE_NOTES", "S3")]
    assert _log(engine) == expected

    clock.instant += SAME_READING - timedelta(seconds=1)
    _read(engine, clock, ANNE, 7, Reading.CASE, "S0")
    assert _log(engine) == expected
    clock.instant += timedelta(seconds=1)
    _read(engine, clock, ANNE, 7, Reading.CASE, "S0")
    assert _log(engine) == [*expected, (1, 7, "CASE", "S0")]


def test_what_another_process_noted_counts_from_when_it_was_read(
    engine: Engine, database_url: str, clock: FixedClock
) -> None:
    other = create_engine_for(database_url)
    for each in (engine, other):
        audit.install(each)
    _read(other, clock, ANNE, 7, Reading.CASE, "S0")
    clock.instant += SAME_READING - timedelta(minutes=1)
    _read(engine, clock, ANNE, 7, Reading.CASE, "S0")
    assert len(_log(engine)) == 1

    clock.instant += timedelta(minutes=1)
    _read(engine, clock, ANNE, 7, Reading.CASE, "S0")
    assert len(_log(engine)) == 2
    other.dispose()


def test_a_process_that_noted_a_reading_does_not_ask_again(engine: Engine, clock: FixedClock) -> None:
    audit.install(engine)
    _read(engine, clock, ANNE, 7, Reading.CASE, "S0")
    with counted(engine) as sent:
        _read(engine, clock, ANNE, 7, Reading.CASE, "S0")

    assert sent
    assert not [statement for statement in sent if "INSERT" in statement or "EXISTS" in statement]


def test_a_reading_behind_a_pooler_is_kept(database_url: str, clock: FixedClock) -> None:
    """There, what only reads is a transaction that is undone."""
    engine = create_engine_for(database_url, through_pooler=True)
    audit.install(engine)
    for _ in range(2):
        _read(engine, clock, ANNE, 7, Reading.CASE, "S0")

    assert _log(engine) == [(1, 7, "CASE", "S0")]
    engine.dispose()


def test_a_reading_stands_while_somebody_else_writes(engine: Engine, clock: FixedClock) -> None:
    """On SQLite, what another wrote since this request began to read would keep its own transaction from writing."""
    audit.install(engine)
    with reading_context(engine, ANNE, clock) as ctx:
        ctx.session.scalars(select(ReadingEntry.id)).all()
        _read(engine, clock, BRUNO, 7, Reading.CASE, "S0")
        record_reading(ctx, 7, Reading.CASE, Level.S0)

    assert _log(engine) == [(2, 7, "CASE", "S0"), (1, 7, "CASE", "S0")]


def test_a_reading_of_a_request_that_writes_is_of_its_transaction(engine: Engine, clock: FixedClock) -> None:
    audit.install(engine)
    with writing_context(engine, ANNE, clock, "test", Events()) as ctx:
        record_reading(ctx, 7, Reading.GLASS_BREAK, Level.S2)
    with writing_context(engine, ANNE, clock, "test", Events()) as ctx:
        record_reading(ctx, 8, Reading.GLASS_BREAK, Level.S2)
        ctx.session.rollback()

    assert _log(engine) == [(1, 7, "GLASS_BREAK", "S2")]


def test_the_system_is_nobody_who_reads(engine: Engine, clock: FixedClock) -> None:
    _read(engine, clock, Actor(None, None, "SYSTEM"), 7, Reading.CASE, "S0")

    assert _log(engine) == []


@pytest.mark.parametrize("statement", [update(ReadingEntry).values(level="S0"), delete(ReadingEntry)])
def test_a_request_that_reads_may_add_to_the_log_and_nothing_more(
    engine: Engine, clock: FixedClock, statement: Update | Delete
) -> None:
    audit.install(engine)
    for refused in (statement, insert(audit.AuditEvent).values(use_case="x")):
        with reading_context(engine, ANNE, clock) as ctx, pytest.raises(WriteWhileReading):
            ctx.session.execute(refused)
