"""The facts of many cases on a day, in a constant number of set-based SELECTs; the same for one case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework.alerts.rules import CaseFacts, RentFacts
from casework.cases.models import Case, CaseEnd, Suspension
from casework.contacts.models import Contact
from casework.contacts.vocabulary import MADE_KINDS, MISSED_OUTCOMES, ContactOutcome
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.kernel.calendar import last_complete_month
from casework.leases.models import LeaseStage
from casework.programmes.terms import Terms
from casework.reassessments.models import Reassessment
from casework.rents.models import ArrearsReport, RentLine

_MADE = and_(
    Contact.outcome == ContactOutcome.REALISEE.value, Contact.kind.in_(sorted(kind.value for kind in MADE_KINDS))
)
_MISSED = Contact.outcome.in_(sorted(outcome.value for outcome in MISSED_OUTCOMES))
_BASE = RentLine.rent_cents + RentLine.charges_cents - RentLine.benefit_cents
_LONG_AGO = date(1, 1, 1)


@dataclass(frozen=True)
class Scope:
    """All cases of a programme, or one of them."""

    programme_id: int
    case_id: int | None = None

    def cases(self) -> ColumnElement[bool]:
        """Return the condition on Case."""
        return Case.programme_id == self.programme_id if self.case_id is None else Case.id == self.case_id

    def rows(self, column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Return the condition on a column that holds a case id."""
        if self.case_id is not None:
            return column == self.case_id
        return column.in_(select(Case.id).where(Case.programme_id == self.programme_id))

    def accounts(self) -> ColumnElement[bool]:
        """Return the condition on the account of a rent line."""
        return RentLine.account_id.in_(select(Case.rent_account_id).where(self.cases()))


def load_facts(session: Session, scope: Scope, day: date, terms: Mapping[int, Terms]) -> list[CaseFacts]:
    """Return the facts, known on `day`, of every case of `scope`, by case id. `terms` is by version id."""
    contracts = _contracts(session, scope, day)
    contacts = _latest(session, Contact.case_id, Contact.occurred_on, scope, day, _MADE)
    missed = _missed(session, scope, day)
    held = _latest(session, Reassessment.case_id, Reassessment.held_on, scope, day)
    ends = _latest(session, CaseEnd.case_id, CaseEnd.ended_on, scope, day)
    reported = _latest(session, ArrearsReport.case_id, ArrearsReport.reported_on, scope, day)
    diagnosed = _latest(session, Diagnostic.case_id, Diagnostic.made_on, scope, day)
    suspended = set(session.scalars(_suspended(scope, day)))
    stages = _stages(session, scope, day)
    multiples = {version: t.arrears_multiple for version, t in terms.items()}
    rents = {multiple: _rents(session, scope, day, multiple) for multiple in set(multiples.values())}
    facts: list[CaseFacts] = []
    for row in session.execute(_CASES.where(scope.cases()).order_by(Case.id)):
        contract, stage, lost = contracts.get(row.id), stages.get(row.id), missed.get(row.id, [])
        patience = terms[row.programme_version_id].contact_lost_after
        facts.append(
            CaseFacts(
                case_id=row.id,
                version_id=row.programme_version_id,
                number=row.number,
                referred_on=row.referred_on,
                moved_in_on=row.moved_in_on,
                diagnosed=row.id in diagnosed,
                contract_on=contract[0] if contract else None,
                planned_end_on=contract[1] if contract else None,
                ended_on=ends.get(row.id),
                suspended=row.id in suspended,
                last_contact_on=contacts.get(row.id),
                missed_since=len(lost),
                third_missed_on=lost[patience - 1] if len(lost) >= patience else None,
                last_reassessment_on=held.get(row.id),
                stage=stage[0] if stage else None,
                stage_from_on=stage[1] if stage else None,
                rent=rents[multiples[row.programme_version_id]].get(row.rent_account_id),
                reported_on=reported.get(row.id),
            )
        )
    return facts


_CASES = select(
    Case.id, Case.programme_version_id, Case.number, Case.referred_on, Case.moved_in_on, Case.rent_account_id
)


