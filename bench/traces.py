"""The traces that the histories of the households would have left, had they been saved one by one; chained as ever."""

import json
from collections.abc import Iterator
from typing import Any

from psycopg import Connection as PsycopgConnection
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from bench.households import CLOCK
from casework.kernel.audit import AuditEvent
from casework.kernel.audit_chain import chain_key, hold_head, linked, move_head
from casework.kernel.database import create_engine_for

# What a team saves of a household, and the column that names its case: some 76 rows for each, 60 of them contacts.
_SAVED = {
    "persons": "NULL::bigint",
    "dwellings": "NULL::bigint",
    "rent_accounts": "NULL::bigint",
    "cases": "id",
    "contacts": "case_id",
    "reassessments": "case_id",
}
# From nothing to what each column holds; of what is closed, three stars and a fingerprint.
_TRACES = """
SELECT id, {case_id}, (
  SELECT jsonb_object_agg(key, jsonb_build_array(NULL, CASE key WHEN 'private_note' THEN to_jsonb(CAST(:closed AS text)) ELSE value END))
  FROM jsonb_each(to_jsonb({table})) WHERE value <> 'null'
) FROM {table} ORDER BY id
"""
_CLOSED = "*** 0123456789abcdef"
_COLUMNS = tuple(column.name for column in AuditEvent.__table__.columns)
_COPY = f"COPY audit_events ({', '.join(_COLUMNS)}) FROM STDIN"
_AT_ONCE = 20_000


def leave_traces(superuser_url: str) -> int:
    """Leave one trace for each row that a team saved in a filled database, behind those that are there; return how many."""
    engine = create_engine_for(superuser_url)
    with engine.connect() as reading, Session(engine) as session, session.begin():
        before = head = hold_head(session)
        for rows in _saved(reading):
            traces, head = linked(chain_key(), head, rows)
            _copy(session.connection(), traces)
        move_head(session, head)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE audit_events"))
    engine.dispose()
    return head.sequence - before.sequence


def _saved(connection: Connection) -> Iterator[list[dict[str, Any]]]:
    """Yield what the traces say, in the order in which life brought the rows, so many at once."""
    at = CLOCK.now()
    facts = {"at": at, "actor_id": None, "use_case": "bench", "operation": "insert", "reason": None}
    for table, case_id in _SAVED.items():
        statement = text(_TRACES.format(table=table, case_id=case_id))
        found = connection.execution_options(yield_per=_AT_ONCE).execute(statement, {"closed": _CLOSED})
        for part in found.partitions():
            yield [
                {**facts, "entity": table, "entity_id": row_id, "case_id": case, "difference": difference}
                for row_id, case, difference in part
            ]


def _copy(connection: Connection, traces: list[dict[str, Any]]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, PsycopgConnection)  # noqa: S101 -- the only PostgreSQL driver there is
    with driver.cursor() as cursor, cursor.copy(_COPY) as target:
        for trace in traces:
            written = {**trace, "difference": json.dumps(trace["difference"])}
            target.write_row([written[name] for name in _COLUMNS])
