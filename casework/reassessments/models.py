"""Table of the two-monthly reassessments."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, json_map, pk, text
from casework.kernel.vault import EncryptedText


class Reassessment(Base):
    """A review of where the household stands. `levels` holds {domain: 1 to 4}; 4 is the most autonomous."""

    __tablename__ = "reassessments"
    __table_args__ = (Index("ix_reassessments_case_id_held_on", "case_id", "held_on", "id"),)

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    held_on: Mapped[date]
    decision: Mapped[code]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    levels: Mapped[json_map] = mapped_column(default_factory=dict)
    household_words: Mapped[text] = mapped_column(default="")
    shared_note: Mapped[text] = mapped_column(default="")
    private_note: Mapped[str] = mapped_column(EncryptedText("reassessments.private_note"), default="")
    import_id: Mapped[int | None] = mapped_column(default=None)
