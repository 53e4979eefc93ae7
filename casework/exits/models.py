"""Table of the ends of accompaniment."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, line, pk, text


class CaseEnd(Base):
    """Why and how the accompaniment ended, and where the household lives next."""

    __tablename__ = "case_ends"

    case_id: Mapped[pk] = mapped_column(ForeignKey("cases.id"))
    ended_on: Mapped[date]
    reason: Mapped[code]
    outcome: Mapped[code]
    created_at: Mapped[datetime]
    next_housing: Mapped[code | None] = mapped_column(default=None)
    relay: Mapped[line] = mapped_column(default="")
    note: Mapped[text] = mapped_column(default="")
