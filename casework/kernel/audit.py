"""The trace of every write: who changed what, when, why, from what to what, in the same transaction.

Rows changed through the ORM are traced by themselves when the session is flushed, those of `insert_row` too. Statements
on whole sets (imports, sweeps) call `record_bulk`. The traces are written when the transaction is committed, chained to
all before them. A transaction that changed a traced table by any other way cannot be committed: `MissingAudit` is raised.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeGuard
from weakref import ref

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Index,
    Select,
    String,
    bindparam,
    event,
    insert,
    inspect,
    select,
    union_all,
)
from sqlalchemy.orm import InstanceState, Mapped, Session, UOWTransaction, mapped_column
from sqlalchemy.sql.dml import Insert, ReturningInsert, UpdateBase

from casework.kernel import late, vault
from casework.kernel.audit_chain import (
    MOVING,
    AuditHead,
    chain_key,
    guess_head,
    hold_head,
    linked,
    move_head,
    moving,
    note_guess,
)
from casework.kernel.clock import Clock
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import Base, code, json_map, line, pk, sent_together, text
from casework.kernel.kept import count_of, row_of
from casework.kernel.vault import EncryptedText

JsonValue = str | int | float | bool | None | list[Any] | dict[str, Any]


class AuditEvent(Base):
    """One write. `difference` holds {column: [before, after]}; for a bulk write, its counts and origin.

    What is encrypted in its column does not stand here: three stars and a fingerprint, to see that it changed. `reason`
    is what the actor wrote or chose to say why. When the household is anonymised, `difference` is replaced by the number
    of the removal, and `reason` and `salt` go. The ids follow on each other, and the hashes chain them (audit_chain).
    """

    __tablename__ = "audit_events"
    __audit__ = "none"
    __table_args__ = (
        Index("ix_audit_events_entity_entity_id", "entity", "entity_id"),
        Index("ix_audit_events_case_id", "case_id"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    use_case: Mapped[line]
    entity: Mapped[line]
    entity_id: Mapped[int | None]
    case_id: Mapped[int | None]
    operation: Mapped[code]
    difference: Mapped[json_map]
    content_hash: Mapped[str] = mapped_column(String(64))
    chain_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[text | None] = mapped_column(default=None)
    salt: Mapped[code | None] = mapped_column(default=None)


class MissingAudit(AssertionError):
    """A transaction changed a traced table without leaving a trace: a defect of the program."""


class WriteWhileReading(AssertionError):
    """A context that only reads tried to write: a defect of the program."""


# Nobody asks for the ids.
_INSERT_AUDIT = insert(AuditEvent).inline()
# So many traces go in one statement with what else waits; for more, one for each number of them is not worth keeping.
FEW = 4
_SECRET = frozenset({"password_hash", "token_hash"})


def bind(session: Session, actor: Actor, clock: Clock, use_case: str) -> None:
    """Tell the session who acts and for which use case (endpoint or command), before anything is written."""
    session.info["audit"] = (actor, clock, use_case)


@contextmanager
def reason_given(ctx: Ctx, reason: str) -> Iterator[None]:
    """Let the traces of what the block changes say why. Nothing above level S1 may stand in a reason.

    Errors of the flush at the end of the block are those of the changes.
    """
    session = ctx.session
    session.flush()
    session.info["reason"] = reason.strip() or None
    try:
        yield
        session.flush()
    finally:
        session.info["reason"] = None


def record_bulk(ctx: Ctx, entity: type[Base], operation: str, difference: Mapping[str, JsonValue]) -> None:
    """Trace a statement that changed many rows of `entity` at once, with its counts and its origin."""
    session = ctx.session
    _keep(session, [_row(session, entity.__tablename__, None, None, operation, dict(difference))])
    session.info.setdefault("traced", set()).add(entity.__tablename__)


def insert_row(ctx: Ctx, model: type[Base], values: Mapping[str, Any], found: Select[Any]) -> int | None:
    """Insert one row, without making an object of it, and return its id; None, with nothing inserted, if `found` is empty.

    `values` names every column that has one. `found` is a SELECT of one row at most that is kept, its parameters among
    the names of `values`: what it holds is held. What an object would leave as its trace is left.
    """
    session = ctx.session
    connection = session.connection()
    session.info["inserting"] = True
    try:
        statement = _insertion(model, tuple(values), found)
        inserted = row_of(connection, statement, values)
    finally:
        session.info["inserting"] = False
    if inserted is None:
        return None
    (row_id,) = inserted
    columns = model.__table__.c
    difference = {name: [None, _shown(columns[name], value)] for name, value in values.items() if value is not None}
    case_id = row_id if model.__tablename__ == "cases" else values.get("case_id")
    row = _row(session, model.__tablename__, row_id, case_id, "insert", {"id": [None, row_id], **difference})
    session.info["unwritten"].append(row)
    return row_id


@lru_cache(maxsize=500)
def _insertion(model: type[Base], names: tuple[str, ...], found: Select[Any]) -> ReturningInsert[int]:
    columns = model.__table__.c
    values = [bindparam(name, type_=columns[name].type) for name in names]
    chosen = found.with_only_columns(*values, maintain_column_froms=True)
    return insert(model).from_select(names, chosen).returning(columns.id)


def withhold_waiting(session: Session, entity: type[Base], ids: Collection[int]) -> None:
    """Let the traces of these rows that wait to be written say nothing of what they hold."""
    session.flush()
    for row in session.info.get("unwritten", ()):
        if row["entity"] == entity.__tablename__ and row["entity_id"] in ids:
            row["difference"], row["reason"] = {"purged": 0}, None


def _keep(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep traces until the commit: who holds the end of the chain keeps everybody else from committing."""
    session.connection()  # what a former transaction left waiting is forgotten when the next one begins
    session.info["unwritten"].extend(rows)


