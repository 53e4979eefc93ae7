"""Histories of the simulator, and what a database holds of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

import pytest
from sqlalchemy import Engine, select

from casework.kernel import audit
from casework.kernel.clock import SystemClock
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context
from casework.models import metadata
from casework.simulation.service import OPENER, Order, Run, simulate

FIRST, LAST = date(2023, 1, 2), date(2026, 1, 1)
Rows: TypeAlias = Mapping[str, list[tuple[object, ...]]]
Simulate = Callable[..., Run]


def live(engine: Engine, order: Order) -> Run:
    """Simulate in a transaction of its own, as the command does."""
    audit.install(engine)
    with writing_context(engine, OPENER, SystemClock(), "test", Events()) as ctx:
        return simulate(ctx, order)


def all_rows(engine: Engine) -> Rows:
    """Return every row of every table, in the order of the primary keys."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }


@pytest.fixture
def simulated(engine: Engine) -> Simulate:
    """Simulate a programme over 36 months in the database of the test."""

    def go(code: str, households: int = 4, seed: int = 1, first: date = FIRST, last: date = LAST) -> Run:
        return live(engine, Order(code, households, first, last, seed))

    return go
