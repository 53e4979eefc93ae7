"""Turning the ring: what old keys closed is closed anew with the active one, a few hundred rows at a time.

Each batch is a transaction of its own, and what is left is found by looking: a run that was killed is gone on with by
the next. Everything can be read meanwhile, since old keys stay in the ring until nothing needs them.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Engine, Select, String, bindparam, cast, func, select, update

from casework.kernel.audit import record_bulk
from casework.kernel.clock import Clock
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import Base, reading
from casework.kernel.events import Events
from casework.kernel.keyring import KeyRing
from casework.kernel.row_security import identify_system
from casework.kernel.transaction import writing_context
from casework.kernel.vault import (
    HEAD_LENGTH,
    DamagedValue,
    UnknownKey,
    encrypted_columns,
    head_of,
    installed,
    key_id_of,
)

logger = logging.getLogger(__name__)

SYSTEM = Actor(None, None, "SYSTEM")
AT_ONCE = 300
# A transaction that began to write with a key before it was retired has long ended by then.
PRUNED_AFTER = timedelta(days=1)
# place → key (None: not closed by any key) → how many values
Uses = Mapping[str, Mapping[str | None, int]]


@dataclass
class Turned:
    """What a run did: values closed anew, and those that do not open, by place and id of their row."""

    values: int = 0
    unread: list[str] = field(default_factory=list)


def uses_of_keys(engine: Engine) -> Uses:
    """Return how many values each key holds closed, column by column."""
    found: dict[str, Counter[str | None]] = {}
    with reading(engine).connect() as connection:
        identify_system(connection)  # a wall that hid values would make their key look unused
        for column in encrypted_columns(Base.metadata):
            head = _head(column)
            counted = select(head, func.count()).where(column != "").group_by(head)
            found[str(column)] = Counter()
            for begins, count in connection.execute(counted):
                found[str(column)][key_id_of(begins)] += count
    return found


def turn(engine: Engine, clock: Clock, on_batch: Callable[[Turned], None] = lambda _turned: None) -> Turned:
    """Close with the active key whatever another one closed. `on_batch` is told after each transaction.

    A value that does not open is left as it is, logged, and named in what is returned.
    """
    turned = Turned()
    for column in encrypted_columns(Base.metadata):
        last = 0
        while True:
            with writing_context(engine, SYSTEM, clock, "command:keys rotate", Events()) as ctx:
                rows = ctx.session.execute(_next_rows(column, last)).all()
                _close_anew(ctx, column, {row[0]: row[1] for row in rows}, turned)
            if not rows:
                break
            last = rows[-1][0]
            on_batch(turned)
    return turned


def unused_keys(ring: KeyRing, uses: Uses, now: datetime) -> frozenset[str]:
    """Return the keys that can leave the ring: not active, closing nothing, and retired for a day or never active."""
    used = {key_id for counts in uses.values() for key_id, count in counts.items() if count}
    return frozenset(
        key_id
        for key_id in ring.secrets
        if key_id != ring.active
        and key_id not in used
        and (key_id not in ring.retired_at or now - ring.retired_at[key_id] >= PRUNED_AFTER)
    )


def _close_anew(ctx: Ctx, column: Column[Any], values: Mapping[int, str], turned: Turned) -> None:
    opened = dict(_opened(str(column), values, turned))
    if not opened:
        return
    table = column.table
    statement = (
        update(table)
        .where(_key(table) == bindparam("row"))
        .values({column.name: bindparam("words", type_=column.type)})
    )
    ctx.session.connection().execute(statement, [{"row": row, "words": words} for row, words in opened.items()])
    place, active = str(column), installed().ring.active
    record_bulk(ctx, _model(table), "reencrypt", {"column": place, "key": active, "rows": len(opened)})
    turned.values += len(opened)


def _opened(place: str, values: Mapping[int, str], turned: Turned) -> Iterator[tuple[int, str]]:
    for row, value in values.items():
        try:
            yield row, installed().decrypt(place, value)
        except (DamagedValue, UnknownKey):  # logged by the vault, without the row
            logger.warning("keys rotate: the value of %s in row %d does not open and stays as it is", place, row)
            turned.unread.append(f"{place} {row}")


def _next_rows(column: Column[Any], last: int) -> Select[int, str]:
    """Return the next rows that another key closed, locked so that nobody writes over them before this does."""
    key = _key(column.table)
    active = head_of(installed().ring.active)
    return (
        select(key, cast(column, String))
        .where(column != "", _head(column) != active, key > last)
        .order_by(key)
        .limit(AT_ONCE)
        .with_for_update()
    )


def _head(column: Column[Any]) -> ColumnElement[str]:
    return func.substr(cast(column, String), 1, HEAD_LENGTH)


def _key(table: Any) -> Column[Any]:
    (key,) = table.primary_key.columns
    found: Column[Any] = key
    return found


def _model(table: object) -> type[Base]:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)
