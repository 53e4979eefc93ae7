"""Every SELECT on how long files are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, Subquery, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from casework.cases.models import Case, CaseEnd, CaseRetention
from casework.cases.queries import holding_all
from casework.contacts.models import Contact
from casework.contacts.vocabulary import MADE_KINDS, ContactOutcome
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.households.models import HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.privacy.rules import Known
from casework.reassessments.models import Reassessment

_TODAY = bindparam("today", type_=Date())
_IDS = bindparam("case_ids", expanding=True, type_=Case.id.type)


def files_over(ctx: Ctx) -> list[Known]:
    """Return what decides the fate of every case that the actor sees, is over and is not anonymised yet, by id."""
    rows = ctx.session.execute(_over(some=False).where(visible(ctx, Case)), {"today": ctx.today}).all()
    return [_known(row) for row in rows]


def files_told(ctx: Ctx) -> list[Known]:
    """Return what decides the fate of the cases that the actor sees, whose end was told and that nobody archived."""
    told = select(CaseRetention.case_id).where(
        CaseRetention.noticed_on.is_not(None),
        CaseRetention.archived_on.is_(None),
        CaseRetention.anonymised_on.is_(None),
        visible(ctx, CaseRetention),
    )
    case_ids = ctx.session.connection().execute(told).scalars().all()
    return _files(ctx, case_ids) if case_ids else []


def _files(ctx: Ctx, case_ids: Sequence[int]) -> list[Known]:
    statement = _over(some=True).where(visible(ctx, Case))
    values = {"case_ids": list(case_ids), "today": ctx.today}
    return [_known(row) for row in ctx.session.execute(statement, values)]


def file_of(ctx: Ctx, case_id: int) -> Known | None:
    """Return what decides the fate of a case that the actor sees, None while it runs or once it is anonymised."""
    return next(iter(_files(ctx, [case_id])), None)


def hold_files(ctx: Ctx, case_ids: Sequence[int]) -> None:
    """Let nobody compute these cases before the transaction ends, whoever sees them. SQLite has one writer anyway."""
    ctx.session.connection().execute(_HOLD, {"case_ids": case_ids})


_HOLD = holding_all(Case.id.in_(_IDS))


def retention_of(ctx: Ctx, case_id: int) -> CaseRetention | None:
    """Return how long the file of a case is kept, as a row to change, None when nothing was noted."""
    return ctx.session.scalars(
        select(CaseRetention).where(CaseRetention.case_id == case_id, visible(ctx, CaseRetention))
    ).one_or_none()


@dataclass(frozen=True)
class Named:
    """How a case is called on a list."""

    case_id: int
    number: str
    name: str


def names_of(ctx: Ctx, case_ids: Sequence[int]) -> dict[int, Named]:
    """Return how cases that the actor sees are called: their number, and the name of their reference person."""
    rows = ctx.session.execute(
        select(Case.id, Case.number, Person.family_name, Person.given_name)
        .outerjoin(
            HouseholdMember,
            (HouseholdMember.household_id == Case.household_id) & (HouseholdMember.link == Link.REFERENCE.value),
        )
        .outerjoin(Person, Person.id == HouseholdMember.person_id)
        .where(Case.id.in_(case_ids), visible(ctx, Case))
    )
    return {
        row.id: Named(row.id, row.number, " ".join(filter(None, (row.family_name, row.given_name))) or row.number)
        for row in rows
    }


def archives(ctx: Ctx) -> Sequence[CaseRetention]:
    """Return the archives of the cases that the actor sees, the first to end first."""
    return ctx.session.scalars(
        select(CaseRetention)
        .where(CaseRetention.archived_on.is_not(None), CaseRetention.anonymised_on.is_(None))
        .where(visible(ctx, CaseRetention))
        .order_by(CaseRetention.archived_until, CaseRetention.case_id)
    ).all()


def count_anonymised(ctx: Ctx) -> int:
    """Return how many cases of the actor's programmes are anonymised: nobody sees them, all may count them."""
    counted = select(func.count()).select_from(CaseRetention).join(Case, Case.id == CaseRetention.case_id)
    of_programmes = Case.programme_id.in_(ctx.actor.programme_ids)
    return ctx.session.scalar(counted.where(of_programmes, CaseRetention.anonymised_on.is_not(None))) or 0


def _known(row: Row[*tuple[Any, ...]]) -> Known:
    return Known(
        case_id=row.case_id,
        number=row.number,
        referred_on=row.referred_on,
        ended_on=row.ended_on,
        contract_on=row.signed_on,
        contacts=(row.met_on, row.diagnosed_on, row.reassessed_on, row.signed_on),
        noticed_on=row.noticed_on,
        archived_on=row.archived_on,
        archived_until=row.archived_until,
    )


@cache
def _over(*, some: bool) -> Select[*tuple[Any, ...]]:
    """What is dated with or by the person: contacts made, diagnostics, reassessments, signatures.

    An end that is still to come on the day `today` is not in it.
    `some` keeps it to the cases of the parameter `case_ids`, so that a page never reads the facts of all of them.
    """
    is_made = and_(Contact.outcome == ContactOutcome.REALISEE.value, Contact.kind.in_([k.value for k in MADE_KINDS]))
    parts = {
        "met_on": _last(some, Contact.case_id, Contact.occurred_on, is_made),
        "diagnosed_on": _last(some, Diagnostic.case_id, Diagnostic.made_on),
        "reassessed_on": _last(some, Reassessment.case_id, Reassessment.held_on),
        "signed_on": _last(some, Contract.case_id, Contract.signed_on),
    }
    statement = (
        select(
            Case.id.label("case_id"),
            Case.number,
            Case.referred_on,
            CaseEnd.ended_on,
            CaseRetention.noticed_on,
            CaseRetention.archived_on,
            CaseRetention.archived_until,
            *(part.c.last_on.label(name) for name, part in parts.items()),
        )
        .outerjoin(CaseEnd, and_(CaseEnd.case_id == Case.id, CaseEnd.ended_on <= _TODAY))
        .outerjoin(CaseRetention, CaseRetention.case_id == Case.id)
        .order_by(Case.id)
    )
    for part in parts.values():
        statement = statement.outerjoin(part, part.c.case_id == Case.id)
    is_over = or_(CaseEnd.ended_on.is_not(None), parts["signed_on"].c.last_on.is_(None))
    statement = statement.where(is_over, CaseRetention.anonymised_on.is_(None))
    return statement.where(Case.id.in_(_IDS)) if some else statement


def _last(
    some: bool,
    case_id: InstrumentedAttribute[int],
    on: InstrumentedAttribute[date],
    condition: ColumnElement[bool] | None = None,
) -> Subquery:
    statement = select(case_id.label("case_id"), func.max(on).label("last_on")).group_by(case_id)
    if some:
        statement = statement.where(case_id.in_(_IDS))
    return (statement if condition is None else statement.where(condition)).subquery()
