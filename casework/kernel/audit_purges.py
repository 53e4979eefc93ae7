"""What goes from the logs, and how it is proved that it went lawfully: the content of traces, old traces, old readings."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from casework.kernel.audit import AuditEvent, record_bulk, withhold_waiting
from casework.kernel.audit_chain import AuditPurge, chain_key, mark_of_purge, seal_of_purge
from casework.kernel.context import Ctx
from casework.kernel.database import Base
from casework.kernel.reading import ReadingEntry

CONTENT, EXPIRED, READINGS = "CONTENT", "EXPIRED", "READINGS"
_MARK = AuditEvent.__table__.c.difference.type
_EMPTY = update(AuditEvent).values(reason=None, salt=None)
_TAKE_CONTENT = _EMPTY.where(AuditEvent.id == bindparam("row")).values(difference=bindparam("mark", type_=_MARK))


def purge_content(ctx: Ctx, condition: ColumnElement[bool], values: dict[str, Any]) -> int:
    """Take away what the written traces under `condition` say; return how many.

    `values` are the parameters of the condition. Who, when and what kind stay, and the chain holds.
    """
    connection = ctx.session.connection()
    # Without its salt the content went already.
    found = select(AuditEvent.id, AuditEvent.chain_hash).where(condition, AuditEvent.salt.is_not(None))
    rows = connection.execute(found.order_by(AuditEvent.id), values).all()
    if rows:
        key, purge = chain_key(), _note(ctx, CONTENT)
        marks = [{"row": row.id, "mark": mark_of_purge(key, purge, row.id, row.chain_hash)} for row in rows]
        _take_content(connection, marks)
    return len(rows)


def _take_content(connection: Connection, marks: Sequence[Mapping[str, object]]) -> None:
    """Put the marks in the place of what the rows say."""
    if connection.dialect.name != "postgresql":
        connection.execute(_TAKE_CONTENT, marks)
        return
    # One document in one statement: sending every row by itself takes two thirds of an anonymisation.
    records = func.json_to_recordset(cast(literal(json.dumps(marks), Text()), JSON()))
    taken = records.table_valued(column("row", AuditEvent.id.type), column("mark", _MARK), name="taken")
    taken = taken.render_derived(with_types=True)
    connection.execute(_EMPTY.where(AuditEvent.id == taken.c.row).values(difference=taken.c.mark))


def purge_differences(ctx: Ctx, entity: type[Base], ids: Collection[int]) -> None:
    """Take away what the traces of these rows of `entity` say, those of this transaction among them."""
    withhold_waiting(ctx.session, entity, ids)
    purge_content(ctx, and_(AuditEvent.entity == entity.__tablename__, AuditEvent.entity_id.in_(ids)), {})


def purge_traces(ctx: Ctx, before: datetime) -> int:
    """Delete the traces up to the first that is not older than `before`; return how many. The rest stays provable."""
    kept = ctx.session.scalar(select(AuditEvent.id).where(AuditEvent.at >= before).order_by(AuditEvent.id).limit(1))
    expired = select(AuditEvent.id, AuditEvent.chain_hash).order_by(AuditEvent.id.desc()).limit(1)
    last = ctx.session.execute(expired if kept is None else expired.where(AuditEvent.id < kept)).one_or_none()
    if last is None:
        return 0
    _note(ctx, EXPIRED, before=before, through_sequence=last.id, through_hash=last.chain_hash)
    gone = ctx.session.connection().execute(delete(AuditEvent).where(AuditEvent.id <= last.id)).rowcount
    record_bulk(ctx, AuditEvent, "purge", {"before": before.isoformat(), "through": last.id, "rows": gone})
    return gone


def purge_readings(ctx: Ctx, before: datetime) -> int:
    """Delete the readings older than `before`; return how many."""
    old = ReadingEntry.at < before
    if not ctx.session.scalar(select(select(ReadingEntry.id).where(old).exists())):
        return 0
    _note(ctx, READINGS, before=before)
    gone = ctx.session.connection().execute(delete(ReadingEntry).where(old)).rowcount
    record_bulk(ctx, ReadingEntry, "purge", {"before": before.isoformat(), "rows": gone})
    return gone


def _note(ctx: Ctx, kind: str, **values: object) -> int:
    """Write the entry without which the database refuses the removal; return its number."""
    row = {"at": ctx.clock.now(), "kind": kind, **values}
    seal = seal_of_purge(chain_key(), row)
    statement = insert(AuditPurge).values(**row, seal=seal).returning(AuditPurge.id)
    return ctx.session.connection().execute(statement).scalar_one()
