"""The caseload: filters, sorting, search, pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from casework.accounts.models import User
from casework.accounts.vocabulary import Category
from casework.alerts.models import Alert, CaseSummary
from casework.alerts.queries import concerns
from casework.alerts.vocabulary import REMINDERS, STANDINGS, Urgency
from casework.cases.access import (
    is_wholly_closed,
    is_wholly_open,
    sees_whole_programmes,
    shared_column,
    shared_condition,
)
from casework.cases.vocabulary import CaseState
from casework.desk.queries import names
from casework.kernel.access import visible_to
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import one_of
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
# The usual one first; who reads no contacts does not learn from the order when somebody was last met, either.
SORT_NAMES = ("echeance", "nom", "contact", "dette")
SORT_NAMES_OF_RENTS = ("dette", "nom")
# The largest debt and the oldest contact come first: what needs somebody.
DESCENDING_FIRST = frozenset({"dette"})
ALL_STATES = "tous"
# What the dates of a line tell: the next due date is the earlier one of a contact and of a reassessment.
_OF_CONTACT = (Category.CONTACTS,)
_OF_DUE_DATE = (Category.CONTACTS, Category.REASSESSMENTS)


def sorts_of(actor: Actor) -> tuple[str, ...]:
    """Return the sorts that the actor is offered, the usual one first: an order tells what it is made from."""
    if not actor.may("contact:read"):
        return SORT_NAMES_OF_RENTS
    hidden = {
        sort
        for sort, categories in (("contact", _OF_CONTACT), ("echeance", _OF_DUE_DATE))
        if not all(is_wholly_open(actor, category) for category in categories)
    }
    return tuple(sort for sort in SORT_NAMES if sort not in hidden)


def reads_contacts(actor: Actor) -> bool:
    """Tell whether the actor reads of some household when somebody was last met."""
    return actor.may("contact:read") and not is_wholly_closed(actor, Category.CONTACTS)


def reads_due_dates(actor: Actor) -> bool:
    """Tell whether the actor reads of some household what is due next."""
    return actor.may("contact:read") and not any(is_wholly_closed(actor, category) for category in _OF_DUE_DATE)


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
    statement = _list_of(ctx.actor)
    if filters.state != ALL_STATES:
        statement = statement.where(CaseSummary.state == filters.state)
    if filters.referent_id is not None:
        statement = statement.where(CaseSummary.referent_id == filters.referent_id)
    if filters.district:
        statement = statement.where(CaseSummary.district == filters.district)
    if filters.rule:
        held = select(Alert.case_id).where(Alert.rule == filters.rule, Alert.closed_on.is_(None), concerns(ctx.actor))
        statement = statement.where(CaseSummary.case_id.in_(held))
    statement = statement.where(*map(names, search_key(filters.text).split()[:6]))
    sort = SORTS[filters.sort]
    place = sort.sound(place)
    statement = paged(statement, sort, place, SIZE, descending=filters.descending)
    rows = ctx.session.connection().execute(statement, {"today": ctx.today}).all()
    column = _COLUMNS[filters.sort]
    return cut(rows, place, SIZE, lambda row: f"{getattr(row, column)}~{row.case_id}")


@lru_cache(maxsize=500)
def _list_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    case_id, programme_id = CaseSummary.case_id.expression, CaseSummary.programme_id.expression
    met, held = (
        shared_condition(actor, case_id, category, programme_id)
        for category in (Category.CONTACTS, Category.REASSESSMENTS)
    )
    return select(
        CaseSummary.case_id,
        CaseSummary.number,
        CaseSummary.name,
        CaseSummary.name_key,
        CaseSummary.district,
        CaseSummary.state,
        CaseSummary.stage,
        CaseSummary.referent_name,
        shared_column(met, CaseSummary.last_contact_on.expression),
        shared_column(and_(met, held), CaseSummary.next_due_on.expression),
        CaseSummary.debt_cents,
        case((CaseSummary.open_alerts > 0, _urgency(actor)), else_=_CALM).label("urgency"),
    ).where(visible_to(actor, CaseSummary))


# How urgent the open alerts of a case are: none, reminders, how it stands, delays.
_CALM, _SOON, _STANDING, _LATE = [literal_column(str(urgency.value), Integer()) for urgency in Urgency]


def _urgency(actor: Actor) -> ScalarSelect[int]:
    """Return how urgent those of its alerts are that concern the actor: a badge tells no more than the alerts do."""
    is_soon = or_(one_of(Alert.rule, REMINDERS), Alert.due_on >= bindparam("today", type_=Date()))
    urgency = case((is_soon, _SOON), (one_of(Alert.rule, STANDINGS), _STANDING), else_=_LATE)
    held = select(func.coalesce(func.max(urgency), _CALM)).where(
        Alert.case_id == CaseSummary.case_id, Alert.closed_on.is_(None), concerns(actor)
    )
    return held.correlate(CaseSummary).scalar_subquery()


@dataclass(frozen=True)
class Choices:
    """What the filters offer: the districts, and (id, name) of the referents, of the cases that the actor may see."""

    districts: Sequence[str]
    referents: Sequence[tuple[int, str]]


def choices(ctx: Ctx) -> Choices:
    """Return what the filters offer, by name."""
    rows = ctx.session.connection().execute(_choices_of(ctx.actor)).all()
    people = sorted((row.name, row.id) for row in rows if row.id is not None)
    districts = {row.name for row in rows if row.id is None}
    return Choices(sorted(districts), [(user_id, name) for name, user_id in people])


@lru_cache(maxsize=500)
def _choices_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of (id, name) of the referents and (nothing, name) of the districts.

    Neither walks through all cases of a programme: each value is looked up in an index.
    """
    seen = visible_to(actor, CaseSummary)
    followed = exists().where(CaseSummary.referent_id == User.id, seen)
    people = select(User.id.label("id"), User.display_name.label("name")).where(followed)
    nobody = cast(null(), User.id.type).label("id")
    if sees_whole_programmes(actor) and actor.programme_ids:
        found = [_districts_of(programme_id) for programme_id in actor.programme_ids]
        # A district in which nothing but closed files lies is theirs: it is not named.
        districts = [select(nobody, names.c.name).where(_lies_in(names.c.name, seen)) for names in found]
    else:
        named = CaseSummary.district.label("name")
        districts = [select(nobody, named).where(seen, CaseSummary.district != "").distinct()]
    both = union_all(people, *districts).subquery()
    return select(both.c.id, both.c.name)


def _lies_in(district: ColumnElement[str], seen: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(CaseSummary.district == district, seen)


def _districts_of(programme_id: int) -> CTE:
    """Step from each district of a programme to the next one in the index, then to nothing."""

    def first_after(name: ColumnElement[str] | str) -> Select[str]:
        lowest = select(func.min(CaseSummary.district).label("name"))
        return lowest.where(CaseSummary.programme_id == programme_id, CaseSummary.district > name)

    names = first_after("").cte(f"districts_{programme_id}", recursive=True)
    following = first_after(names.c.name).scalar_subquery()
    return names.union_all(select(following).where(names.c.name.is_not(None)))
