"""The database: engines for SQLite and PostgreSQL, the base of all tables, column types, migrations."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar

import psycopg
import psycopg.errors
import pysqlite3.dbapi2 as pysqlite
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    Text,
    cast,
    column,
    create_engine,
    event,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, MappedAsDataclass, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from casework.kernel.cursors import LeanCursor
from casework.kernel.errors import ConfigurationError, why
from casework.kernel.private_files import claim, close_to_others
from casework.kernel.vault import EncryptedText

# Before it, two processes writing in WAL mode could damage the file (the WAL-reset bug).
SAFE_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_MS = 15_000
# PostgreSQL plans a statement anew each time until it was sent this often over one connection.
PREPARED_AFTER = 3

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: timezone-aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant; SQLite keeps no time zone, so UTC is written without it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")
JsonDocument = JSON().with_variant(JSONB(), "postgresql")

pk = Annotated[int, mapped_column(BigId, primary_key=True)]
code = Annotated[str, mapped_column(String(32))]
line = Annotated[str, mapped_column(String(200))]
text = Annotated[str, mapped_column(String(20_000))]
json_map = Annotated[dict[str, Any], mapped_column(JsonDocument)]


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Base of every table. Constraints are named, so that their violation can be told to the user."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: UtcDateTime, int: BigId, str: String(200), date: None}
    # A table whose rows are no facts about anybody (sessions, run ledger…) says "none" and why in its docstring.
    __audit__: ClassVar[str] = "difference"
    # Whether a request that only reads may add a row: it notes the reading itself.
    __logs_reading__: ClassVar[bool] = False


del Base.type_annotation_map[date]


def create_engine_for(url: str, *, pool_size: int = 5, through_pooler: bool = False, role: str | None = None) -> Engine:
    """Return an engine for `url` (`sqlite:///…` or `postgresql://…`).

    `through_pooler` says that a pooler in transaction mode stands before PostgreSQL: statements are then not prepared
    on the server, because the next transaction may be on another connection. `role` is the role of PostgreSQL under
    which to work, when it is not the one that signs in.

    Raises ConfigurationError when the URL names another kind of database, SQLite is too old to be safe, or its folder
    cannot be made. A file of SQLite is its owner's alone from the first connection on.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(
            "CASEWORK_DATABASE_URL : ce n’est pas une adresse de base ; indiquez sqlite:/// ou postgresql://."
        ) from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite_engine(parsed)
    if backend == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            connect_args={
                "prepare_threshold": None if through_pooler else PREPARED_AFTER,
                "cursor_factory": LeanCursor,
                **({"options": f"-c role={role}"} if role else {}),
            },
            execution_options={"casework_pooler": through_pooler},
            # What people typed must not stand in a log because a statement failed.
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=False,
            pool_reset_on_return="rollback",
        )
    raise ConfigurationError(
        f"CASEWORK_DATABASE_URL : « {backend} » n’est pas une base reconnue ; indiquez sqlite:/// ou postgresql://."
    )


def _sqlite_engine(url: URL) -> Engine:
    driver = pysqlite if sqlite3.sqlite_version_info < SAFE_SQLITE else sqlite3
    if driver.sqlite_version_info < SAFE_SQLITE:
        raise ConfigurationError(f"SQLite {driver.sqlite_version} peut abîmer la base ; il faut 3.51.3 ou plus récent.")
    engine = create_engine(url, module=driver, hide_parameters=True)
    if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
        _make_folder(Path(url.database).parent)
        event.listen(engine, "do_connect", partial(_close_file, Path(url.database)))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationError(
            "Le dossier de la base, « %(folder)s », ne peut pas être créé : %(why)s.", folder=folder, why=why(error)
        ) from error


def _close_file(path: Path, *_connecting: object) -> None:
    """Close the file of a database to others, whatever its folder: SQLite would make it as the umask has it."""
    claim(path)
    for kind in ("", "-wal", "-shm"):  # SQLite gives the mode of the database to those that it makes
        close_to_others(path.with_name(f"{path.name}{kind}"))


