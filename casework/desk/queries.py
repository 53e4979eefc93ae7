"""SELECTs of the daily screens."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, String, bindparam, func, or_, select

from casework.accounts.vocabulary import Category
from casework.alerts.models import Alert, CaseSummary
from casework.alerts.queries import concerns
from casework.cases.access import is_wholly_open
from casework.cases.vocabulary import CaseState
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.database import one_of
from casework.kernel.errors import NotVisible
from casework.web.paging import Page, Place, Sort, cut, paged

AlertRow = Row[int, int, str, date, dict[str, Any], date | None, str | None, str, str]
PAGE_OF_ALERTS = 50
# Shorter words are found across the end of one name and the beginning of the next too often.
SHORTEST_NAME = 4


class AlertLine(NamedTuple):
    """What is shown of an open alert, in the order of the columns of an AlertRow."""

    id: int
    case_id: int
    rule: str
    due_on: date
    facts: dict[str, Any]
    postponed_to: date | None
    postponed_reason: str | None
    name: str
    number: str


_ALERT = select(
    Alert.id,
    Alert.case_id,
    Alert.rule,
    Alert.due_on,
    Alert.facts,
    Alert.postponed_to,
    Alert.postponed_reason,
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
    statement = statement.where(concerns(ctx.actor)).order_by(Alert.due_on, Alert.id).limit(limit)
    return ctx.session.connection().execute(statement).all()


_OF_CASE = _ALERT.where(Alert.case_id == bindparam("case_id"), Alert.closed_on.is_(None)).order_by(
    Alert.due_on, Alert.id
)


def alerts_of_case(ctx: Ctx, case_id: int) -> Sequence[AlertRow]:
    """Return the open alerts of a case that the actor is known to see, the oldest due date first."""
    statement = _OF_CASE.where(concerns(ctx.actor))
    return ctx.session.connection().execute(statement, {"case_id": case_id}).all()


def page_of_alerts(ctx: Ctx, rule: str, place: Place) -> Page[AlertRow]:
    """Return one page of the open alerts that concern the actor, of one rule or of all, the oldest due date first."""
    statement = _ALERT.where(Alert.closed_on.is_(None), visible(ctx, CaseSummary), concerns(ctx.actor))
    if rule:
        statement = statement.where(Alert.rule == rule)
    sort = Sort(Alert.due_on.expression, Alert.id.expression, date.fromisoformat)
    place = sort.sound(place)
    rows = ctx.session.connection().execute(paged(statement, sort, place, PAGE_OF_ALERTS, descending=False)).all()
    return cut(rows, place, PAGE_OF_ALERTS, lambda row: f"{row.due_on}~{row.id}")


def get_alert(ctx: Ctx, alert_id: int) -> AlertRow:
    """Return an open alert. Raises NotVisible when there is none, or not for this actor."""
    statement = _ALERT.where(
        Alert.id == alert_id, Alert.closed_on.is_(None), visible(ctx, CaseSummary), concerns(ctx.actor)
    )
    row = ctx.session.connection().execute(statement).one_or_none()
    if row is None:
        raise NotVisible
    return row


def load_of_actor(ctx: Ctx) -> tuple[int, int | None, int]:
    """Return how many active cases the actor sees, how many of them were met in the last 30 days, and how many cases owe.

    Whoever is watched for rent counts among these, as on the page of the accounts: before a contract and in a pause, too.
    None in the place of the second for who does not read when everybody was met.
    """
    active = CaseSummary.state == CaseState.ACTIVE.value
    seen = func.count().filter(active, CaseSummary.last_contact_on > ctx.today - timedelta(days=30))
    held = select(Alert.case_id).where(Alert.rule == "ARREARS_CONSTITUTED", Alert.closed_on.is_(None))
    owing = func.count().filter(CaseSummary.case_id.in_(held))
    statement = select(func.count().filter(active), seen, owing).where(
        one_of(CaseSummary.state, set(CaseState) - {CaseState.ENDED}), visible(ctx, CaseSummary)
    )
    row = ctx.session.connection().execute(statement).one()
    reads = ctx.actor.may("contact:read") and is_wholly_open(ctx.actor, Category.CONTACTS)
    return (row[0], row[1] if reads else None, row[2])


def names(word: str) -> ColumnElement[bool]:
    """Return the condition that a summary holds a word of a search.

    A word long enough to be a name is also found where an apostrophe or a hyphen parts it: « ndiaye » in « N’Diaye ».
    """
    found = CaseSummary.search_key.contains(word, autoescape=True)
    if len(word) < SHORTEST_NAME or not word.isalpha():
        return found
    return or_(found, func.replace(CaseSummary.name_key, " ", "", type_=String()).contains(word, autoescape=True))


def households_to_visit(
    ctx: Ctx, text_words: Sequence[str], limit: int
) -> Sequence[Row[int, str, str, str, date | None]]:
    """Return (case id, name, number, district, contact due) of the cases whose contact one may note, most urgent first.

    A case without a date, for it has no contract yet, comes last.
    """
    statement = select(
        CaseSummary.case_id, CaseSummary.name, CaseSummary.number, CaseSummary.district, CaseSummary.contact_due_on
    ).where(visible(ctx, CaseSummary), CaseSummary.state != CaseState.ENDED.value)
    statement = statement.where(*map(names, text_words[:6]))
    due = CaseSummary.contact_due_on
    statement = statement.order_by(due.is_(None), due, CaseSummary.case_id).limit(limit)
    return ctx.session.connection().execute(statement).all()
