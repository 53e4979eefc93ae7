"""The import of three years of ledgers from the files on disk, beside bare loads of the same rows."""

import csv
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from psycopg import Connection as PsycopgConnection
from sqlalchemy import Text, bindparam, select, text, type_coerce

from bench.data import AWAITED, SYSTEM, Filled
from bench.households import CLOCK, PROGRAMME
from bench.measure import Line, seconds
from casework.exchange.reading.files import read_folder
from casework.exchange.service import import_batch
from casework.kernel import audit
from casework.kernel.database import create_engine_for
from casework.kernel.events import Events
from casework.kernel.migrate import upgrade
from casework.kernel.transaction import writing_context
from casework.kernel.vault import EncryptedText
from casework.models import metadata
from casework.programmes.queries import find_programme

POSTGRESQL_TARGET, SQLITE_TARGET = 12.0, 4.0
_COLUMNS = "account_id, month, rent_cents, charges_cents, benefit_cents, paid_cents, balance_cents, tenant_name"
_AWAITED = f"SELECT {_COLUMNS} FROM {AWAITED} ORDER BY month, account_id"
_LEASES = "SELECT id, lease_number FROM rent_accounts"
_BARE = "CREATE TABLE bare_lines (account_id bigint, month date, rent_cents bigint, charges_cents bigint, benefit_cents bigint, paid_cents bigint, balance_cents bigint, tenant_name varchar(200))"
Rows = list[tuple[Any, ...]]


def write_ledgers(filled: Filled, folder: Path) -> Rows:
    """Write the ledgers that a database waits for as a landlord sends them, and return their rows."""
    engine = create_engine_for(filled.url)
    with engine.connect() as connection:
        rows: Rows = [tuple(row) for row in connection.execute(text(_AWAITED))]
        leases = {row.id: row.lease_number for row in connection.execute(text(_LEASES))}
    engine.dispose()
    folder.mkdir()
    for month, lines in groupby(rows, lambda row: row[1]):
        path = folder / f"quittancement_{month:%Y-%m}.csv"
        with path.open("w", encoding="cp1252", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(("N° bail", "Locataire", "Mois", "Loyer", "Charges", "APL", "Encaissé", "Solde"))
            for account, _month, *amounts, tenant in lines:
                written = [f"{cents // 100},{cents % 100:02d}" for cents in amounts]
                writer.writerow((leases[account], tenant, f"{month:%m/%Y}", *written))
    return rows


def import_ledgers(url: str, folder: Path, expected: int) -> None:
    """Read, check and put in the ledgers of a folder, as the command does."""
    engine = create_engine_for(url)
    audit.install(engine)
    with writing_context(engine, SYSTEM, CLOCK, "bench", Events()) as ctx:
        programme = find_programme(ctx, PROGRAMME)
        if programme is None:
            raise AssertionError("the programme is gone")
        _plan, created = import_batch(ctx, programme, read_folder(folder))
    engine.dispose()
    if created.counts["rent_lines"] != expected:
        raise AssertionError(f"{created.counts} went in, {expected} lines were expected")


def measure_postgresql(
    filled: Filled, rows: Rows, folder: Path, copy: Callable[[str], str], rounds: int
) -> Iterator[Line]:
    """Measure the import beside a COPY of the same rows into a table without any key. `copy` copies the database."""
    content = "".join("\t".join(map(str, row)) + "\n" for row in rows).encode()
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        url = copy(f"import_{number}")
        times[0].append(seconds(partial(import_ledgers, url, folder, len(rows))))
        times[1].append(_bare_copy(filled.url, content))
    yield Line(f"import of {len(rows)} ledger lines, beside COPY", *times, POSTGRESQL_TARGET)


def _bare_copy(url: str, content: bytes) -> float:
    engine = create_engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bare_lines"))
        connection.execute(text(_BARE))

    def copy() -> None:
        with engine.begin() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, PsycopgConnection)  # noqa: S101 -- the only PostgreSQL driver there is
            with driver.cursor() as cursor, cursor.copy(f"COPY bare_lines ({_COLUMNS}) FROM STDIN") as target:
                target.write(content)

    spent = seconds(copy)
    engine.dispose()  # the next copy of the database needs it to itself
    return spent


def copy_to_sqlite(filled: Filled, path: Path) -> str:
    """Copy a filled database, whole, to a SQLite file and return its address."""
    url = f"sqlite:///{path}"
    upgrade(url)
    source, target = create_engine_for(filled.url), create_engine_for(url)
    with source.connect() as reading, target.begin() as writing:
        writing.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in metadata.sorted_tables:
            # What is closed is copied as it lies there: the floor wrote some of it, and closes nothing.
            kinds = {c.name: Text() if isinstance(c.type, EncryptedText) else c.type for c in table.c}
            raw = select(*(type_coerce(table.c[name], kind).label(f"of_{name}") for name, kind in kinds.items()))
            insertion = table.insert().values({name: bindparam(f"of_{name}", type_=kinds[name]) for name in kinds})
            writing.execute(table.delete())  # the end of the chain of traces is there from the start
            for part in reading.execution_options(yield_per=20_000).execute(raw).mappings().partitions():
                writing.execute(insertion, [dict(row) for row in part])
    with target.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    source.dispose()
    target.dispose()
    return url


def measure_sqlite(filled: Filled, rows: Rows, folder: Path, scratch: Path, rounds: int) -> Iterator[Line]:
    """Measure the import on SQLite beside plain inserts of the same rows into a table without any key."""
    whole = scratch / "whole.sqlite3"
    copy_to_sqlite(filled, whole)
    plain: Rows = [(row[0], row[1].isoformat(), *row[2:]) for row in rows]
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        path = scratch / f"import_{number}.sqlite3"
        shutil.copyfile(whole, path)
        times[0].append(seconds(partial(import_ledgers, f"sqlite:///{path}", folder, len(rows))))
        path.unlink()
        times[1].append(_bare_inserts(scratch / f"bare_{number}.sqlite3", plain))
    yield Line(f"import of {len(rows)} ledger lines, SQLite, beside inserts", *times, SQLITE_TARGET)


def _bare_inserts(path: Path, rows: Rows) -> float:
    engine = create_engine_for(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text(_BARE))

    def insert() -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO bare_lines ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    spent = seconds(insert)
    engine.dispose()
    return spent
