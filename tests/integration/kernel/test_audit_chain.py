"""The chain of traces in real databases: many write it at once, it only grows, and what is done to it is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from casework import jobs
from casework.households.models import Person
from casework.kernel.audit import AuditEvent, reason_given, record_bulk, write_waiting
from casework.kernel.audit_anchors import NAME, read_anchors, write_anchor
from casework.kernel.audit_chain import AuditHead, AuditPurge, Head
from casework.kernel.audit_check import Fault, Kind, check_log
from casework.kernel.audit_purges import purge_content
from casework.kernel.clock import FixedClock
from casework.kernel.context import Actor
from casework.kernel.database import create_engine_for
from casework.kernel.levels import Level
from casework.kernel.migrate import downgrade, upgrade
from casework.kernel.reading import Reading, ReadingEntry, record_reading
from casework.kernel.transaction import reading_context
from tests.factories import system_ctx
from tests.integration.conftest import Run

LOGS = ("audit_events", "reading_log", "audit_purges")


def _note(engine: Engine, clock: FixedClock, *names: str) -> None:
    """Write a person for each name, in a transaction of its own."""
    for name in names:
        with system_ctx(engine, clock) as ctx:
            ctx.session.add(Person(family_name=name, given_name="Anne"))


def _faults(engine: Engine, *anchors: Head) -> list[Fault]:
    return list(check_log(engine, anchors).faults)


def _unguard(engine: Engine) -> None:
    """Take the triggers away, as who owns the database can."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for table in LOGS:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        else:
            for table in LOGS:
                for what in ("not_deleted", "not_changed"):
                    connection.execute(text(f"DROP TRIGGER {table}_{what}"))


def test_traces_follow_on_each_other_and_say_why(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        ctx.session.add(Person(family_name="Martin", given_name="Anne"))
        with reason_given(ctx, " Erreur de saisie "):
            ctx.session.add(Person(family_name="Petit", given_name="Luc"))
        record_bulk(ctx, Person, "import", {"share": 1.0, "parts": {"a": [0.5, None]}})
    _note(engine, clock, "Durand")

    with Session(engine) as session:
        rows = session.execute(select(AuditEvent.id, AuditEvent.reason).order_by(AuditEvent.id)).all()
        head = session.scalars(select(AuditHead.sequence)).one()
    assert rows == [(1, None), (2, "Erreur de saisie"), (3, None), (4, None)]
    assert head == 4
    assert _faults(engine) == []


def test_what_is_undone_leaves_the_chain_as_it_was(engine: Engine, clock: FixedClock) -> None:
    _note(engine, clock, "Martin")
    with system_ctx(engine, clock) as ctx:
        ctx.session.add(Person(family_name="Petit", given_name="Luc"))
        ctx.session.flush()
        ctx.session.rollback()
    _note(engine, clock, "Durand")

    assert check_log(engine, ()).rows == 2
    assert _faults(engine) == []


def test_those_who_write_at_once_write_one_chain(engine: Engine, clock: FixedClock) -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(_note, engine, clock, *(f"{who}-{n}" for n in range(10))) for who in "ABCD"]:
            done.result()

    verdict = check_log(engine, ())
    assert (verdict.rows, verdict.head.sequence, verdict.faults) == (40, 40, ())


@pytest.mark.parametrize("traces", [1, 5])
def test_who_last_saw_the_chain_before_another_process_added_to_it_adds_behind_that(
    engine: Engine, database_url: str, clock: FixedClock, traces: int
) -> None:
    _note(engine, clock, "Martin")
    other = create_engine_for(database_url)
    for number in range(2):
        _note(other, clock, f"Petit-{number}")
        with system_ctx(engine, clock) as ctx:
            ctx.session.add_all([Person(family_name=f"Durand-{n}", given_name="Anne") for n in range(traces)])
    other.dispose()

    verdict = check_log(engine, ())
    assert (verdict.rows, verdict.head.sequence, verdict.faults) == (3 + 2 * traces, 3 + 2 * traces, ())


