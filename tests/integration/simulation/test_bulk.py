"""The fast way ends in the same rows: every table is compared, ids and all, with what the use cases left.

The audit is compared as far as it can be: the fast way leaves one row for each table that it wrote, where the use cases
leave one for each row; what ledgers and sweeps leave is the same on both ways, but for its ids.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.kernel import audit
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import SystemClock
from casework.kernel.database import create_engine_for
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context
from casework.simulation.bulk.service import simulate_in_bulk
from casework.simulation.service import OPENER, Order
from tests.integration.simulation.conftest import FIRST, LAST, NEW, all_rows, live, put_in_use
from tests.support.databases import Databases


def _live_in_bulk(engine: Engine, order: Order) -> None:
    audit.install(engine)
    with writing_context(engine, OPENER, SystemClock(), "test", Events()) as ctx:
        simulate_in_bulk(ctx, order)


@pytest.mark.parametrize(("code", "households"), [("F-SEMIS", 12), ("T-NEUF", 12), ("3.2.6", 3)])
def test_the_fast_way_ends_in_the_same_rows(
    engine: Engine, databases: Databases, database_kind: str, code: str, households: int
) -> None:
    url = databases.create(database_kind)
    other = create_engine_for(url)
    order = Order(code, households, FIRST, LAST, seed=4)
    for way in (engine, other):
        put_in_use(way, NEW)
    live(engine, order)
    _live_in_bulk(other, order)
    rows, fast = all_rows(engine), all_rows(other)
    other.dispose()
    databases.drop(url)

    assert {name for name in rows if rows[name] != fast[name]} == {"audit_events", "audit_head"}
    assert len(rows["contacts"]) > 30
    assert rows["suspensions"] or code != "T-NEUF"


def test_the_fast_way_leaves_one_trace_for_each_table(engine: Engine) -> None:
    _live_in_bulk(engine, Order("F-SEMIS", 4, FIRST, LAST, seed=4))
    with Session(engine) as session:
        told = session.execute(
            select(AuditEvent.entity, AuditEvent.difference).where(AuditEvent.operation == "simulate")
        ).all()

    counts = {row.entity: row.difference["rows"] for row in told}
    assert len(told) == len(counts)
    assert counts["cases"] == 4
    assert counts["contacts"] > 20


def test_a_second_run_goes_on_where_the_first_one_ended(
    engine: Engine, databases: Databases, database_kind: str
) -> None:
    url = databases.create(database_kind)
    other = create_engine_for(url)
    for seed in (1, 2):
        live(engine, Order("F-SEMIS", 3, FIRST, LAST, seed))
        _live_in_bulk(other, Order("F-SEMIS", 3, FIRST, LAST, seed))
    rows, fast = all_rows(engine), all_rows(other)
    other.dispose()
    databases.drop(url)

    assert {name for name in rows if rows[name] != fast[name]} == {"audit_events", "audit_head"}
