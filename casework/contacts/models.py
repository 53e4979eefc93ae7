"""Tables of contacts and appointments."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, pk, text
from casework.kernel.vault import EncryptedText


class Contact(Base):
    """A visit, interview, call, workshop or attempt. The landlord reads the shared note, never the private one."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_case_id_occurred_on", "case_id", "occurred_on", "id"),
        CheckConstraint("duration_minutes IS NULL OR duration_minutes BETWEEN 0 AND 1440", name="duration"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    occurred_on: Mapped[date]
    kind: Mapped[code]
    outcome: Mapped[code]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    duration_minutes: Mapped[int | None] = mapped_column(default=None)
    shared_note: Mapped[text] = mapped_column(default="")
    private_note: Mapped[str] = mapped_column(EncryptedText("contacts.private_note"), default="")
    import_id: Mapped[int | None] = mapped_column(default=None)


class Appointment(Base):
    """A contact that is planned. `at_time` is `HH:MM`, Paris time; settled when a contact or a cancellation follows."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index("ix_appointments_user_id_planned_on", "user_id", "planned_on"),
        Index("ix_appointments_case_id", "case_id"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    planned_on: Mapped[date]
    kind: Mapped[code]
    created_at: Mapped[datetime]
    at_time: Mapped[code | None] = mapped_column(default=None)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), default=None)
    cancelled_on: Mapped[date | None] = mapped_column(default=None)