def test_what_was_undone_is_no_end_of_the_chain(engine: Engine, clock: FixedClock) -> None:
    _note(engine, clock, "Martin")
    with system_ctx(engine, clock) as ctx:
        ctx.session.add(Person(family_name="Petit", given_name="Luc"))
        write_waiting(ctx.session)
        ctx.session.add(Person(family_name="Roux", given_name="Luc"))
        write_waiting(ctx.session)
        ctx.session.rollback()
    _note(engine, clock, "Durand", "Blanc")

    verdict = check_log(engine, ())
    assert (verdict.rows, verdict.faults) == (3, ())


def test_the_database_lets_the_logs_only_grow(engine: Engine, clock: FixedClock) -> None:
    _note(engine, clock, "Martin")
    with reading_context(engine, Actor(1, 1, "REFERENT"), clock) as ctx:
        record_reading(ctx, 7, Reading.CASE, Level.S0)
    with system_ctx(engine, clock) as ctx:
        purge_content(ctx, AuditEvent.entity == "persons", {})

    statements = ["DELETE FROM {}", "UPDATE {} SET id = id + 100"]
    statements += ["TRUNCATE {}"] if engine.dialect.name == "postgresql" else []
    for statement in (statement.format(table) for table in LOGS for statement in statements):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))


def test_the_content_of_a_trace_goes_by_a_noted_removal_only(engine: Engine, clock: FixedClock) -> None:
    _note(engine, clock, "Martin")

    attempts: list[dict[str, object]] = [
        {"use_case": "x"},
        {"difference": {"purged": 1}, "salt": None},
        {"difference": {}, "salt": None},
    ]
    for changes in attempts:
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.execute(update(AuditEvent).values(changes))


def test_what_is_taken_away_lawfully_leaves_a_whole_chain(engine: Engine, clock: FixedClock) -> None:
    _note(engine, clock, "Martin", "Petit")
    with system_ctx(engine, clock) as ctx:
        with reason_given(ctx, "Durand a demandé"):
            ctx.session.add(Person(family_name="Durand", given_name="Luc"))
        write_waiting(ctx.session)
        assert purge_content(ctx, AuditEvent.entity == "persons", {}) == 3
    with system_ctx(engine, clock) as ctx:
        assert purge_content(ctx, AuditEvent.entity == "persons", {}) == 0

    with Session(engine) as session:
        rows = session.scalars(select(AuditEvent)).all()
    assert "Durand" not in str([(row.difference, row.reason, row.salt) for row in rows])
    assert len(rows) == 3
    assert _faults(engine) == []


def test_old_logs_go_in_the_night_and_the_rest_stays_provable(
    engine: Engine, clock: FixedClock, tmp_path: Path
) -> None:
    reader = Actor(1, 1, "REFERENT")
    for days in (0, 200, 170):
        clock.instant += timedelta(days=days)
        _note(engine, clock, f"J{days}")
        with reading_context(engine, reader, clock) as ctx:
            record_reading(ctx, 7, Reading.CASE, Level.S0)
        jobs.keep_logs(engine, clock, months=12, data_dir=tmp_path)

    with Session(engine) as session:
        kept = session.scalars(select(AuditEvent.entity).order_by(AuditEvent.id)).all()
        assert kept == ["persons", "persons", "audit_events", "reading_log"]
        assert len(session.scalars(select(ReadingEntry.id)).all()) == 2
        assert session.scalars(select(AuditPurge.kind).order_by(AuditPurge.id)).all() == ["EXPIRED", "READINGS"]
    anchors = read_anchors(tmp_path)
    assert [anchor.sequence for anchor in anchors.heads] == [1, 2, 5]
    assert _faults(engine, *anchors.heads) == []


TAMPERINGS: list[tuple[Callable[[Session], object], Fault]] = [
    (
        lambda session: session.execute(update(AuditEvent).where(AuditEvent.id == 3).values(actor_id=9)),
        Fault(Kind.CHANGED, 3),
    ),
    (
        lambda session: session.execute(
            update(AuditEvent).where(AuditEvent.id == 3).values(difference={"family_name": [None, "X"]})
        ),
        Fault(Kind.CHANGED, 3),
    ),
    (lambda session: session.execute(delete(AuditEvent).where(AuditEvent.id == 3)), Fault(Kind.MISSING, 3)),
    (lambda session: session.execute(delete(AuditEvent).where(AuditEvent.id > 4)), Fault(Kind.CUT, 5)),
    (lambda session: session.execute(update(AuditHead).values(sequence=9)), Fault(Kind.CUT, 6)),
    (lambda session: session.execute(delete(AuditHead)), Fault(Kind.ADDED, 1)),
]


