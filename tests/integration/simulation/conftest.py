"""Histories of the simulator, and what a database holds of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

import pytest
from sqlalchemy import Connection, Engine, Table, text

from casework.kernel import audit
from casework.kernel.clock import FixedClock, SystemClock
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context
from casework.models import metadata
from casework.programmes.service import Opening, Partner, create_programme
from casework.simulation.service import OPENER, Order, Run, simulate

FIRST, LAST = date(2023, 1, 2), date(2026, 1, 1)
Rows: TypeAlias = Mapping[str, list[tuple[object, ...]]]
Simulate = Callable[..., Run]
# A programme of no source: a path that none has, and every kind of limit.
NEW: dict[str, object] = {
    "id": "T-NEUF",
    "title": "Du temporaire au bail, pas à pas",
    "valid_from": "2020-01-01",
    "category": "access_and_maintain",
    "mode": "both",
    "landlords": ["Office du Val"],
    "households": {"value": 14, "unit": "total", "per_year": 12},
    "duration": {"months": 36},
    "age": {"min": 18, "max": 70},
    "quota": [{"value": 10, "unit": "household", "by": "mode", "of": "access"}],
    "accompaniment": {
        "min_months": 4,
        "max_months": 18,
        "period_months": 6,
        "renewal_months": 6,
        "renewals_max": 2,
        "renewable": True,
        "derogation": True,
    },
    "cadence": [
        {"what": "meeting", "every": 2, "unit": "week"},
        {"what": "contact", "every": 1, "unit": "month", "from_month": 6},
        {"what": "reassessment", "every": 3, "unit": "month"},
    ],
    "lease": {"order_matters": True},
    "path": [
        {"stages": ["ALT", "BAIL_GLISSANT", "BAIL_DIRECT"], "mode": "access", "same_dwelling": True},
        {"stages": ["OSDT", "BAIL_DIRECT"], "mode": "maintain"},
    ],
    "gate": [{"to": "BAIL_DIRECT", "by": "dated_evaluation", "months": [3]}],
    "stage_limit": [{"stage": "BAIL_GLISSANT", "max_months": 8}],
}
# Another one, counted at once, in which the order of the stages is free.
FREE: dict[str, object] = {
    "id": "T-LIBRE",
    "title": "Essais de logement",
    "valid_from": "2020-01-01",
    "category": "access",
    "mode": "access",
    "landlords": ["Office du Val"],
    "households": {"value": 4, "unit": "active_caseload"},
    "quota": [{"value": 4, "unit": "dwelling", "by": "lease", "of": "APPARTEMENT_TEMOIN"}],
    "path": [{"stages": ["APPARTEMENT_TEMOIN"]}],
    "stage_limit": [{"stage": "APPARTEMENT_TEMOIN", "periods": 2}],
}


SEALS = frozenset({"salt", "content_hash", "chain_hash", "hash"})


def live(engine: Engine, order: Order) -> Run:
    """Simulate in a transaction of its own, as the command does."""
    audit.install(engine)
    with writing_context(engine, OPENER, SystemClock(), "test", Events()) as ctx:
        return simulate(ctx, order)


def all_rows(engine: Engine) -> Rows:
    """Return every row of every table, in the order of the primary keys, as it lies in the database.

    What seals a trace is another each time.
    """
    with engine.connect() as connection:
        return {table.name: _rows(connection, table) for table in metadata.sorted_tables}


def _rows(connection: Connection, table: Table) -> list[tuple[object, ...]]:
    keys = ", ".join(column.name for column in table.primary_key.columns)
    columns = ", ".join(column.name for column in table.columns if column.name not in SEALS)
    return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table.name} ORDER BY {keys}"))]


def put_in_use(engine: Engine, document: dict[str, object], opened_on: date = FIRST) -> None:
    """Put a definition in use that no catalogue holds, as the screens do."""
    audit.install(engine)
    clock = FixedClock.on(opened_on)
    with writing_context(engine, OPENER, clock, "test", Events()) as ctx:
        create_programme(ctx, Opening(str(document["id"]), document, Partner(name="Office du Val"), None))


@pytest.fixture
def simulated(engine: Engine) -> Simulate:
    """Simulate a programme over 36 months in the database of the test."""

    def go(code: str, households: int = 4, seed: int = 1, first: date = FIRST, last: date = LAST) -> Run:
        return live(engine, Order(code, households, first, last, seed))

    return go
