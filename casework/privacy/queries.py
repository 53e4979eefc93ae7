"""Every SELECT on how long files are kept."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from casework.cases.models import Case, CaseEnd, CaseRetention
from casework.contacts.models import Contact
from casework.contacts.vocabulary import MADE_KINDS, ContactOutcome
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.privacy.rules import Known
from casework.reassessments.models import Reassessment


def files_over(ctx: Ctx) -> list[Known]:
    """Return what decides the fate of every case that the actor sees, is over and is not anonymised yet, by id."""
    rows = ctx.session.execute(_over().where(visible(ctx, Case))).all()
    return [_known(row) for row in rows]


def file_of(ctx: Ctx, case_id: int) -> Known | None:
    """Return what decides the fate of a case that the actor sees, None while it runs or once it is anonymised."""
    row = ctx.session.execute(_over().where(Case.id == case_id, visible(ctx, Case))).one_or_none()
    return None if row is None else _known(row)


def retention_of(ctx: Ctx, case_id: int) -> CaseRetention | None:
    """Return how long the file of a case is kept, as a row to change, None when nothing was noted."""
    return ctx.session.scalars(
        select(CaseRetention).where(CaseRetention.case_id == case_id, visible(ctx, CaseRetention))
    ).one_or_none()


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
def _over() -> Select[*tuple[Any, ...]]:
    """What is dated with or by the person: contacts made, diagnostics, reassessments, signatures."""
    is_made = and_(Contact.outcome == ContactOutcome.REALISEE.value, Contact.kind.in_([k.value for k in MADE_KINDS]))
    parts = {
        "met_on": _last(Contact.case_id, Contact.occurred_on, is_made),
        "diagnosed_on": _last(Diagnostic.case_id, Diagnostic.made_on),
        "reassessed_on": _last(Reassessment.case_id, Reassessment.held_on),
        "signed_on": _last(Contract.case_id, Contract.signed_on),
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
        .outerjoin(CaseEnd, CaseEnd.case_id == Case.id)
        .outerjoin(CaseRetention, CaseRetention.case_id == Case.id)
        .order_by(Case.id)
    )
    for part in parts.values():
        statement = statement.outerjoin(part, part.c.case_id == Case.id)
    is_over = or_(CaseEnd.ended_on.is_not(None), parts["signed_on"].c.last_on.is_(None))
    return statement.where(is_over, CaseRetention.anonymised_on.is_(None))


def _last(
    case_id: InstrumentedAttribute[int], on: InstrumentedAttribute[date], condition: ColumnElement[bool] | None = None
) -> Subquery:
    statement = select(case_id.label("case_id"), func.max(on).label("last_on")).group_by(case_id)
    return (statement if condition is None else statement.where(condition)).subquery()