def connect(engine: Engine) -> Connection:
    """Return a first connection to a database. Raises ConfigurationError when it cannot be reached or opened."""
    try:
        return engine.connect()
    except DatabaseError as error:
        detail = str(error.orig).strip().partition("\n")[0]
        raise ConfigurationError(
            "La base ne peut pas être ouverte (%(detail)s). Vérifiez son adresse, CASEWORK_DATABASE_URL, et qu’elle est "
            "en marche.",
            detail=detail,
        ) from error


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; ours is below
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once under contention: take the write lock first.
    writes = connection.get_execution_options().get("casework_writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def constant(text: str) -> ColumnElement[str]:
    """Return a text that is always the same, written out in a statement: a parameter is put in anew each time.

    Raises ValueError for what would not stay a text there.
    """
    if not text.isascii() or not text.isprintable() or set(text) & set("'%\\"):
        raise ValueError("only plain constants are written out")
    return literal_column(f"'{text}'", String())


def comma_joined(words: ColumnElement[str]) -> ColumnElement[str]:
    """Return the texts of a group as one, a comma between two of them; the comma is written out, as a `constant` is."""
    return func.aggregate_strings(words, constant(","))  # type: ignore[arg-type]  # any expression does


def one_of(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None] | ColumnElement[str], codes: Iterable[str]
) -> ColumnElement[bool]:
    """Return the condition that `column` holds one of these codes of a vocabulary, written out in the statement.

    A list of parameters would be put together anew at each execution. Raises ValueError for what is no code.
    """
    written = sorted(codes)
    if not all(code.isidentifier() and code.isascii() for code in written):
        raise ValueError("only codes are written out")
    return column.in_([constant(code) for code in written])


def listed(session: Session, ids: Iterable[int]) -> Select[int]:
    """Return a SELECT of these ids, however many there are: one document, where a list would be a parameter for each.

    PostgreSQL takes 65 535 parameters in a statement, SQLite 250 000.
    """
    document = literal(json.dumps(list(ids)), Text())
    if session.get_bind().dialect.name == "postgresql":
        texts = func.json_array_elements_text(cast(document, JSON())).column_valued("listed")
        return select(cast(texts, BigInteger))
    return select(func.json_each(document).table_valued(column("value", BigInteger), name="listed").c.value)


def upsert(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT on `model` that knows ON CONFLICT, in the dialect of the session's database."""
    return insert_into(session.get_bind().dialect.name, model)


def insert_into(dialect: str, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT on `model` that knows ON CONFLICT, in the dialect of this name, for a statement that is kept."""
    return postgresql.insert(model) if dialect == "postgresql" else sqlite.insert(model)


def insert_many(
    session: Session, statement: postgresql.Insert | sqlite.Insert, rows: Sequence[Mapping[str, object]]
) -> None:
    """Execute an INSERT of `upsert` for many rows, which name the same columns. Whoever calls it records the audit."""
    if not rows:
        return
    if any(isinstance(statement.table.c[name].type, EncryptedText) for name in rows[0]):
        raise TypeError("a document would carry the words of an encrypted column as they are")
    if isinstance(statement, postgresql.Insert):
        # One document in one statement: sending thousands of rows one by one takes longer than everything else.
        columns = [statement.table.c[name] for name in rows[0]]
        document = json.dumps([dict(row) for row in rows], default=str)
        source = func.json_to_recordset(cast(literal(document, Text()), JSON()))
        named = source.table_valued(*(column(c.name, c.type) for c in columns), name="source")
        chosen = select(*named.render_derived(with_types=True).c)
        session.connection().execute(statement.from_select([c.name for c in columns], chosen))
    else:
        session.connection().execute(statement, [dict(row) for row in rows])


@contextmanager
def sent_together(session: Session) -> Iterator[None]:
    """Send the writes of the block one after the other and wait once, at its end, for what becomes of all of them.

    Nothing in the block may ask for rows. SQLite is no server, there is nothing to wait for. Raises psycopg.Error at
    the end of the block when PostgreSQL refused one of the writes: the transaction can then only be undone.
    """
    driver = session.connection().connection.driver_connection
    with driver.pipeline() if isinstance(driver, psycopg.Connection) else nullcontext():
        yield


def renew_statistics(session: Session, model: type[Base]) -> None:
    """Let PostgreSQL look at a table that just grew by much: by itself it would know of it a minute later.

    Until then it plans as if the table were small, and reads all of it for a page. Does nothing on SQLite.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"ANALYZE {model.__tablename__}")


def is_taken(error: IntegrityError) -> bool:
    """Tell whether a row was refused because another one holds its key or says what may be said once: nothing else.

    Two people at once come to that; a row that points nowhere, or says what none may say, is a defect of the program.
    """
    driver = error.orig
    if isinstance(driver, psycopg.Error):
        return driver.sqlstate == psycopg.errors.UniqueViolation.sqlstate
    # Primary keys too. Its words are the same everywhere; of the code, the driver keeps no more than « constraint ».
    return str(driver).startswith("UNIQUE constraint failed")


def lock_subject(session: Session, subject: int) -> None:
    """Let one transaction at a time work on `subject`. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(subject)))


def reading(engine: Engine) -> Engine:
    """Return the engine for requests that only read: no write lock on SQLite, no transaction on PostgreSQL.

    Without a transaction nothing could be undone: the audit refuses every write on it. Through a pooler there is one
    all the same, because nothing else keeps who acts (kernel.row_security) from the next who comes.
    """
    if engine.dialect.name == "sqlite" or engine.get_execution_options().get("casework_pooler"):
        return engine.execution_options(casework_writes=False)
    return engine.execution_options(casework_writes=False, isolation_level="AUTOCOMMIT")
