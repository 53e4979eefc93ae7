"""Every SELECT on rent accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, literal, or_, select

from casework.accounts.models import User
from casework.cases.access import declare_case_table
from casework.cases.models import Case, CaseEnd, RentAccount
from casework.cases.rent_accounts import declare_ledger
from casework.households.models import HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.access import visible
from casework.kernel.calendar import last_complete_month
from casework.kernel.context import Ctx
from casework.programmes.queries import terms_by_version
from casework.rents.models import ArrearsReport, RentLine
from casework.rents.rules import RentMonth, state_of
from casework.rents.vocabulary import AccountState
from casework.web.paging import Page, Place, Sort, cut, paged

declare_case_table(ArrearsReport)
declare_ledger(RentLine.account_id.expression)

SIZE = 50
WATCHED, CONSTITUTED, EVERY = "suivis", "constitues", "tous"
FILTERS = (WATCHED, CONSTITUTED, EVERY)
# An account without any line stands after every balance.
NO_LINE = -(10**15)
_BASE = RentLine.rent_cents + RentLine.charges_cents - RentLine.benefit_cents
_KEY = func.coalesce(RentLine.balance_cents, NO_LINE)


def _balance(text: str) -> int:
    value = int(text)
    if abs(value) > -NO_LINE:
        raise ValueError(text)
    return value


_SORT = Sort(_KEY, Case.id.expression, _balance)


@dataclass(frozen=True)
class AccountRow:
    """A case's rent account after its last known month; without any line, `month` and `state` are None."""

    case_id: int
    number: str
    name: str
    lease_number: str
    ended_on: date | None
    month: date | None
    balance_cents: int | None
    base_cents: int | None
    state: AccountState | None


@dataclass(frozen=True)
class ReportView:
    """A report of arrears to the family-benefits office, noted at `created_at` by `author_id`."""

    id: int
    created_at: datetime
    author_id: int | None
    reported_on: date
    debt_cents: int
    reference: str
    author: str | None


def list_accounts(ctx: Ctx, kept: str, place: Place) -> Page[AccountRow]:
    """Return one page of the rent accounts of the cases the actor may see, the largest debt first.

    `kept` is one of FILTERS: those of cases not ended, those in constituted arrears among them, or every one.
    """
    multiples = _multiples(ctx)
    last_month = (
        select(func.max(RentLine.month))
        .where(RentLine.account_id == Case.rent_account_id, RentLine.month <= last_complete_month(ctx.today))
        .correlate(Case)
        .scalar_subquery()
    )
    statement = (
        select(
            Case.id,
            Case.number,
            Case.programme_version_id,
            RentAccount.lease_number,
            CaseEnd.ended_on,
            RentLine.month,
            RentLine.balance_cents,
            _BASE.label("base_cents"),
            _KEY.label("key"),
        )
        .join(RentAccount, RentAccount.id == Case.rent_account_id)
        .outerjoin(RentLine, and_(RentLine.account_id == Case.rent_account_id, RentLine.month == last_month))
        .outerjoin(CaseEnd, CaseEnd.case_id == Case.id)
        .where(visible(ctx, Case))
    )
    if kept != EVERY:
        statement = statement.where(or_(CaseEnd.case_id.is_(None), CaseEnd.ended_on > ctx.today))
    if kept == CONSTITUTED:
        statement = statement.where(RentLine.balance_cents > 0, RentLine.balance_cents >= _multiple(multiples) * _BASE)
    place = _SORT.sound(place)
    rows = ctx.session.execute(paged(statement, _SORT, place, SIZE, descending=True)).all()
    page = cut(rows, place, SIZE, lambda row: f"{row.key}~{row.id}")
    names = _names(ctx, [row.id for row in page.rows])
    shown = [_account(row, names, multiples) for row in page.rows]
    return Page(shown, page.previous, page.next)


def _account(row: Row[*tuple[Any, ...]], names: Mapping[int, str], multiples: Mapping[int, int]) -> AccountRow:
    known = row.month is not None
    return AccountRow(
        case_id=row.id,
        number=row.number,
        name=names.get(row.id) or row.number,
        lease_number=row.lease_number,
        ended_on=row.ended_on,
        month=row.month,
        balance_cents=row.balance_cents,
        base_cents=row.base_cents,
        state=state_of(row.balance_cents, row.base_cents, multiples[row.programme_version_id]) if known else None,
    )


def _multiples(ctx: Ctx) -> dict[int, int]:
    """Return, for each version of the actor's programmes, how many months' base make an impayé constitué."""
    found: dict[int, int] = {}
    for programme_id in ctx.actor.programme_ids:
        terms = terms_by_version(ctx, programme_id, ctx.today)
        found |= {version_id: t.arrears_multiple for version_id, t in terms.items()}
    return found


def _multiple(multiples: Mapping[int, int]) -> ColumnElement[int]:
    if not multiples:
        return literal(0)
    return case(dict(multiples), value=Case.programme_version_id)


def _names(ctx: Ctx, case_ids: Sequence[int]) -> dict[int, str]:
    rows = ctx.session.execute(
        select(Case.id, Person.family_name, Person.given_name)
        .join(
            HouseholdMember,
            (HouseholdMember.household_id == Case.household_id) & (HouseholdMember.link == Link.REFERENCE.value),
        )
        .join(Person, Person.id == HouseholdMember.person_id)
        .where(Case.id.in_(case_ids), visible(ctx, Case))
        .order_by(Case.id, HouseholdMember.id.desc())
    )
    return {row.id: " ".join(part for part in (row.family_name, row.given_name) if part) for row in rows}


def months_of(ctx: Ctx, case_id: int, day: date) -> list[RentMonth]:
    """Return the months of the rent account of a case that are known on `day`, oldest first."""
    rows = ctx.session.execute(
        select(
            RentLine.month,
            RentLine.rent_cents,
            RentLine.charges_cents,
            RentLine.benefit_cents,
            RentLine.paid_cents,
            RentLine.balance_cents,
        )
        .join(Case, Case.rent_account_id == RentLine.account_id)
        .where(Case.id == case_id, RentLine.month <= last_complete_month(day), visible(ctx, Case))
        .order_by(RentLine.month)
    )
    return [RentMonth(*row) for row in rows]


def reports_of(ctx: Ctx, case_id: int) -> list[ReportView]:
    """Return the reports to the family-benefits office that were made for a case, newest first."""
    rows = ctx.session.execute(
        select(
            ArrearsReport.id,
            ArrearsReport.created_at,
            ArrearsReport.author_id,
            ArrearsReport.reported_on,
            ArrearsReport.debt_cents,
            ArrearsReport.reference,
            User.display_name,
        )
        .outerjoin(User, User.id == ArrearsReport.author_id)
        .where(ArrearsReport.case_id == case_id, visible(ctx, ArrearsReport))
        .order_by(ArrearsReport.reported_on.desc(), ArrearsReport.id.desc())
    )
    return [ReportView(*row) for row in rows]


def lease_number_of(ctx: Ctx, case_id: int) -> str | None:
    """Return the number of the lease of a case in the landlord's books, None when it has no account."""
    return ctx.session.scalar(
        select(RentAccount.lease_number)
        .join(Case, Case.rent_account_id == RentAccount.id)
        .where(Case.id == case_id, visible(ctx, Case))
    )
