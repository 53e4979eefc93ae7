"""Who opened what of which file, and when: the log of readings, beside the trace of writes.

It protects the people whose files these are. It measures nobody's work: no query asks for the readings of one user.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, bindparam, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.context import Ctx
from casework.kernel.database import Base, code, pk
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
    now = ctx.clock.now()
    values = {"at": now, "user_id": ctx.actor.user_id, "case_id": case_id, "what": what.value, "level": level.value}
    values["since"] = now - SAME_READING
    connection = ctx.session.connection()
    if connection.dialect.name == "postgresql" or connection.get_execution_options().get("casework_writes", True):
        connection.execute(_ENTRY, values)
    elif connection.scalar(select(_KNOWN.exists()), values) is False:
        # A transaction of SQLite that has read cannot be sure to write: another one does, and waits its turn.
        with ctx.session.get_bind().engine.execution_options(casework_writes=True).begin() as writing:
            writing.execute(_ENTRY, values)


_GIVEN = [
    bindparam(name, type_=ReadingEntry.__table__.c[name].type) for name in ("at", "user_id", "case_id", "what", "level")
]
_KNOWN = select(ReadingEntry.id).where(
    ReadingEntry.at > bindparam("since", type_=_GIVEN[0].type),
    *(ReadingEntry.__table__.c[given.key] == given for given in _GIVEN[1:]),
)
_ENTRY = insert(ReadingEntry).inline().from_select([p.key for p in _GIVEN], select(*_GIVEN).where(~_KNOWN.exists()))
