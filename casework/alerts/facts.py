"""The facts of many cases on a day, in one set-based SELECT; the same SELECT for one case.

What is joined to the cases is grouped by case, even where a DISTINCT or a condition on a window would do: SQLite takes
these for a handful of rows and reads them all again for each case, but makes an index of what is grouped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.alerts.rules import CaseFacts, RentFacts
from casework.cases.models import Case, CaseEnd, Suspension
from casework.contacts.models import Contact
from casework.contacts.vocabulary import MADE_KINDS, MISSED_OUTCOMES, ContactOutcome
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.kernel.calendar import last_complete_month
from casework.kernel.database import one_of
from casework.leases.models import LeaseStage
from casework.programmes.terms import Terms
from casework.reassessments.models import Reassessment
from casework.rents.models import ArrearsReport, RentLine

_MADE = and_(one_of(Contact.outcome, [ContactOutcome.REALISEE]), one_of(Contact.kind, MADE_KINDS))
_MISSED = one_of(Contact.outcome, MISSED_OUTCOMES)
_BASE = RentLine.rent_cents + RentLine.charges_cents - RentLine.benefit_cents
_LONG_AGO = date(1, 1, 1)
_DAY = bindparam("day", type_=Date())
_MONTH = bindparam("month", type_=Date())
_SUBJECT = bindparam("subject", type_=BigInteger())


@dataclass(frozen=True)
class Scope:
    """All cases of a programme, or one of them."""

    programme_id: int
    case_id: int | None = None

    @property
    def whole(self) -> bool:
        """Tell whether it is all cases of the programme."""
        return self.case_id is None

    @property
    def subject(self) -> int:
        """Return the value of `subject` in the conditions: the programme, or the case."""
        return self.programme_id if self.case_id is None else self.case_id


def cases_in_scope(*, whole: bool) -> ColumnElement[bool]:
    """Return the condition on Case; its parameter is `subject`."""
    return (Case.programme_id if whole else Case.id) == _SUBJECT


def rows_in_scope(column: InstrumentedAttribute[int], *, whole: bool) -> ColumnElement[bool]:
    """Return the condition on a column that holds a case id; its parameter is `subject`."""
    return column.in_(select(Case.id).where(cases_in_scope(whole=True))) if whole else column == _SUBJECT


def load_facts(session: Session, scope: Scope, day: date, terms: Mapping[int, Terms]) -> list[CaseFacts]:
    """Return the facts, known on `day`, of every case of `scope`, by case id. `terms` is by version id."""
    patiences = tuple(sorted({t.contact_lost_after for t in terms.values()}))
    multiples = tuple(sorted({t.arrears_multiple for t in terms.values()}))
    places = {v: (patiences.index(t.contact_lost_after), multiples.index(t.arrears_multiple)) for v, t in terms.items()}
    rows = session.execute(
        _statement(scope.whole, patiences, multiples),
        {"day": day, "month": last_complete_month(day), "subject": scope.subject},
    )
    return [_facts(row, *places[row[1]], len(patiences)) for row in rows]


def _facts(row: Row[*tuple[Any, ...]], patience: int, multiple: int, patiences: int) -> CaseFacts:
    """Return the facts in a row of the statement; `patience` and `multiple` say which of its alternatives count."""
    case_id, version_id, number, referred_on, moved_in_on, diagnosed_on, signed_on, planned_on, ended_on, paused = row[
        :10
    ]
    met_on, missed, held_on, stage, stage_from_on, reported_on = row[10:_WIDTH]
    first = _WIDTH + patiences + 5 * multiple
    return CaseFacts(
        case_id,
        version_id,
        number,
        referred_on,
        moved_in_on,
        diagnosed_on is not None,
        signed_on,
        planned_on,
        ended_on,
        paused is not None,
        met_on,
        missed or 0,
        row[_WIDTH + patience],
        held_on,
        stage,
        stage_from_on,
        None if row[first] is None else RentFacts(*row[first : first + 5]),
        reported_on,
    )


# The columns of the statement before the alternatives.
_WIDTH = 16


@cache
def _statement(whole: bool, patiences: tuple[int, ...], multiples: tuple[int, ...]) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of the facts; versions that count otherwise find the figures that are theirs side by side."""
    signed, met, stage = _signed(whole), _met(whole), _stage(whole)
    missed = _missed(whole, met, patiences)
    diagnosed = _latest(Diagnostic.case_id, Diagnostic.made_on, whole)
    held = _latest(Reassessment.case_id, Reassessment.held_on, whole)
    reported = _latest(ArrearsReport.case_id, ArrearsReport.reported_on, whole)
    paused = _paused(whole)
    rents = [_rents(whole, multiple) for multiple in multiples]
    statement = (
        select(
            Case.id,
            Case.programme_version_id,
            Case.number,
            Case.referred_on,
            Case.moved_in_on,
            diagnosed.c.last_on,
            signed.c.first_on,
            signed.c.planned_end_on,
            CaseEnd.ended_on,
            paused.c.case_id,
            met.c.last_on,
            missed.c.number,
            held.c.last_on,
            stage.c.stage,
            stage.c.from_on,
            reported.c.last_on,
            *(missed.c[f"missed_{patience}"] for patience in patiences),
            *(column for rent in rents for column in rent.c if column.name != "account_id"),
        )
        .outerjoin(CaseEnd, and_(CaseEnd.case_id == Case.id, CaseEnd.ended_on <= _DAY))
        .where(cases_in_scope(whole=whole))
        .order_by(Case.id)
    )
    for part in (diagnosed, signed, paused, met, missed, held, stage, reported):
        statement = statement.outerjoin(part, part.c.case_id == Case.id)
    for rent in rents:
        statement = statement.outerjoin(rent, rent.c.account_id == Case.rent_account_id)
    return statement


