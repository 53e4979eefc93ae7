"""Tables of what only the team of a case reads, of who opened it all the same, and of what the person agreed to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, line, pk
from casework.kernel.vault import EncryptedText

_SECRET = {"secret": True}  # the trace of a write shows three stars


class AddressProtection(Base):
    """A secret address (S4), from a day on: it stands here and nowhere else until the protection is lifted.

    `phones` holds {person id: number} as JSON; `safe_contact` says how to reach the household without danger.
    """

    __tablename__ = "address_protections"
    __table_args__ = (
        Index("ix_address_protections_case_id", "case_id"),
        Index(
            "uq_address_protections_case_id_held",
            "case_id",
            unique=True,
            sqlite_where=text("to_on IS NULL"),
            postgresql_where=text("to_on IS NULL"),
        ),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="dates"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    from_on: Mapped[date]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str] = mapped_column(EncryptedText("address_protections.address"), default="")
    district: Mapped[str] = mapped_column(EncryptedText("address_protections.district"), default="")
    phones: Mapped[str] = mapped_column(EncryptedText("address_protections.phones"), default="")
    safe_contact: Mapped[str] = mapped_column(EncryptedText("address_protections.safe_contact"), default="")
    to_on: Mapped[date | None] = mapped_column(default=None)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    lift_reason: Mapped[str] = mapped_column(EncryptedText("address_protections.lift_reason"), default="")


class SensitiveNote(Base):
    """A note about health or another special category (S2), or about a detention (S3).

    A detention is noted by its dates (ISO, closed like the rest) and the SPIP to call; it has no free words, so that no
    offence is written.
    """

    __tablename__ = "sensitive_notes"
    __table_args__ = (
        Index("ix_sensitive_notes_case_id", "case_id"),
        CheckConstraint("level IN ('S2', 'S3')", name="level"),
        CheckConstraint("(topic = 'DETENTION') = (level = 'S3')", name="topic"),
        CheckConstraint("topic <> 'DETENTION' OR note = ''", name="no_offence"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    level: Mapped[code] = mapped_column(info=_SECRET)
    topic: Mapped[code] = mapped_column(info=_SECRET)
    noted_on: Mapped[date]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), default=None)
    note: Mapped[str] = mapped_column(EncryptedText("sensitive_notes.note"), default="")
    began: Mapped[str] = mapped_column(EncryptedText("sensitive_notes.began"), default="")
    ended: Mapped[str] = mapped_column(EncryptedText("sensitive_notes.ended"), default="")
    spip_contact: Mapped[str] = mapped_column(EncryptedText("sensitive_notes.spip_contact"), default="")


class GlassBreak(Base):
    """Somebody who is not of the team opened what only the team reads, for a written motive and a limited time."""

    __tablename__ = "glass_breaks"
    __table_args__ = (
        Index("ix_glass_breaks_case_id", "case_id"),
        Index("ix_glass_breaks_user_id_until_at", "user_id", "until_at"),
        CheckConstraint("until_at >= opened_at", name="dates"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    motive: Mapped[code]
    opened_at: Mapped[datetime]
    until_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(EncryptedText("glass_breaks.words"), default="")


class Consent(Base):
    """What a person was told about their data or agreed to, by which text, and when they withdrew it."""

    __tablename__ = "consents"
    __table_args__ = (
        Index("ix_consents_case_id", "case_id"),
        CheckConstraint("withdrawn_on IS NULL OR withdrawn_on >= given_on", name="dates"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[code]
    given_on: Mapped[date]
    text_version: Mapped[line]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), default=None)
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)
    withdrawal_noted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
