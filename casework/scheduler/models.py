"""Table of the job runs: the truth about what was done, whatever the scheduler remembers."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, line, pk


class JobRun(Base):
    """One slot of one job: claimed by inserting it, so that two schedulers never run it twice at once.

    It says what the program did, nothing about anybody, so it leaves no trace of its own.
    """

    __tablename__ = "job_runs"
    __audit__ = "none"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    id: Mapped[pk] = mapped_column(init=False)
    job: Mapped[code]
    slot: Mapped[code]
    claimed_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[line | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=1)
