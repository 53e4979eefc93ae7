"""The caseload: filters, sorting, search, pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from casework.alerts.models import Alert, CaseSummary
from casework.cases.vocabulary import CaseState
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.text import search_key
from casework.web.paging import Page, Place, Sort, cut, paged

SIZE = 50
SORTS: dict[str, Sort] = {
    "nom": Sort(CaseSummary.name_key.expression, CaseSummary.case_id.expression, str),
    "echeance": Sort(CaseSummary.next_due_on.expression, CaseSummary.case_id.expression, date.fromisoformat),
    "contact": Sort(CaseSummary.last_contact_on.expression, CaseSummary.case_id.expression, date.fromisoformat),
    "dette": Sort(CaseSummary.debt_cents.expression, CaseSummary.case_id.expression, int),
}
_COLUMNS = {"nom": "name_key", "echeance": "next_due_on", "contact": "last_contact_on", "dette": "debt_cents"}
# The largest debt and the oldest contact come first: what needs somebody.
DESCENDING_FIRST = frozenset({"dette"})
ALL_STATES = "tous"

_LIST = select(
    CaseSummary.case_id,
    CaseSummary.number,
    CaseSummary.name,
    CaseSummary.name_key,
    CaseSummary.district,
    CaseSummary.state,
    CaseSummary.stage,
    CaseSummary.referent_name,
    CaseSummary.last_contact_on,
    CaseSummary.next_due_on,
    CaseSummary.debt_cents,
    CaseSummary.open_alerts,
    CaseSummary.worst_rule,
)


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Empty texts filter nothing; `state` is a CaseState or « tous »."""

    state: str = CaseState.ACTIVE.value
    rule: str = ""
    referent_id: int | None = None
    district: str = ""
    text: str = ""
    sort: str = "echeance"
    descending: bool = False

    def to_query(self, **changes: Any) -> dict[str, str]:
        """Return the address's parameters for these filters with some changed; defaults are left out."""
        f = replace(self, **changes)
        words = {
            "etat": "" if f.state == CaseState.ACTIVE.value else f.state,
            "alerte": f.rule,
            "referent": str(f.referent_id or ""),
            "quartier": f.district,
            "q": f.text,
            "tri": "" if f.sort == "echeance" else f.sort,
            "sens": "desc" if f.descending else "",
        }
        return {name: value for name, value in words.items() if value}


def list_cases(ctx: Ctx, filters: Filters, place: Place) -> Page[Row[*tuple[Any, ...]]]:
    """Return one page of the cases that the actor may see and the filters keep."""
    statement = _LIST.where(visible(ctx, CaseSummary))
    if filters.state != ALL_STATES:
        statement = statement.where(CaseSummary.state == filters.state)
    if filters.referent_id is not None:
        statement = statement.where(CaseSummary.referent_id == filters.referent_id)
    if filters.district:
        statement = statement.where(CaseSummary.district == filters.district)
    if filters.rule:
        held = select(Alert.case_id).where(Alert.rule == filters.rule, Alert.closed_on.is_(None))
        statement = statement.where(CaseSummary.case_id.in_(held))
    for word in search_key(filters.text).split()[:6]:
        statement = statement.where(CaseSummary.search_key.contains(word, autoescape=True))
    sort = SORTS[filters.sort]
    rows = ctx.session.execute(paged(statement, sort, place, SIZE, descending=filters.descending)).all()
    column = _COLUMNS[filters.sort]
    return cut(rows, place, SIZE, lambda row: f"{getattr(row, column)}~{row.case_id}")


def districts(ctx: Ctx) -> Sequence[str]:
    """Return the districts of the cases that the actor may see, by name."""
    statement = select(CaseSummary.district).where(visible(ctx, CaseSummary), CaseSummary.district != "")
    return ctx.session.scalars(statement.distinct().order_by(CaseSummary.district)).all()


def referents(ctx: Ctx) -> Sequence[Row[int | None, str]]:
    """Return (id, name) of the referents of the cases that the actor may see, by name."""
    return ctx.session.execute(
        select(CaseSummary.referent_id, CaseSummary.referent_name)
        .where(visible(ctx, CaseSummary), CaseSummary.referent_id.is_not(None))
        .distinct()
        .order_by(CaseSummary.referent_name, CaseSummary.referent_id)
    ).all()