def write_waiting(session: Session) -> None:
    """Write the traces of single rows that wait, so that the rest of the transaction finds them, if there are any."""
    session.flush()
    if any(row["entity_id"] is not None for row in session.info.get("unwritten", ())):
        _write_chained(session)


def _write_chained(session: Session) -> None:
    """Write the traces that wait, chained to all before them, and what else waits for the commit."""
    traces: Sequence[dict[str, Any]] = session.info.get("unwritten", ())
    if not traces:
        late.send(session)
        return
    connection = session.connection()
    if connection.dialect.name != "postgresql" or len(traces) > FEW or not _written_in_one(session, connection, traces):
        # The end of the chain comes last, as it does in one statement: two transactions that meet take one order.
        late.send(session)
        rows, head = linked(chain_key(), hold_head(session), traces)
        with sent_together(session):
            connection.execute(_INSERT_AUDIT, rows)
            move_head(session, head)
    _forget_waiting(session)


def _written_in_one(session: Session, connection: Connection, traces: Sequence[dict[str, Any]]) -> bool:
    """Send all in one statement. Return False where the chain ended elsewhere: then the traces are not written."""
    writes = late.take(session)
    before = guess_head(session)
    rows, head = linked(chain_key(), before, traces)
    values = moving(before, head) | late.parameters(writes)
    for place, row in enumerate(rows):
        values.update((f"{name}_{place}", value) for name, value in row.items())
    statement = _in_one(tuple(statement for statement, _values in writes), len(rows))
    is_written = count_of(connection, statement, values) > 0
    note_guess(session, head if is_written else None)
    return is_written


@lru_cache(maxsize=100)
def _in_one(writes: tuple[UpdateBase, ...], traces: int) -> Insert:
    """Return the INSERT of so many traces that does the other writes, then moves the end of the chain.

    It inserts nothing where the chain ends elsewhere than it was told; the other writes are done whatever it finds.
    """
    columns = AuditEvent.__table__.c
    moved = MOVING.where(*late.are_done(writes)).returning(AuditHead.hash).cte("moved")
    rows = [
        select(*(bindparam(f"{column.name}_{place}", type_=column.type) for column in columns)).select_from(moved)
        for place in range(traces)
    ]
    return insert(AuditEvent).from_select([column.name for column in columns], union_all(*rows)).inline()


def _forget_waiting(session: Session) -> None:
    session.info["unwritten"] = []


def _row(
    session: Session,
    entity: str,
    entity_id: int | None,
    case_id: int | None,
    operation: str,
    difference: dict[str, Any],
) -> dict[str, Any]:
    actor, clock, use_case = session.info["audit"]
    return {
        "at": clock.now(),
        "actor_id": actor.user_id,
        "use_case": use_case,
        "entity": entity,
        "entity_id": entity_id,
        "case_id": case_id,
        "operation": operation,
        "difference": difference,
        "reason": session.info.get("reason"),
    }


def _plain(value: object) -> JsonValue:
    if type(value) is str or type(value) is int or type(value) is bool:  # nearly all are
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str | int | float | bool | list | dict) or value is None:
        return value
    return str(value)


def _shown(column: ColumnElement[Any], value: object) -> JsonValue:
    """Return a value as a difference may show it: of what is encrypted, only whether it is empty or another one."""
    if value is None:
        return None
    is_secret, place = _hidden(column)
    if is_secret:
        return "***"
    if place and value:
        return f"*** {vault.installed().fingerprint(place, str(value))}"
    return _plain(value)