@pytest.mark.parametrize(("tamper", "fault"), TAMPERINGS)
def test_who_owns_the_database_is_found_out(
    engine: Engine, clock: FixedClock, tamper: Callable[[Session], object], fault: Fault
) -> None:
    _note(engine, clock, "A", "B", "C", "D", "E")
    _unguard(engine)
    with Session(engine) as session, session.begin():
        tamper(session)

    assert _faults(engine)[0] == fault


@pytest.mark.databases("sqlite")
def test_cells_that_nobody_can_read_are_faults_too(engine: Engine, clock: FixedClock) -> None:
    _note(engine, clock, "A", "B", "C", "D")
    _unguard(engine)
    cells = ("at = 'hier'", "difference = 'rien'", "entity_id = 'sept'", "salt = x'00'")
    with engine.begin() as connection:
        for number, cell in enumerate(cells, start=1):
            connection.execute(text(f"UPDATE audit_events SET {cell} WHERE id = {number}"))

    assert _faults(engine) == [Fault(Kind.CHANGED, number) for number in (1, 2, 3, 4)]


def test_the_command_tells_what_is_wrong_and_where(run: Run, engine: Engine, clock: FixedClock, tmp_path: Path) -> None:
    _note(engine, clock, "A", "B", "C")
    assert run("audit", "anchor").status == 0
    status, told, _err = run("audit", "verify")
    assert status == 0
    assert "Lignes relues : 3 ; ancres : 1" in told
    assert "Le journal est entier" in told

    _unguard(engine)
    with engine.begin() as connection:  # cut the end off, and let the chain say that it always ended there
        connection.execute(text("DELETE FROM audit_events WHERE id = 3"))
        connection.execute(
            text("UPDATE audit_head SET sequence = 2, hash = (SELECT chain_hash FROM audit_events WHERE id = 2)")
        )
    with (tmp_path / "data" / NAME).open("a") as file:
        file.write('{"sequence": 2, "hash": "x", "at": "y", "seal": "z"}\n')
    status, told, _err = run("audit", "verify", "--json")
    assert status == 1
    assert json.loads(told)["faults"] == [{"kind": "cut", "place": 3}, {"kind": "broken-anchor", "place": 2}]
    status, told, _err = run("audit", "verify")
    assert status == 1
    assert "ligne 3 : absente, la fin du journal a été coupée" in told
    assert "ancre, ligne 2" in told


def test_an_anchor_says_once_where_the_log_ends(engine: Engine, clock: FixedClock, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    _note(engine, clock, "A")
    for _ in range(2):
        write_anchor(engine, clock, folder)
    _note(engine, clock, "B")
    write_anchor(engine, clock, folder)

    assert [anchor.sequence for anchor in read_anchors(folder).heads] == [1, 2]
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600


def test_traces_from_before_the_chain_are_chained_where_they_lie(empty_database_url: str, clock: FixedClock) -> None:
    upgrade(empty_database_url, "0011")
    engine = create_engine_for(empty_database_url)
    with engine.begin() as connection:
        for number in (2, 3, 7):
            connection.execute(
                text(
                    "INSERT INTO audit_events (id, at, use_case, entity, entity_id, operation, difference) VALUES "
                    f"({number}, '2026-03-01 08:00:00', 'x', 'persons', 1, 'insert', '{{\"a\": [null, {number}]}}')"
                )
            )
    upgrade(empty_database_url)
    _note(engine, clock, "Martin")

    assert check_log(engine, ()).rows == 4
    assert _faults(engine) == []
    engine.dispose()
    downgrade(empty_database_url, "0011")
    upgrade(empty_database_url)
    engine = create_engine_for(empty_database_url)
    assert _faults(engine) == []
    engine.dispose()
