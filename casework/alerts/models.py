"""Tables of the alerts and of the summary of each case."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, json_map, line, pk


class Alert(Base):
    """One occurrence of a rule for a case: its key is (case, rule, due date), whatever runs the sweep."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("case_id", "rule", "due_on"),
        Index("ix_alerts_programme_id_closed_on_due_on", "programme_id", "closed_on", "due_on", "id"),
    )

    id: Mapped[pk] = mapped_column(init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    rule: Mapped[code]
    due_on: Mapped[date]
    raised_on: Mapped[date]
    facts: Mapped[json_map]
    closed_on: Mapped[date | None] = mapped_column(default=None)
    closing_fact: Mapped[line | None] = mapped_column(default=None)
    postponed_to: Mapped[date | None] = mapped_column(default=None)
    postponed_reason: Mapped[line | None] = mapped_column(default=None)


class CaseSummary(Base):
    """What lists show and sort on: one row for each case, kept by the transaction that changes the case's facts.

    A copy of facts that are traced where they stand, so it leaves no trace of its own. Contacts are noted by it on the
    day it is of (alerts.service). Columns that lists sort on are never null: NEVER stands for no contact yet,
    NOTHING_DUE for no due date (alerts.vocabulary).
    """

    __tablename__ = "case_summaries"
    __audit__ = "none"
    __table_args__ = (
        Index("ix_case_summaries_name", "programme_id", "state", "name_key", "case_id"),
        Index("ix_case_summaries_due", "programme_id", "state", "next_due_on", "case_id"),
        Index("ix_case_summaries_debt", "programme_id", "state", "debt_cents", "case_id"),
        Index("ix_case_summaries_contact", "programme_id", "state", "last_contact_on", "case_id"),
        Index("ix_case_summaries_district", "programme_id", "district", "state", "next_due_on", "case_id"),
        Index("ix_case_summaries_referent", "referent_id", "state", "next_due_on", "case_id"),
    )

    case_id: Mapped[pk] = mapped_column(ForeignKey("cases.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    number: Mapped[code]
    name: Mapped[line]
    name_key: Mapped[line]
    search_key: Mapped[line]
    district: Mapped[line]
    state: Mapped[code]
    referent_id: Mapped[int | None]
    referent_name: Mapped[line]
    stage: Mapped[code | None]
    contract_on: Mapped[date | None]
    planned_end_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    last_contact_on: Mapped[date]
    reassessment_due_on: Mapped[date | None]
    contact_due_on: Mapped[date | None]
    next_due_on: Mapped[date]
    debt_cents: Mapped[int]
    open_alerts: Mapped[int]
    worst_rule: Mapped[code | None]
    computed_on: Mapped[date]


class SweepLog(Base):
    """The last day each programme was swept: a sweep of an earlier day looks back and changes nothing."""

    __tablename__ = "sweep_log"
    __audit__ = "none"

    programme_id: Mapped[pk] = mapped_column(ForeignKey("programmes.id"))
    swept_on: Mapped[date]
    swept_at: Mapped[datetime]