@cache
def _hidden(column: ColumnElement[Any]) -> tuple[bool, str | None]:
    """Return whether nothing of a column is shown, and where it stands if it is encrypted."""
    is_secret = column.key in _SECRET or bool(column.info.get("secret"))
    return is_secret, column.type.place if isinstance(column.type, EncryptedText) else None


def _difference(state: InstanceState[Any], operation: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        name, column = attribute.key, attribute.columns[0]
        if operation == "update":
            history = state.attrs[name].history
            if history.has_changes():
                before = history.deleted[0] if history.deleted else None
                after = history.added[0] if history.added else None
                changes[name] = [_shown(column, before), _shown(column, after)]
            continue
        value = getattr(state.obj(), name)
        if value is not None:
            shown = _shown(column, value)
            changes[name] = [None, shown] if operation == "insert" else [shown, None]
    return changes


def _trace_flush(session: Session, _context: UOWTransaction) -> None:
    session.info["flush_begun"] = False
    rows: list[dict[str, Any]] = []
    # The session keeps what changed in no order: the same work must leave the same trace.
    changed = sorted(session.dirty, key=lambda instance: str(inspect(instance).key))
    for operation, objects in (("insert", session.new), ("update", changed), ("delete", session.deleted)):
        for instance in objects:
            state: InstanceState[Any] = inspect(instance)
            if not isinstance(instance, Base) or instance.__audit__ == "none":
                continue
            difference = _difference(state, operation)
            if operation == "update" and not difference:
                continue
            case_id = getattr(instance, "id" if instance.__tablename__ == "cases" else "case_id", None)
            entity_id = getattr(instance, "id", None)
            rows.append(_row(session, instance.__tablename__, entity_id, case_id, operation, difference))
    if rows:
        _keep(session, rows)


def _note_write(connection: Connection, statement: object, *_rest: object) -> None:
    session: Session | None = connection.info.get("casework_session", _no_session)()
    if session is not None:
        late.send(session)
    if _is_write(statement):
        may_write = connection.get_execution_options().get("casework_writes", True)
        if not may_write and not (statement.is_insert and str(statement.table) in reading_logs()):
            raise WriteWhileReading(f"{statement.table} is written by a request that only reads")
        # What a flush writes is traced row by row at its end. A flush that finds no work tells nobody that it is over,
        # and the bulk methods of the session call themselves a flush: only both signs together are one.
        is_traced = session is not None and (
            session.info.get("inserting") or (session._flushing and session.info.get("flush_begun"))
        )
        if session is not None and not is_traced:
            session.info["written"].add(str(statement.table))


def _watch_connection(session: Session, _transaction: object, connection: Connection) -> None:
    for name in ("written", "traced"):
        session.info.setdefault(name, set())
    _forget_waiting(session)
    connection.info["casework_session"] = ref(session)


def _is_write(statement: object) -> TypeGuard[UpdateBase]:
    # What SQLAlchemy says itself: its classes are asked for by way of an abstract one, which takes far longer.
    return bool(getattr(statement, "is_dml", False))


def _no_session() -> None:
    return None


def _begin_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    session.info["flush_begun"] = True


def _refuse_untraced(session: Session) -> None:
    session.flush()  # the commit itself would do it after this, and its trace would excuse the next transaction
    _write_chained(session)
    written = session.info.get("written", set()) | late.tables(session)
    untraced = written - session.info.get("traced", set()) - untraced_tables()
    if untraced:
        raise MissingAudit(f"no audit row for {', '.join(sorted(untraced))}")
    _forget(session)


def _forget(session: Session) -> None:
    session.info.get("written", set()).clear()
    session.info.get("traced", set()).clear()
    _forget_waiting(session)


@cache
def untraced_tables() -> frozenset[str]:
    """Return the names of the tables that say they need no trace."""
    return frozenset(str(mapper.local_table) for mapper in Base.registry.mappers if mapper.class_.__audit__ == "none")


@cache
def reading_logs() -> frozenset[str]:
    """Return the names of the tables to which a request that only reads may add."""
    return frozenset(str(mapper.local_table) for mapper in Base.registry.mappers if mapper.class_.__logs_reading__)


def install(engine: Engine) -> None:
    """Make every session on `engine` leave its trace, refuse to commit what left none, and to write while reading."""
    event.listen(engine, "before_execute", _note_write)


event.listen(Session, "before_flush", _begin_flush)
event.listen(Session, "after_flush", _trace_flush)
event.listen(Session, "after_begin", _watch_connection)
event.listen(Session, "before_commit", _refuse_untraced)
event.listen(Session, "after_rollback", _forget)
