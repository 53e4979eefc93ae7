"""Reading the chain of traces anew: which rows were changed, are missing, stand elsewhere or were put there."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Connection, Engine, select, type_coerce
from sqlalchemy.types import NullType

from casework.kernel.audit import AuditEvent
from casework.kernel.audit_chain import (
    ORIGIN,
    AuditHead,
    AuditPurge,
    Head,
    chain_hash,
    chain_key,
    content_hash,
    mark_of_purge,
    seal_of_purge,
)
from casework.kernel.audit_purges import CONTENT, EXPIRED
from casework.kernel.database import Base, UtcDateTime, reading
from casework.kernel.row_security import identify_system

Row = Mapping[str, Any]
ROWS_AT_ONCE = 2_000


class Kind(StrEnum):
    """What is wrong with the log."""

    CHANGED = "changed"
    MISSING = "missing"
    MOVED = "moved"
    ADDED = "added"
    CUT = "cut"
    FORGED_PURGE = "forged-purge"
    BROKEN_ANCHOR = "broken-anchor"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `place` is the number of a trace, of a removal or of a line of the anchors."""

    kind: Kind
    place: int


@dataclass(frozen=True)
class Verdict:
    """How many traces were read, where the chain ends, and what is wrong, in the order of the traces."""

    rows: int
    head: Head
    faults: tuple[Fault, ...]


def check_log(engine: Engine, anchors: Sequence[Head]) -> Verdict:
    """Read the whole log of a database, in one snapshot, and hold it against the anchors."""
    looking = reading(engine)
    if engine.dialect.name == "postgresql":
        looking = engine.execution_options(casework_writes=False, isolation_level="REPEATABLE READ")
    with looking.connect() as connection:
        identify_system(connection)  # rows that a wall hides would be missed
        end = connection.execute(select(AuditHead.sequence, AuditHead.hash)).one_or_none()
        head = Head(end.sequence, end.hash) if end else Head(0, ORIGIN)
        purges = list(_rows(connection, AuditPurge))
        return check_chain(chain_key(), _rows(connection, AuditEvent), head, purges, anchors)


def _rows(connection: Connection, model: type[Base]) -> Iterator[Row]:
    """Yield the rows of a table in the order of their ids, with cells that nobody can read left as they lie there."""
    table = model.__table__
    cells = select(*(type_coerce(column, NullType()).label(column.key) for column in table.columns))
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(cells.order_by(table.c.id))
    instants = [column.key for column in table.columns if isinstance(column.type, UtcDateTime)]
    documents = [column.key for column in table.columns if isinstance(column.type, JSON)]
    for row in found.mappings():
        read = dict(row)
        for name in instants:
            read[name] = _parsed(read[name], lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC))
        for name in documents:
            read[name] = _parsed(read[name], json.loads)
        yield read


def _parsed(cell: object, parse: Callable[[str], object]) -> object:
    """Return what a text of SQLite stands for; PostgreSQL has parsed its cells already."""
    if not isinstance(cell, str):
        return cell
    try:
        return parse(cell)
    except ValueError:
        return cell


def check_chain(key: bytes, rows: Iterable[Row], head: Head, purges: Sequence[Row], anchors: Sequence[Head]) -> Verdict:
    """Return what is wrong with a chain. `rows` come in the order of their ids; `head` is where the chain says it ends.

    A row is held against the seal that stands in the row before it, so that one fault is not told again for every row
    that follows.
    """
    forged = [Fault(Kind.FORGED_PURGE, purge["id"]) for purge in purges if seal_of_purge(key, purge) != purge["seal"]]
    sealed = [purge for purge in purges if Fault(Kind.FORGED_PURGE, purge["id"]) not in forged]
    start = _start(sealed)
    walk = _Walk(key, start, frozenset(p["id"] for p in sealed if p["kind"] == CONTENT), anchors)
    faults = [*forged, *(fault for row in rows for fault in walk.step(row, head))]
    faults += walk.end(head)
    return Verdict(walk.count, walk.last, tuple(faults))


def _start(purges: Sequence[Row]) -> Head:
    """Return where the chain begins: behind the last trace that was lawfully deleted."""
    ends = [Head(p["through_sequence"], p["through_hash"]) for p in purges if p["kind"] == EXPIRED]
    return max(ends, key=lambda end: end.sequence, default=Head(0, ORIGIN))


class _Walk:
    """Goes along the chain, row by row."""

    def __init__(self, key: bytes, start: Head, purges: frozenset[int], anchors: Sequence[Head]) -> None:
        self.key = key
        self.start = self.last = start
        self.purges = purges
        # What lies before the start was deleted lawfully, and its anchors with it.
        self.anchors = {anchor.sequence: anchor.hash for anchor in anchors if anchor.sequence >= start.sequence}
        self.count = 0

    def step(self, row: Row, head: Head) -> Iterator[Fault]:
        """Yield what is wrong with the next row, and before it."""
        self.count += 1
        if row["id"] <= self.start.sequence or row["id"] > head.sequence:
            yield Fault(Kind.ADDED, row["id"])
            return
        is_whole = self._is_whole(row)
        holds = chain_hash(self.key, self.last.hash, row) == row["chain_hash"]
        if not holds and row["id"] != self.last.sequence + 1:
            yield Fault(Kind.MISSING, self.last.sequence + 1)
        elif not holds and is_whole:
            yield Fault(Kind.MOVED, row["id"])
        if not is_whole:
            yield Fault(Kind.CHANGED, row["id"])
        if self.anchors.pop(row["id"], row["chain_hash"]) != row["chain_hash"]:
            yield Fault(Kind.CHANGED, row["id"])
        self.last = Head(row["id"], row["chain_hash"])

    def end(self, head: Head) -> Iterator[Fault]:
        """Yield what is wrong behind the last row."""
        if self.anchors.pop(self.start.sequence, self.start.hash) != self.start.hash:
            yield Fault(Kind.CHANGED, self.start.sequence)
        if head != self.last:
            yield Fault(Kind.CUT, self.last.sequence + 1)
        elif self.anchors:
            yield Fault(Kind.CUT, min(self.anchors))

    def _is_whole(self, row: Row) -> bool:
        """Tell whether a row says what it said, or bears the seal of the removal that took its content."""
        if row["salt"] is not None:
            return content_hash(self.key, row["salt"], row) == str(row["content_hash"])
        purge_id = row["difference"].get("purged") if isinstance(row["difference"], dict) else None
        if row["reason"] is not None or not isinstance(purge_id, int) or purge_id not in self.purges:
            return False
        mark = mark_of_purge(self.key, purge_id, row["id"], row["chain_hash"])
        return mark == dict(row["difference"])
