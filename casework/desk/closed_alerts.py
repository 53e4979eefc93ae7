"""SELECTs of the alerts whose cause is gone: when each was raised, when it was closed, and by which fact."""

from datetime import date

from sqlalchemy import Row, Select, select

from casework.alerts.models import Alert, CaseSummary
from casework.alerts.queries import concerns
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.web.paging import Page, Place, Sort, cut, paged

ClosedRow = Row[int, int, str, date, date, date | None, str | None, str, str]
PAGE_OF_CLOSED = 50
_SORT = Sort(Alert.closed_on.expression, Alert.id.expression, date.fromisoformat)
_CLOSED = (
    select(
        Alert.id,
        Alert.case_id,
        Alert.rule,
        Alert.due_on,
        Alert.raised_on,
        Alert.closed_on,
        Alert.closing_fact,
        CaseSummary.name,
        CaseSummary.number,
    )
    .join(CaseSummary, CaseSummary.case_id == Alert.case_id)
    .where(Alert.closed_on.is_not(None))
)


def page_of_closed_alerts(ctx: Ctx, rule: str, place: Place) -> Page[ClosedRow]:
    """Return one page of the closed alerts that concern the actor, of one rule or of all, the last closed first."""
    statement = _CLOSED.where(visible(ctx, CaseSummary))
    return _page(ctx, statement.where(Alert.rule == rule) if rule else statement, place)


def closed_alerts_of_case(ctx: Ctx, case_id: int, place: Place) -> Page[ClosedRow]:
    """Return one page of the closed alerts of a case that concern the actor, the last closed first."""
    return _page(ctx, _CLOSED.where(Alert.case_id == case_id, visible(ctx, CaseSummary)), place)


def _page(ctx: Ctx, statement: Select[*tuple[object, ...]], place: Place) -> Page[ClosedRow]:
    place = _SORT.sound(place)
    rows = ctx.session.execute(
        paged(statement.where(concerns(ctx.actor)), _SORT, place, PAGE_OF_CLOSED, descending=True)
    ).all()
    return cut(rows, place, PAGE_OF_CLOSED, lambda row: f"{row.closed_on}~{row.id}")