def _latest(
    session: Session,
    case_id: InstrumentedAttribute[int],
    on: InstrumentedAttribute[date],
    scope: Scope,
    day: date,
    *conditions: ColumnElement[bool],
) -> dict[int, date]:
    statement = select(case_id, func.max(on)).where(scope.rows(case_id), on <= day, *conditions).group_by(case_id)
    return {row[0]: row[1] for row in session.execute(statement)}


def _contracts(session: Session, scope: Scope, day: date) -> dict[int, tuple[date, date | None]]:
    """Return the date of the first contract and the planned end of the last amendment, signed by `day`."""
    rows = session.execute(
        select(Contract.case_id, Contract.signed_on, Contract.planned_end_on)
        .where(scope.rows(Contract.case_id), Contract.signed_on <= day)
        .order_by(Contract.signed_on, Contract.id)
    )
    found: dict[int, tuple[date, date | None]] = {}
    for row in rows:
        first = found.get(row.case_id)
        found[row.case_id] = (first[0] if first else row.signed_on, row.planned_end_on)
    return found


def _missed(session: Session, scope: Scope, day: date) -> dict[int, list[date]]:
    """Return, for each case, the dates of its missed contacts later than the day of its last contact made."""
    made = (
        select(Contact.case_id, func.max(Contact.occurred_on).label("last_on"))
        .where(scope.rows(Contact.case_id), Contact.occurred_on <= day, _MADE)
        .group_by(Contact.case_id)
        .subquery()
    )
    rows = session.execute(
        select(Contact.case_id, Contact.occurred_on)
        .outerjoin(made, made.c.case_id == Contact.case_id)
        .where(
            scope.rows(Contact.case_id),
            Contact.occurred_on <= day,
            _MISSED,
            or_(made.c.last_on.is_(None), Contact.occurred_on > made.c.last_on),
        )
        .order_by(Contact.case_id, Contact.occurred_on)
    )
    found: dict[int, list[date]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row.occurred_on)
    return found


def _suspended(scope: Scope, day: date) -> Select[int]:
    return select(Suspension.case_id).where(
        scope.rows(Suspension.case_id),
        Suspension.from_on <= day,
        or_(Suspension.to_on.is_(None), Suspension.to_on >= day),
    )


def _stages(session: Session, scope: Scope, day: date) -> dict[int, tuple[str, date]]:
    rows = session.execute(
        select(LeaseStage.case_id, LeaseStage.stage, LeaseStage.from_on)
        .where(scope.rows(LeaseStage.case_id), LeaseStage.from_on <= day)
        .order_by(LeaseStage.from_on, LeaseStage.id)
    )
    return {row.case_id: (row.stage, row.from_on) for row in rows}


def _rents(session: Session, scope: Scope, day: date, multiple: int) -> dict[int, RentFacts]:
    """Return, by account, its last line known on `day` and the runs of lines that end with it."""
    month = last_complete_month(day)
    constituted = and_(RentLine.balance_cents > 0, RentLine.balance_cents >= multiple * _BASE)
    known = (
        select(
            RentLine.account_id,
            func.max(RentLine.month).label("last"),
            func.max(case((~constituted, RentLine.month))).label("sound"),
            func.max(case((RentLine.paid_cents >= _BASE, RentLine.month))).label("full"),
        )
        .where(scope.accounts(), RentLine.month <= month)
        .group_by(RentLine.account_id)
        .subquery()
    )
    after_sound = RentLine.month > func.coalesce(known.c.sound, _LONG_AGO)
    after_full = RentLine.month > func.coalesce(known.c.full, _LONG_AGO)
    is_last = RentLine.month == known.c.last
    rows = session.execute(
        select(
            RentLine.account_id,
            func.max(known.c.last).label("month"),
            func.max(case((is_last, RentLine.balance_cents))).label("balance"),
            func.max(case((is_last, _BASE))).label("base"),
            func.min(case((after_sound, RentLine.month))).label("since"),
            func.count(case((after_full, 1))).label("short"),
        )
        .join(known, known.c.account_id == RentLine.account_id)
        .where(RentLine.month <= month, or_(is_last, after_sound, after_full))
        .group_by(RentLine.account_id)
    )
    return {r.account_id: RentFacts(r.month, r.balance, r.base, r.since, r.short) for r in rows}
