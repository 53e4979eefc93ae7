"""Many rows at once: COPY on PostgreSQL, inserts of many rows on SQLite. Whoever calls it records the audit."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain, islice

from psycopg import Connection as PsycopgConnection
from psycopg import sql
from sqlalchemy import func, select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import Session

from casework.kernel.database import Base
from casework.kernel.kept import refusal_of
from casework.kernel.vault import EncryptedText, installed

Cell = str | int | None
# From this many rows on, PostgreSQL is told to look at a table again before anything is computed from it.
MANY = 5000
# So many rows in one statement take SQLite a third less time than as many statements of one row.
AT_ONCE = 50


def next_ids(session: Session, model: type[Base], count: int) -> Sequence[int]:
    """Return `count` ids that nobody else will use for rows of `model`."""
    key = model.__table__.c.id
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(model.__tablename__, key.name)
        return list(session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count))))
    # One transaction writes at a time, and it is this one.
    last = session.scalar(select(func.coalesce(func.max(key), 0))) or 0
    return range(last + 1, last + 1 + count)


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that name the same columns in the same order."""
    if not rows:
        return
    stored = _converter(session)
    load_rows(session, model, list(rows[0]), (tuple(map(stored, row.values())) for row in rows))


def insert_with_ids(session: Session, model: type[Base], rows: Sequence[Mapping[str, object]]) -> Sequence[int]:
    """Insert rows and return their ids, in the same order."""
    ids = next_ids(session, model, len(rows)) if rows else []
    insert_rows(session, model, [{"id": key, **row} for key, row in zip(ids, rows, strict=True)])
    return ids


def load_rows(session: Session, model: type[Base], columns: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> None:
    """Put plain rows (dates as ISO texts, instants as `stored_instant`) into a table by the fastest way there is.

    What stands in an encrypted column is given plain, and closed here. Raises what SQLAlchemy raises for what the
    database refuses.
    """
    connection = session.connection()
    types = [model.__table__.c[name].type for name in columns]
    places = [(i, kind.place) for i, kind in enumerate(types) if isinstance(kind, EncryptedText)]
    if places:
        rows = (_closed(row, places) for row in rows)
    try:
        if connection.dialect.name == "postgresql":
            driver = connection.connection.driver_connection
            assert isinstance(driver, PsycopgConnection)  # noqa: S101 -- the only PostgreSQL driver there is
            _copy_rows(driver, model.__tablename__, columns, rows)
        else:
            _insert_rows(connection.connection.cursor(), model.__tablename__, columns, rows)
    except connection.dialect.loaded_dbapi.Error as error:
        raise refusal_of(connection, None, f"rows of {model.__tablename__}", error) from error


def _closed(row: tuple[Cell, ...], places: Sequence[tuple[int, str]]) -> tuple[Cell, ...]:
    if not any(row[i] for i, _place in places):
        return row
    cells, vault = list(row), installed()
    for i, place in places:
        if cells[i]:
            cells[i] = vault.encrypt(place, str(cells[i]))
    return tuple(cells)


def _copy_rows(driver: PsycopgConnection, table: str, columns: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    home, waiting = sql.Identifier(table), sql.Identifier(f"{table}_waiting")
    with driver.cursor() as cursor:
        # Policies look at rows that are inserted, and PostgreSQL copies none past them: those wait in a table of ours.
        walled = cursor.execute("SELECT row_security_active(%s)", (table,)).fetchone() == (True,)
        if walled:
            shaped = sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA")
            cursor.execute(shaped.format(waiting, names, home))
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(waiting if walled else home, names)) as copy:
            for row in rows:
                copy.write_row(row)
        if walled:
            moved = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(home, names, names, waiting)
            cursor.execute(moved)
        if cursor.rowcount >= MANY:
            cursor.execute(sql.SQL("ANALYZE {}").format(home))
        if walled:
            cursor.execute(sql.SQL("DROP TABLE {}").format(waiting))


def _insert_rows(cursor: DBAPICursor, table: str, columns: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> None:
    # Only names of our own tables and columns are put into the text.
    insert, marks = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ", f"({', '.join('?' * len(columns))})"  # noqa: S608
    cells, size, whole = chain.from_iterable(rows), AT_ONCE * len(columns), insert + ", ".join([marks] * AT_ONCE)
    while len(part := list(islice(cells, size))) == size:
        cursor.execute(whole, part)
    if part:
        cursor.execute(insert + ", ".join([marks] * (len(part) // len(columns))), part)
    cursor.close()


def stored_instant(session: Session, instant: datetime) -> str:
    """Return an instant as the database of `session` keeps it."""
    utc = instant.astimezone(UTC)
    if session.get_bind().dialect.name == "postgresql":
        return utc.isoformat()
    return utc.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _converter(session: Session) -> Callable[[object], Cell]:
    def stored(value: object) -> Cell:
        if value is None or isinstance(value, str | int):
            return value
        if isinstance(value, datetime):
            return stored_instant(session, value)
        if isinstance(value, date):
            return value.isoformat()
        return json.dumps(value, ensure_ascii=False)

    return stored