def _latest(case_id: InstrumentedAttribute[int], on: InstrumentedAttribute[date], whole: bool) -> Subquery:
    return (
        select(case_id.label("case_id"), func.max(on).label("last_on"))
        .where(rows_in_scope(case_id, whole=whole), on <= _DAY)
        .group_by(case_id)
        .subquery()
    )


def _signed(whole: bool) -> Subquery:
    """The date of the first contract and the planned end of the last amendment, signed by the day."""
    last = func.row_number().over(
        partition_by=Contract.case_id, order_by=(Contract.signed_on.desc(), Contract.id.desc())
    )
    rows = (
        select(Contract.case_id, Contract.signed_on, Contract.planned_end_on, last.label("place"))
        .where(rows_in_scope(Contract.case_id, whole=whole), Contract.signed_on <= _DAY)
        .subquery()
    )
    first_on, planned_end_on = func.min(rows.c.signed_on), func.max(case((rows.c.place == 1, rows.c.planned_end_on)))
    return (
        select(rows.c.case_id, first_on.label("first_on"), planned_end_on.label("planned_end_on"))
        .group_by(rows.c.case_id)
        .subquery()
    )


def _stage(whole: bool) -> Subquery:
    """The lease stage of the day."""
    last = func.row_number().over(
        partition_by=LeaseStage.case_id, order_by=(LeaseStage.from_on.desc(), LeaseStage.id.desc())
    )
    rows = (
        select(LeaseStage.case_id, LeaseStage.stage, LeaseStage.from_on, last.label("place"))
        .where(rows_in_scope(LeaseStage.case_id, whole=whole), LeaseStage.from_on <= _DAY)
        .subquery()
    )
    stage, from_on = (func.max(case((rows.c.place == 1, column))) for column in (rows.c.stage, rows.c.from_on))
    return select(rows.c.case_id, stage.label("stage"), from_on.label("from_on")).group_by(rows.c.case_id).subquery()


def _met(whole: bool) -> CTE:
    """The day of the last contact made."""
    return (
        select(Contact.case_id, func.max(Contact.occurred_on).label("last_on"))
        .where(rows_in_scope(Contact.case_id, whole=whole), Contact.occurred_on <= _DAY, _MADE)
        .group_by(Contact.case_id)
        .cte("met")
    )


def _missed(whole: bool, met: CTE, patiences: Sequence[int]) -> Subquery:
    """How many contacts were missed later than the day of the last one made, and the day of the n-th of them."""
    place = func.row_number().over(partition_by=Contact.case_id, order_by=(Contact.occurred_on, Contact.id))
    rows = (
        select(Contact.case_id, Contact.occurred_on, place.label("place"))
        .outerjoin(met, met.c.case_id == Contact.case_id)
        .where(
            rows_in_scope(Contact.case_id, whole=whole),
            Contact.occurred_on <= _DAY,
            _MISSED,
            or_(met.c.last_on.is_(None), Contact.occurred_on > met.c.last_on),
        )
        .subquery()
    )
    nth = (func.max(case((rows.c.place == n, rows.c.occurred_on))).label(f"missed_{n}") for n in patiences)
    return select(rows.c.case_id, func.count().label("number"), *nth).group_by(rows.c.case_id).subquery()


def _paused(whole: bool) -> Subquery:
    """The cases suspended on the day."""
    return (
        select(Suspension.case_id)
        .where(
            rows_in_scope(Suspension.case_id, whole=whole),
            Suspension.from_on <= _DAY,
            or_(Suspension.to_on.is_(None), Suspension.to_on >= _DAY),
        )
        .group_by(Suspension.case_id)
        .subquery()
    )


def _rents(whole: bool, multiple: int) -> Subquery:
    """By account, its last line known on the day and the runs of lines that end with it."""
    constituted = and_(RentLine.balance_cents > 0, RentLine.balance_cents >= multiple * _BASE)
    accounts = RentLine.account_id.in_(select(Case.rent_account_id).where(cases_in_scope(whole=whole)))
    known = (
        select(
            RentLine.account_id,
            func.max(RentLine.month).label("last"),
            func.max(case((~constituted, RentLine.month))).label("sound"),
            func.max(case((RentLine.paid_cents >= _BASE, RentLine.month))).label("full"),
        )
        .where(accounts, RentLine.month <= _MONTH)
        .group_by(RentLine.account_id)
        .subquery()
    )
    after_sound = RentLine.month > func.coalesce(known.c.sound, _LONG_AGO)
    after_full = RentLine.month > func.coalesce(known.c.full, _LONG_AGO)
    is_last = RentLine.month == known.c.last
    return (
        select(
            RentLine.account_id,
            func.max(known.c.last).label("month"),
            func.max(case((is_last, RentLine.balance_cents))).label("balance"),
            func.max(case((is_last, _BASE))).label("base"),
            func.min(case((after_sound, RentLine.month))).label("since"),
            func.count(case((after_full, 1))).label("short"),
        )
        .join(known, known.c.account_id == RentLine.account_id)
        .where(RentLine.month <= _MONTH, or_(is_last, after_sound, after_full))
        .group_by(RentLine.account_id)
        .subquery()
    )
