"""Statements that are built once and kept, handed to the driver: what SQLAlchemy does anew each time is done once.

They are written with SQLAlchemy and compiled by it for either database; it opens the connection, begins and commits.
Left out is what it does between a compiled statement and the driver, and between the driver and the rows: a tenth of a
millisecond and more, for each statement of each page (ADR 16). Who listens to the engine is told as ever.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, TypeVarTuple

import psycopg
from sqlalchemy import CompoundSelect, Connection, Dialect, Select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import WARN_LINTING
from sqlalchemy.sql.dml import ReturningInsert, UpdateBase

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | UpdateBase
Process = Callable[[Any], Any]
# Those of everybody, and the latest that were built for one actor: each is of some hundred kilobytes.
KEPT = 500
# So many cursors a connection holds; each holds the rows that it read last.
HELD = 50
_CURSORS = "kept_cursors"


def rows_of(
    connection: Connection,
    statement: Select[*Ts] | CompoundSelect[*Ts] | ReturningInsert[*Ts],
    values: Mapping[str, object],
) -> list[tuple[*Ts]]:
    """Return the rows of a statement that is kept, executed with these values of its parameters.

    Raises what SQLAlchemy raises for what the database refuses.
    """
    ready = _ready(statement, connection.dialect)
    if ready is None:
        return list(connection.execute(statement, values).all())
    return _executed(connection, statement, ready, values, lambda cursor: ready.read(cursor.fetchall()))


def row_of(
    connection: Connection, statement: Select[*Ts] | ReturningInsert[*Ts], values: Mapping[str, object]
) -> tuple[*Ts] | None:
    """Return the row of a statement that is kept and has one row at most; None when it has none.

    Raises what SQLAlchemy raises for what the database refuses.
    """
    rows = rows_of(connection, statement, values)
    return rows[0] if rows else None


def count_of(connection: Connection, statement: UpdateBase, values: Mapping[str, object]) -> int:
    """Return how many rows a statement that is kept wrote, executed with these values of its parameters.

    Raises what SQLAlchemy raises for what the database refuses, and TypeError within `sent_together`, where nobody
    waits for the number.
    """
    ready = _ready(statement, connection.dialect)
    if ready is None:
        count = connection.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount
    else:
        count = _executed(connection, statement, ready, values, lambda cursor: cursor.rowcount)
    if count < 0:
        raise TypeError("the number of rows is not known before the end of the block")
    return count


@dataclass(frozen=True)
class _Ready:
    """A statement as the driver takes it, what makes its parameters of values, and what makes values of its columns."""

    sql: str
    given: Mapping[str, object]
    order: tuple[str, ...]
    writing: tuple[tuple[str, Process], ...]
    reading: tuple[tuple[int, Process], ...]
    width: int

    def bound(self, values: Mapping[str, object]) -> tuple[Any, ...]:
        sent = {**self.given, **values}
        for name, process in self.writing:
            sent[name] = process(sent[name])
        return tuple([sent[name] for name in self.order])

    def read(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        if not self.reading or not rows:
            return list(rows)
        if len(rows[0]) != self.width:
            raise TypeError(f"it has other columns than it says: {self.sql}")
        found = []
        for row in rows:
            values = list(row)
            for place, process in self.reading:
                values[place] = process(values[place])
            found.append(tuple(values))
        return found


class _Places(dict[str, str]):
    """The places of the parameters of a statement, as PostgreSQL numbers them, by their names and in their order."""

    def __missing__(self, name: str) -> str:
        place = self[name] = f"${len(self) + 1}"
        return place


@lru_cache(maxsize=KEPT)
def _ready(statement: Statement, dialect: Dialect) -> _Ready | None:
    """Return a statement as the driver takes it; None for one of which SQLAlchemy makes a part at each execution.

    That is a list of values (of an actor who works in several programmes), or a default of a column.
    """
    compiled = statement.compile(dialect=dialect, linting=WARN_LINTING)
    made_anew = compiled.post_compile_params, compiled.literal_execute_params
    if any(made_anew) or compiled.insert_prefetch or compiled.update_prefetch:
        return None
    kinds = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
    reading = [(place, kind.result_processor(dialect, None)) for place, kind in enumerate(kinds)]
    binds = {name: bind for bind, name in compiled.bind_names.items()}.items()
    writing = [(name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in binds]
    sql, order = compiled.string, tuple(compiled.positiontup or ())
    if not compiled.positional:
        places = _Places()
        sql, order = sql % places, tuple(places)  # `%(name)s` to `$1`, which the driver need not look for
    return _Ready(
        sql=sql,
        given={name: bind.effective_value for name, bind in binds if not bind.required},
        order=order,
        writing=tuple((name, process) for name, process in writing if process is not None),
        reading=tuple((place, process) for place, process in reading if process is not None),
        width=len(kinds),
    )


def _executed(
    connection: Connection,
    statement: Statement,
    ready: _Ready,
    values: Mapping[str, object],
    take: Callable[[DBAPICursor], T],
) -> T:
    if not connection.in_transaction():
        connection.begin()
    for tell in connection.engine.dispatch.before_execute:
        tell(connection, statement, [], values, {})
    bound = ready.bound(values)
    cursor = _cursor(connection, ready.sql)
    try:
        for tell in connection.engine.dispatch.before_cursor_execute:
            tell(connection, cursor, ready.sql, bound, None, False)
        cursor.execute(ready.sql, bound)
        return take(cursor)
    except connection.dialect.loaded_dbapi.Error as error:
        raise refusal_of(connection, cursor, ready.sql, error) from error


def _cursor(connection: Connection, sql: str) -> Any:
    """Return the cursor that sent a statement last over this connection: it knows its parameters and columns."""
    held: dict[str, Any] = connection.info.setdefault(_CURSORS, {})
    known = held.get(sql)
    if known is None:
        if len(held) >= HELD:
            held.clear()
        driver = connection.connection.driver_connection
        known = psycopg.RawCursor(driver) if isinstance(driver, psycopg.Connection) else connection.connection.cursor()
        held[sql] = known
    return known


def refusal_of(connection: Connection, cursor: DBAPICursor | None, sql: str, error: Exception) -> BaseException:
    """Return what SQLAlchemy raises for an error of the driver; a connection that is lost by it is given up."""
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection, cursor)  # type: ignore[arg-type]  # it is the driver's
    refusal = DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
    if is_lost:
        # The server went away: the connections that wait in the pool are as dead as this one.
        connection.invalidate(error)
        connection.engine.dispose()
    return refusal
