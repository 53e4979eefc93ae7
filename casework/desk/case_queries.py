"""SELECTs of the case page: a few, each built once, whatever the length of the history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    cast,
    false,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from casework.accounts.models import User
from casework.accounts.permissions import permissions_of
from casework.accounts.vocabulary import Category, Role
from casework.alerts.models import Alert, CaseSummary
from casework.alerts.vocabulary import RENT_RULES, RULES_OF_CATEGORY, AlertRule
from casework.cases.access import household_agrees, shared_categories, shared_column, shared_condition
from casework.cases.models import Case, CaseRetention, CaseTeamMember
from casework.cases.queries import HEAD_WIDTH, CaseHead, case_head, head_from, head_statement
from casework.contacts.models import Appointment, Contact
from casework.contracts.models import Objective
from casework.desk.queries import AlertLine
from casework.desk.timeline import NOTHING, ThreadPlace, ThreadRow, after, thread_row, thread_statement
from casework.diagnostics.models import Diagnostic
from casework.kernel.calendar import last_complete_month
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import constant, one_of
from casework.kernel.errors import NotVisible
from casework.kernel.kept import row_of, rows_of
from casework.leases.models import LeaseStage
from casework.privacy.rights import limited_since
from casework.programmes.conventions import shares_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.queries import VERSION_COLUMNS, terms_of
from casework.programmes.terms import Terms
from casework.rents.models import RentLine

_CASE = bindparam("case_id", type_=Case.id.type)
MONTHS_OF_TREND = 3


@dataclass(frozen=True)
class Standing:
    """Where a case stands: its summary, the last contact and the last diagnostic (for those who may read them).

    `shared` holds the categories that the actor reads of it; a date that is not shared is None.
    """

    state: str
    stage: str | None
    contract_on: date | None
    last_contact_on: date | None
    next_due_on: date | None
    debt_cents: int
    noticed_on: date | None
    archived_on: date | None
    archived_until: date | None
    limited_on: date | None
    contacted_on: date | None
    contact_kind: str | None
    contact_outcome: str | None
    diagnosed_on: date | None
    effort_tenths: int | None
    recommendation: str | None
    terms: Terms
    shared: frozenset[Category]


def head_and_standing(ctx: Ctx, case_id: int) -> tuple[CaseHead, Standing]:
    """Return who and where a case is, and where it stands.

    Raises NotVisible when there is none, when it is not for this actor, and while it has no summary.
    """
    row = row_of(ctx.session.connection(), _head_and_standing(ctx.actor), {"case_id": case_id})
    if row is None:
        raise NotVisible
    version_id, programme_id, number, digest, agrees, *values = row[HEAD_WIDTH:]
    terms = terms_of(ctx, [(version_id, programme_id, number, digest)], ctx.today)
    values += [terms[version_id], shared_categories(ctx.actor, programme_id, agrees=agrees)]
    return head_from(row), Standing(*values)


def as_landlord(ctx: Ctx, case_id: int, role: Role) -> Ctx:
    """Return the same transaction with the eyes of the landlord's team `role`, to look only.

    Whoever works there in the programme of the case sees the same: they are nobody in particular.
    """
    programme_id = case_head(ctx, case_id).programme_id
    reads = frozenset(permission for permission in permissions_of(role) if permission.endswith(":read"))
    shares = shares_of(ctx, role, (programme_id,))
    return replace(ctx, actor=Actor(None, None, role, (programme_id,), reads, shares=shares))


@lru_cache(maxsize=500)
def _head_and_standing(actor: Actor) -> Select[*tuple[Any, ...]]:
    """What somebody may not read is not even asked of the database."""
    contacts, diagnostics = actor.may("contact:read"), actor.may("diagnostic:read")
    case_id, programme_id = Case.id.expression, Case.programme_id.expression
    met, diagnosed, budget, held = (
        shared_condition(actor, case_id, category, programme_id)
        for category in (Category.CONTACTS, Category.DIAGNOSTIC, Category.BUDGET, Category.REASSESSMENTS)
    )
    of_contact = (Contact.occurred_on, Contact.kind, Contact.outcome)
    effort = shared_column(budget, Diagnostic.effort_tenths.expression)
    of_diagnostic = (Diagnostic.made_on.expression, effort, Diagnostic.recommendation.expression)
    asks = any(share.needs_agreement for share in actor.shares)
    statement = (
        head_statement(actor)
        .add_columns(
            *VERSION_COLUMNS,
            (household_agrees(case_id) if asks else false()).label("agrees"),
            CaseSummary.state,
            CaseSummary.stage,
            CaseSummary.contract_on,
            shared_column(met, CaseSummary.last_contact_on.expression),
            shared_column(and_(met, held), CaseSummary.next_due_on.expression),
            CaseSummary.debt_cents,
            CaseRetention.noticed_on,
            CaseRetention.archived_on,
            CaseRetention.archived_until,
            limited_since(Case.id),
            *(of_contact if contacts else [cast(null(), c.type).label(c.key) for c in of_contact]),
            *(of_diagnostic if diagnostics else [cast(null(), c.type).label(c.key) for c in of_diagnostic]),
        )
        .join(CaseSummary, CaseSummary.case_id == Case.id)
        .outerjoin(CaseRetention, CaseRetention.case_id == Case.id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Case.programme_version_id)
    )
    if contacts:
        statement = statement.outerjoin(Contact, and_(Contact.id == _last_id(Contact, "occurred_on"), met))
    if diagnostics:
        statement = statement.outerjoin(Diagnostic, and_(Diagnostic.id == _last_id(Diagnostic, "made_on"), diagnosed))
    return statement


def _last_id(model: type[Contact] | type[Diagnostic], on: str) -> ScalarSelect[int]:
    last = aliased(model)
    newest = (getattr(last, on).desc(), last.id.desc())
    return select(last.id).where(last.case_id == _CASE).order_by(*newest).limit(1).scalar_subquery()


class ObjectiveLine(NamedTuple):
    """An objective of the contract: words, state, and the day by which it is to be reached."""

    label: str
    state: str
    due_on: date | None


class Meeting(NamedTuple):
    """An appointment that is open; `at_time` is `HH:MM` or None."""

    id: int
    planned_on: date
    kind: str
    at_time: str | None


@dataclass(frozen=True)
class Details:
    """The short lists of the page.

    The open alerts that concern the actor, the oldest due date first; the stages of the lease (code, first day), oldest
    first; the objectives as they were agreed; the last balances of the rent account that are known (month, cents), newest
    first; the names of the team, who came first before; the appointments that are open, the next one first.
    """

    alerts: Sequence[AlertLine]
    stages: Sequence[tuple[str, date]]
    objectives: Sequence[ObjectiveLine]
    balances: Sequence[tuple[date, int]]
    team: Sequence[str]
    appointments: Sequence[Meeting]


def thread_and_details(
    ctx: Ctx, head: CaseHead, group: str, place: ThreadPlace | None, shared: frozenset[Category]
) -> tuple[list[ThreadRow], Details]:
    """Return up to SIZE + 1 entries of the thread, newest first, and the short lists, in one exchange with the database.

    Of a case that the actor is known to see; `shared` holds the categories that they read of it.
    """
    values: dict[str, object] = {
        "case_id": head.id,
        "account_id": head.rent_account_id,
        "month": last_complete_month(ctx.today),
    }
    if place is not None:
        values |= after(place)
    statement = _thread_and_details(ctx.actor.permissions, group, shared, placed=place is not None)
    entries: list[tuple[Any, ...]] = []
    parts: dict[str, list[_Part]] = defaultdict(list)
    for row in rows_of(ctx.session.connection(), statement, values):
        if row[1] == _NO_ENTRY:
            parts[row[0]].append(_Part._make(row))
        else:
            entries.append(row)
    entries.sort(key=_PLACE, reverse=True)
    for name, rows in parts.items():
        rows.sort(key=_AGREED if name == "objective" else _DATED)
    return [thread_row(row) for row in entries], Details(
        [
            AlertLine(r.entry_id, head.id, r.code, r.on, r.figures, r.until, r.shared, head.name, head.number)
            for r in parts["alert"]
        ],
        [(row.code, row.on) for row in parts["stage"]],
        [ObjectiveLine(row.shared, row.code, row.on) for row in parts["objective"]],
        [(row.on, row.cents) for row in reversed(parts["balance"])],
        [row.shared for row in parts["team"]],
        [Meeting(row.entry_id, row.on, row.code, row.shared) for row in parts["appointment"]],
    )


class _Part(NamedTuple):
    """A line of a short list, in the columns of the thread and the three that only these lists have."""

    name: str
    rank: int
    entry_id: int
    on: date
    code: str
    detail: None
    shared: Any
    private: None
    author: None
    cents: int
    until: date | None
    figures: dict[str, Any]


_Column = InstrumentedAttribute[Any] | ColumnElement[Any]
# What stands for the rank of an entry in the rows of the short lists; their orders, by the columns below.
_NO_ENTRY = -1
_PLACE, _DATED, _AGREED = itemgetter(3, 1, 2), itemgetter(3, 2), itemgetter(2)


def _part(
    name: str,
    number: _Column,
    words: _Column | None = None,
    code: _Column | None = None,
    day: _Column | None = None,
    cents: _Column | None = None,
    until: _Column | None = None,
    figures: _Column | None = None,
) -> Select[*tuple[Any, ...]]:
    """Return the rows of a short list in the columns of the thread, with the three that only these lists have."""
    given = (day, code, None, words, None, None, cents, until, figures)
    return select(
        constant(name),
        literal_column(f"{_NO_ENTRY}"),
        number,
        *(NOTHING if column is None else column for column in given),
    )


_LAST_LINES = (
    select(RentLine.account_id, RentLine.month, RentLine.balance_cents)
    .where(
        RentLine.account_id == bindparam("account_id", type_=RentLine.account_id.type),
        RentLine.month <= bindparam("month", type_=Date()),
    )
    .order_by(RentLine.month.desc())
    .limit(MONTHS_OF_TREND + 1)
    .subquery()
)
_PART_CATEGORIES = {"objective": Category.OBJECTIVES, "appointment": Category.APPOINTMENTS}
_OTHERS = (
    _part("stage", LeaseStage.id, code=LeaseStage.stage, day=LeaseStage.from_on).where(LeaseStage.case_id == _CASE),
    _part("team", User.id, User.display_name, day=CaseTeamMember.since_on)
    .join(CaseTeamMember, CaseTeamMember.user_id == User.id)
    .where(CaseTeamMember.case_id == _CASE),
    _part("balance", _LAST_LINES.c.account_id, day=_LAST_LINES.c.month, cents=_LAST_LINES.c.balance_cents),
)
_OF_CONVENTION = {
    "objective": _part("objective", Objective.id, Objective.label, Objective.state, Objective.due_on).where(
        Objective.case_id == _CASE
    ),
    "appointment": _part(
        "appointment", Appointment.id, Appointment.at_time, Appointment.kind, Appointment.planned_on
    ).where(Appointment.case_id == _CASE, Appointment.contact_id.is_(None), Appointment.cancelled_on.is_(None)),
}


@lru_cache(maxsize=500)
def _thread_and_details(
    permissions: frozenset[str], group: str, shared: frozenset[Category], *, placed: bool
) -> CompoundSelect[*tuple[Any, ...]]:
    alerts = _part(
        "alert",
        Alert.id,
        Alert.postponed_reason,
        Alert.rule,
        Alert.due_on,
        until=Alert.postponed_to,
        figures=Alert.facts,
    ).where(Alert.case_id == _CASE, Alert.closed_on.is_(None))
    closed = {rule for category, rules in RULES_OF_CATEGORY.items() if category not in shared for rule in rules}
    rules = frozenset(AlertRule) - closed if "contact:read" in permissions else RENT_RULES
    if len(rules) < len(AlertRule):
        alerts = alerts.where(one_of(Alert.rule, rules))
    parts = [alerts, *_OTHERS, *(part for name, part in _OF_CONVENTION.items() if _PART_CATEGORIES[name] in shared)]
    thread = thread_statement(permissions, group, shared, placed=placed).subquery("thread")
    rest = {"cents": RentLine.balance_cents.type, "until": Date(), "figures": Alert.facts.type}
    return union_all(select(*thread.c, *(cast(null(), kind).label(name) for name, kind in rest.items())), *parts)
