"""Table of what people ask of their data."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, pk
from casework.kernel.vault import EncryptedText


class RightsRequest(Base):
    """A request of a person about their data (GDPR art. 15, 16, 18, 21). `due_on` is the last good day of the answer.

    A limitation that was granted holds until `lifted_on`: the file is read, and nothing is written into it.
    """

    __tablename__ = "rights_requests"
    __table_args__ = (
        Index("ix_rights_requests_case_id", "case_id"),
        CheckConstraint("answered_on IS NULL OR answered_on >= received_on", name="dates"),
        CheckConstraint("(decision IS NULL) = (answered_on IS NULL)", name="decision"),
        CheckConstraint("lifted_on IS NULL OR lifted_on >= answered_on", name="lifted"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[code]
    received_on: Mapped[date]
    due_on: Mapped[date]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    words: Mapped[str] = mapped_column(EncryptedText("rights_requests.words"), default="")
    decision: Mapped[code | None] = mapped_column(default=None)
    answered_on: Mapped[date | None] = mapped_column(default=None)
    answer: Mapped[str] = mapped_column(EncryptedText("rights_requests.answer"), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    lifted_on: Mapped[date | None] = mapped_column(default=None)
