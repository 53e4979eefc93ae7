"""Many rows at once: COPY on PostgreSQL, prepared inserts on SQLite. Whoever calls it records the audit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from psycopg import Connection as PsycopgConnection
from psycopg import sql
from sqlalchemy import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.kernel.database import Base

Cell = str | int | None


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that name every column they fill."""
    if rows:
        session.execute(insert(model), [dict(row) for row in rows])


def insert_returning(
    session: Session, model: type[Base], key: InstrumentedAttribute[int], rows: Sequence[Mapping[str, object]]
) -> list[int]:
    """Insert rows and return their keys, in the same order."""
    if not rows:
        return []
    statement = insert(model).returning(key, sort_by_parameter_order=True)
    return list(session.scalars(statement, [dict(row) for row in rows]))


def load_rows(session: Session, model: type[Base], columns: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> None:
    """Put plain rows (dates and instants as `stored_instant` and ISO texts) into a table by the fastest way there is."""
    connection = session.connection()
    table = model.__tablename__
    if connection.dialect.name != "postgresql":
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        # Only names of our own tables and columns are put into the text.
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608
        return
    driver = connection.connection.driver_connection
    assert isinstance(driver, PsycopgConnection)  # noqa: S101 -- the only PostgreSQL driver there is
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def stored_instant(session: Session, instant: datetime) -> str:
    """Return an instant as the database of `session` keeps it, for `load_rows`."""
    utc = instant.astimezone(UTC)
    if session.get_bind().dialect.name == "postgresql":
        return utc.isoformat()
    return utc.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
