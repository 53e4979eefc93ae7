"""SELECTs of the daily screens."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select

from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert, CaseSummary
from casework.alerts.vocabulary import RENT_RULES
from casework.cases.vocabulary import CaseState
from casework.contacts.models import Contact
from casework.contracts.models import Contract, Objective
from casework.diagnostics.models import Diagnostic
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible
from casework.leases.models import LeaseStage
from casework.rents.models import RentLine
from casework.web.paging import Page, Place, Sort, cut, paged

AlertRow = Row[int, int, str, date, dict[str, Any], date | None, str, str]
PAGE_OF_ALERTS = 50
_ALERT = select(
    Alert.id,
    Alert.case_id,
    Alert.rule,
    Alert.due_on,
    Alert.facts,
    Alert.postponed_to,
    CaseSummary.name,
    CaseSummary.number,
).join(CaseSummary, CaseSummary.case_id == Alert.case_id)


def alerts_of_day(ctx: Ctx, limit: int) -> Sequence[AlertRow]:
    """Return the open alerts that concern the actor and are not postponed past today, the oldest due date first.

    A rent office is shown the rules about rents only.
    """
    statement = _ALERT.where(
        Alert.closed_on.is_(None),
        or_(Alert.postponed_to.is_(None), Alert.postponed_to <= ctx.today),
        visible(ctx, CaseSummary),
    )
    if ctx.actor.role == Role.LANDLORD_RENT:
        statement = statement.where(Alert.rule.in_(sorted(RENT_RULES)))
    return ctx.session.execute(statement.order_by(Alert.due_on, Alert.id).limit(limit)).all()


def alerts_of_case(ctx: Ctx, case_id: int) -> Sequence[AlertRow]:
    """Return the open alerts of a case that the actor is known to see, the oldest due date first."""
    statement = _ALERT.where(Alert.case_id == case_id, Alert.closed_on.is_(None))
    if ctx.actor.role == Role.LANDLORD_RENT:
        statement = statement.where(Alert.rule.in_(sorted(RENT_RULES)))
    return ctx.session.execute(statement.order_by(Alert.due_on, Alert.id)).all()


def page_of_alerts(ctx: Ctx, rule: str, place: Place) -> Page[AlertRow]:
    """Return one page of the open alerts that concern the actor, of one rule or of all, the oldest due date first."""
    statement = _ALERT.where(Alert.closed_on.is_(None), visible(ctx, CaseSummary))
    if ctx.actor.role == Role.LANDLORD_RENT:
        statement = statement.where(Alert.rule.in_(sorted(RENT_RULES)))
    if rule:
        statement = statement.where(Alert.rule == rule)
    sort = Sort(Alert.due_on.expression, Alert.id.expression, date.fromisoformat)
    rows = ctx.session.execute(paged(statement, sort, place, PAGE_OF_ALERTS, descending=False)).all()
    return cut(rows, place, PAGE_OF_ALERTS, lambda row: f"{row.due_on}~{row.id}")


def get_alert(ctx: Ctx, alert_id: int) -> AlertRow:
    """Return an open alert. Raises NotVisible when there is none, or not for this actor."""
    row = ctx.session.execute(
        _ALERT.where(Alert.id == alert_id, Alert.closed_on.is_(None), visible(ctx, CaseSummary))
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row


def summary_of(ctx: Ctx, case_id: int) -> CaseSummary | None:
    """Return the summary of a case that the actor is known to see."""
    return ctx.session.scalars(select(CaseSummary).where(CaseSummary.case_id == case_id)).one_or_none()


def load_of_actor(ctx: Ctx) -> tuple[int, int, int]:
    """Return how many active cases the actor sees, met in the last 30 days, and with a constituted debt."""
    seen = func.count().filter(CaseSummary.last_contact_on > ctx.today - timedelta(days=30))
    held = select(Alert.case_id).where(Alert.rule == "ARREARS_CONSTITUTED", Alert.closed_on.is_(None))
    owing = func.count().filter(CaseSummary.case_id.in_(held))
    row = ctx.session.execute(
        select(func.count(), seen, owing).where(CaseSummary.state == CaseState.ACTIVE.value, visible(ctx, CaseSummary))
    ).one()
    return (row[0], row[1], row[2])


def last_contact(ctx: Ctx, case_id: int) -> Row[date, str, str] | None:
    """Return (date, kind, outcome) of the last contact noted, whatever came of it."""
    return ctx.session.execute(
        select(Contact.occurred_on, Contact.kind, Contact.outcome)
        .where(Contact.case_id == case_id)
        .order_by(Contact.occurred_on.desc(), Contact.id.desc())
        .limit(1)
    ).one_or_none()


def last_diagnostic(ctx: Ctx, case_id: int) -> Row[int, date, int | None, int | None] | None:
    """Return (id, date, effort rate in tenths of a percent, living remainder in cents a day) of the last diagnostic."""
    return ctx.session.execute(
        select(Diagnostic.id, Diagnostic.made_on, Diagnostic.effort_tenths, Diagnostic.remainder_cents)
        .where(Diagnostic.case_id == case_id)
        .order_by(Diagnostic.made_on.desc(), Diagnostic.id.desc())
        .limit(1)
    ).one_or_none()


def contracts_of(ctx: Ctx, case_id: int) -> Sequence[Row[int, str, date, date | None]]:
    """Return (id, kind, signed on, planned end) of the contracts of a case, oldest first."""
    return ctx.session.execute(
        select(Contract.id, Contract.kind, Contract.signed_on, Contract.planned_end_on)
        .where(Contract.case_id == case_id)
        .order_by(Contract.signed_on, Contract.id)
    ).all()


def objectives_of(ctx: Ctx, case_id: int) -> Sequence[Row[int, str, str, date | None, str]]:
    """Return (id, label, party, due date, state) of the objectives of a case."""
    return ctx.session.execute(
        select(Objective.id, Objective.label, Objective.party, Objective.due_on, Objective.state)
        .where(Objective.case_id == case_id)
        .order_by(Objective.id)
    ).all()


def stages_of(ctx: Ctx, case_id: int) -> Sequence[Row[str, date]]:
    """Return (stage, from) of the lease stages of a case, oldest first."""
    return ctx.session.execute(
        select(LeaseStage.stage, LeaseStage.from_on)
        .where(LeaseStage.case_id == case_id)
        .order_by(LeaseStage.from_on, LeaseStage.id)
    ).all()


def balances(ctx: Ctx, rent_account_id: int | None, months: int) -> Sequence[Row[date, int]]:
    """Return (month, balance in cents) of the last `months` rent lines of an account, newest first."""
    if rent_account_id is None:
        return []
    return ctx.session.execute(
        select(RentLine.month, RentLine.balance_cents)
        .where(RentLine.account_id == rent_account_id)
        .order_by(RentLine.month.desc())
        .limit(months)
    ).all()


def households_to_visit(
    ctx: Ctx, text_words: Sequence[str], limit: int
) -> Sequence[Row[int, str, str, str, date | None]]:
    """Return (case id, name, number, district, next due) of the cases whose contact one may note, most urgent first."""
    statement = select(
        CaseSummary.case_id, CaseSummary.name, CaseSummary.number, CaseSummary.district, CaseSummary.contact_due_on
    ).where(visible(ctx, CaseSummary), CaseSummary.state != CaseState.ENDED.value)
    for word in text_words[:6]:
        statement = statement.where(CaseSummary.search_key.contains(word, autoescape=True))
    return ctx.session.execute(statement.order_by(CaseSummary.next_due_on, CaseSummary.case_id).limit(limit)).all()
