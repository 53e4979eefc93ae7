"""Tables of the accompaniment: the lease it watches, the case, its team, its suspensions, its end."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, line, pk, text


class RentAccount(Base):
    """The account of one lease in the landlord's books."""

    __tablename__ = "rent_accounts"
    __table_args__ = (UniqueConstraint("landlord_id", "lease_number"),)

    id: Mapped[pk] = mapped_column(init=False)
    landlord_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    lease_number: Mapped[code]


class Case(Base):
    """The accompaniment of one household in one programme, from the referral on. Amounts in cents a month, at entry."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("programme_id", "number"),
        Index("ix_cases_household_id", "household_id"),
        Index("ix_cases_rent_account_id", "rent_account_id"),
        Index("ix_cases_referent_id", "referent_id"),
        Index("ix_cases_dwelling_id", "dwelling_id"),
        CheckConstraint("rent_cents >= 0 AND charges_cents >= 0 AND benefit_cents >= 0", name="amounts"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    number: Mapped[code]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    programme_version_id: Mapped[int] = mapped_column(ForeignKey("programme_versions.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"))
    referred_on: Mapped[date]
    referral_source: Mapped[code]
    housing_at_entry: Mapped[code]
    created_at: Mapped[datetime]
    referral_motive: Mapped[text] = mapped_column(default="")
    dwelling_id: Mapped[int | None] = mapped_column(ForeignKey("dwellings.id"), default=None)
    referent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    rent_account_id: Mapped[int | None] = mapped_column(ForeignKey("rent_accounts.id"), default=None)
    moved_in_on: Mapped[date | None] = mapped_column(default=None)
    resources_cents: Mapped[int | None] = mapped_column(default=None)
    rent_cents: Mapped[int] = mapped_column(default=0)
    charges_cents: Mapped[int] = mapped_column(default=0)
    benefit_cents: Mapped[int] = mapped_column(default=0)
    benefit_payment: Mapped[code] = mapped_column(default="TIERS_PAYANT")
    import_id: Mapped[int | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)


class CaseTeamMember(Base):
    """A referent who may open the case: the one who follows it, and those who help or replace."""

    __tablename__ = "case_team"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    since_on: Mapped[date]


class VersionMove(Base):
    """The decision that a case goes on under another version of its programme; both by their numbers."""

    __tablename__ = "version_moves"
    __table_args__ = (Index("ix_version_moves_case_id", "case_id"),)

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    decided_on: Mapped[date]
    from_number: Mapped[int]
    to_number: Mapped[int]
    reason: Mapped[text]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)


class Suspension(Base):
    """A pause of the accompaniment, from a day to a day (both included; None: not resumed yet)."""

    __tablename__ = "suspensions"
    __table_args__ = (
        Index("ix_suspensions_case_id", "case_id"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="dates"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    from_on: Mapped[date]
    reason: Mapped[line]
    to_on: Mapped[date | None] = mapped_column(default=None)


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


class CaseRetention(Base):
    """How long the file of a case is kept: the notice given, the archive and its written reason, the end of it all."""

    __tablename__ = "case_retentions"
    __table_args__ = (
        CheckConstraint("archived_until IS NULL OR archived_until >= archived_on", name="dates"),
        CheckConstraint("archived_on IS NULL OR archive_reason <> '' OR anonymised_on IS NOT NULL", name="reason"),
    )

    case_id: Mapped[pk] = mapped_column(ForeignKey("cases.id"))
    noticed_on: Mapped[date | None] = mapped_column(default=None)
    archived_on: Mapped[date | None] = mapped_column(default=None)
    archived_until: Mapped[date | None] = mapped_column(default=None)
    archived_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    archive_reason: Mapped[text] = mapped_column(default="")
    anonymised_on: Mapped[date | None] = mapped_column(default=None)
