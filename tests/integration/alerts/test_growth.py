"""The sweep's work grows with the number of cases, not with its square: SQLite plans joins by guesses."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event

from casework.alerts.service import sweep_programme
from casework.kernel.clock import FixedClock
from tests.factories import make_programme, system_ctx
from tests.integration.alerts.histories import make_histories

pytestmark = pytest.mark.databases("sqlite")

FEW, MORE = 40, 120
STEPS_OF_ONE_CALL = 50


@contextmanager
def _counted_steps(connection: Connection) -> Iterator[list[int]]:
    """Yield a list of one number: how often SQLite did another few steps of its program in the block."""
    driver, calls = connection.connection.driver_connection, [0]
    assert driver is not None

    def count() -> int:
        calls[0] += 1
        return 0

    driver.set_progress_handler(count, STEPS_OF_ONE_CALL)
    yield calls
    driver.set_progress_handler(None, 0)


def test_three_times_the_cases_take_three_times_the_steps(engine: Engine, clock: FixedClock) -> None:
    steps = []
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        for added in (FEW, MORE - FEW):
            make_histories(ctx, programme, added, random.Random(added))
            sweep_programme(ctx, programme.id, ctx.today)
            with _counted_steps(ctx.session.connection()) as calls:
                sweep_programme(ctx, programme.id, ctx.today)
            steps.append(calls[0])

    few, more = steps
    assert few > 100
    assert more < 1.2 * MORE / FEW * few


@pytest.mark.parametrize("analysed", [False, True], ids=["as it is", "analysed"])
def test_no_statement_reads_a_table_from_end_to_end_for_each_row_of_another(
    engine: Engine, clock: FixedClock, analysed: bool
) -> None:
    statements: list[tuple[str, tuple[object, ...]]] = []

    def note(
        _connection: Connection, _cursor: object, statement: str, parameters: tuple[object, ...], *_rest: object
    ) -> None:
        if statement.startswith(("SELECT", "WITH")):
            statements.append((statement, parameters))

    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        make_histories(ctx, programme, 20, random.Random(1))
        connection = ctx.session.connection()
        if analysed:
            connection.exec_driver_sql("ANALYZE")
        event.listen(engine, "before_cursor_execute", note)
        sweep_programme(ctx, programme.id, ctx.today)
        event.remove(engine, "before_cursor_execute", note)

        scans = [scan for statement, values in statements for scan in _inner_scans(connection, statement, values)]
    assert len(statements) >= 4
    assert scans == []


def _inner_scans(connection: Connection, statement: str, parameters: tuple[object, ...]) -> Iterator[str]:
    """Yield the loops of a statement, other than the outermost of each part of it, that use no index."""
    started: set[int] = set()
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    for _id, parent, _unused, detail in plan:
        if detail.startswith("SCAN") and parent in started:
            yield detail
        if detail.startswith(("SCAN", "SEARCH")):
            started.add(parent)
