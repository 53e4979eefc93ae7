"""Tables of the tripartite contracts and their objectives."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, line, pk, text


class Contract(Base):
    """What landlord, association and household agreed. The first one starts the follow-up; amendments follow it."""

    __tablename__ = "contracts"
    __table_args__ = (
        Index("ix_contracts_case_id_signed_on", "case_id", "signed_on"),
        CheckConstraint("planned_end_on IS NULL OR planned_end_on > signed_on", name="dates"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[code]
    signed_on: Mapped[date]
    created_at: Mapped[datetime]
    planned_end_on: Mapped[date | None] = mapped_column(default=None)
    household_signatory: Mapped[line | None] = mapped_column(default=None)
    association_signatory: Mapped[line | None] = mapped_column(default=None)
    landlord_signatory: Mapped[line | None] = mapped_column(default=None)
    terms: Mapped[text] = mapped_column(default="")
    derogation: Mapped[text] = mapped_column(default="", server_default="")


class Objective(Base):
    """Something one of the parties will do, by when."""

    __tablename__ = "objectives"
    __table_args__ = (Index("ix_objectives_case_id", "case_id"),)

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    label: Mapped[line]
    party: Mapped[code]
    due_on: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[code] = mapped_column(default="OPEN")
    settled_on: Mapped[date | None] = mapped_column(default=None)
