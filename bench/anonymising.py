"""Anonymising every household of a database, each with the traces of years, beside five minutes for ten thousand."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from bench.data import SYSTEM, Filled
from bench.households import CLOCK, CONTACTS
from bench.imports import copy_to_sqlite
from bench.measure import Line, seconds
from casework.cases.models import Case, CaseRetention
from casework.kernel import audit
from casework.kernel.audit import AuditEvent
from casework.kernel.audit_check import check_log
from casework.kernel.database import create_engine_for
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context
from casework.privacy.service import anonymise_cases

# What ten thousand households may take, in seconds.
ALLOWED, HOUSEHOLDS = 300.0, 10_000
_TELLING = select(func.count(AuditEvent.id)).where(AuditEvent.case_id.is_not(None), AuditEvent.salt.is_not(None))


def anonymise(url: str) -> None:
    """Anonymise every case of a database. Raises AssertionError when one is left."""
    engine = create_engine_for(url)
    audit.install(engine)
    with writing_context(engine, SYSTEM, CLOCK, "bench", Events()) as ctx:
        anonymise_cases(ctx, ctx.session.scalars(select(Case.id)).all())
        left = select(func.count()).where(CaseRetention.anonymised_on.is_not(None))
        done, everybody = ctx.session.scalar(left), ctx.session.scalar(select(func.count(Case.id)))
    engine.dispose()
    if done != everybody:
        raise AssertionError(f"{done} of {everybody} cases are anonymised")


def check_traces(url: str) -> None:
    """Read the log of an anonymised database anew. Raises AssertionError when it is broken, short, or still tells."""
    engine = create_engine_for(url)
    verdict = check_log(engine, ())
    with engine.connect() as connection:
        telling = connection.scalar(_TELLING)
        households = connection.scalar(select(func.count(Case.id)))
    engine.dispose()
    if verdict.faults or telling or verdict.rows < CONTACTS * (households or 0):
        raise AssertionError(f"of {verdict.rows} traces {telling} still tell; faults: {verdict.faults[:3]}")


def measure_anonymising(
    filled: Filled, copy: Callable[[str], str], scratch: Path, rounds: int, names: set[str]
) -> Iterator[Line]:
    """Measure it on PostgreSQL and on SQLite, each time on a fresh copy. `copy` copies the database."""
    floor = [ALLOWED * filled.size / HOUSEHOLDS] * rounds
    words = f"anonymising {filled.size} households"
    if "anonymising-postgresql" in names:
        urls = [copy(f"anonymising_{number}") for number in range(rounds)]
        times = [seconds(partial(anonymise, url)) for url in urls]
        check_traces(urls[-1])
        yield Line(f"{words}, beside 5 minutes for 10000", times, floor, 1.0)
    if "anonymising-sqlite" in names:
        whole, path, times = scratch / "known.sqlite3", scratch / "anonymised.sqlite3", []
        copy_to_sqlite(filled, whole)
        for _ in range(rounds):
            shutil.copyfile(whole, path)
            times.append(seconds(partial(anonymise, f"sqlite:///{path}")))
        check_traces(f"sqlite:///{path}")
        yield Line(f"{words}, SQLite, beside 5 minutes for 10000", times, floor, 1.0)
