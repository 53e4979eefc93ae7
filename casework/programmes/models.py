"""Tables of the programmes in use and their dated versions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, json_map, line, pk, text


class Programme(Base):
    """A programme in use: one landlord, one operator, one definition with its versions."""

    __tablename__ = "programmes"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[pk] = mapped_column(init=False)
    code: Mapped[code]
    name: Mapped[line]
    landlord_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    operator_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    created_at: Mapped[datetime]


class ProgrammeVersion(Base):
    """What the programme says from a date on. A case keeps the version it started with, unless a decision moves it.

    `created_by_id` is None for the system. It names a user without a foreign key: SQLite takes a new one only by
    making anew the table to which the cases point.
    """

    __tablename__ = "programme_versions"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[pk] = mapped_column(init=False)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    number: Mapped[int]
    valid_from: Mapped[date]
    definition: Mapped[json_map]
    digest: Mapped[line]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[text] = mapped_column(default="")


class ProgrammeMember(Base):
    """A user who works in a programme."""

    __tablename__ = "programme_members"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)


class SharingConvention(Base):
    """What the landlord reads of the shared part from a day on, by a document that the organisations signed.

    The one of the highest number that has started is in force; a new one changes nothing in those before it.
    `created_by_id` is None for the system: what was shared before there were conventions.
    """

    __tablename__ = "sharing_conventions"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[pk] = mapped_column(init=False)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    number: Mapped[int]
    from_on: Mapped[date]
    reference: Mapped[line]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    reason: Mapped[text] = mapped_column(default="")


class SharingClause(Base):
    """A category that a convention opens to a role of the landlord; without a row it is closed."""

    __tablename__ = "sharing_clauses"

    convention_id: Mapped[int] = mapped_column(ForeignKey("sharing_conventions.id"), primary_key=True)
    category: Mapped[code] = mapped_column(primary_key=True)
    reader: Mapped[code] = mapped_column(primary_key=True)
    needs_agreement: Mapped[bool] = mapped_column(default=False)
