"""Who opened what of which file, and when: the log of readings, beside the trace of writes.

It protects the people whose files these are. It measures nobody's work: no query asks for the readings of one user.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from weakref import WeakKeyDictionary

from sqlalchemy import Index, bindparam, insert, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.pool import Pool

from casework.kernel.context import Ctx
from casework.kernel.database import Base, code, pk
from casework.kernel.kept import count_of
from casework.kernel.levels import Level

# A page that is loaded again within this time is the same reading.
SAME_READING = timedelta(minutes=15)


class Reading(StrEnum):
    """What is opened."""

    CASE = "CASE"
    SENSITIVE_NOTES = "SENSITIVE_NOTES"
    PROTECTED_ADDRESS = "PROTECTED_ADDRESS"
    GLASS_BREAK = "GLASS_BREAK"
    COPY = "COPY"


class ReadingEntry(Base):
    """One reading. It is itself a trace: it leaves none. `level` is the highest level of what was shown, S0 to S4."""

    __tablename__ = "reading_log"
    __audit__ = "none"
    __logs_reading__ = True
    __table_args__ = (Index("ix_reading_log_case_id_at", "case_id", "at"),)

    id: Mapped[pk] = mapped_column(init=False)
    at: Mapped[datetime]
    user_id: Mapped[int]
    case_id: Mapped[int]
    what: Mapped[code]
    level: Mapped[code]


def record_reading(ctx: Ctx, case_id: int, what: Reading, level: Level) -> None:
    """Note that the actor reads `what` of a case, before it is shown.

    The same reading within SAME_READING is noted once. The system itself (jobs, commands) is nobody who reads. A
    request that only reads is allowed this one INSERT; what goes wrong with it keeps the page from being shown.
    """
    if ctx.actor.user_id is None:
        return
    now, reading = ctx.clock.now(), (ctx.actor.user_id, case_id, what.value, level.value)
    since = now - SAME_READING
    values = {"at": now, "since": since} | dict(zip(_READING, reading, strict=True))
    connection = ctx.session.connection()
    options = connection.get_execution_options()
    if options.get("casework_writes", True):
        count_of(connection, _ENTRY, values)
        return
    noted = _noted.setdefault(connection.engine.pool, {})
    if reading in noted and since < noted[reading] <= now:
        return
    is_new = False
    if options.get("isolation_level") == "AUTOCOMMIT":
        is_new = count_of(connection, _ENTRY, values) == 1
    elif connection.scalar(select(_KNOWN.exists()), values) is False:
        # What only reads is undone at its end, and SQLite lets nobody write who has read: another transaction does.
        with ctx.session.get_bind().engine.execution_options(casework_writes=True).begin() as writing:
            is_new = count_of(writing, _ENTRY, values) == 1
    if is_new:
        if len(noted) >= _MANY:
            noted.clear()
        noted[reading] = now


# What this process has noted lately, by database: the page of a case is opened again after each thing that is done on it.
_noted: WeakKeyDictionary[Pool, dict[tuple[int, int, str, str], datetime]] = WeakKeyDictionary()
_MANY = 10_000
_READING = ("user_id", "case_id", "what", "level")
_GIVEN = [bindparam(name, type_=ReadingEntry.__table__.c[name].type) for name in ("at", *_READING)]
_KNOWN = select(ReadingEntry.id).where(
    ReadingEntry.at > bindparam("since", type_=_GIVEN[0].type),
    *(ReadingEntry.__table__.c[given.key] == given for given in _GIVEN[1:]),
)
_ENTRY = insert(ReadingEntry).inline().from_select([p.key for p in _GIVEN], select(*_GIVEN).where(~_KNOWN.exists()))
