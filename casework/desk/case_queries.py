"""SELECTs of the case page: a few, each built once, whatever the length of the history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    Date,
    Row,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
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
from casework.diagnostics.models import Diagnostic
from casework.kernel.context import Actor, Ctx
from casework.kernel.errors import NotVisible
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
    row = ctx.session.connection().execute(_head_and_standing(ctx.actor), {"case_id": case_id}).one_or_none()
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


@dataclass(frozen=True)
class Details:
    """The short lists of the page: (stage, from) oldest first, objectives, (month, balance) newest first, names,
    appointments that are open (time, kind, day).

    The alerts are the open ones that concern the actor, the oldest due date first.
    """

    alerts: Sequence[AlertLine]
    stages: Sequence[Row[*tuple[Any, ...]]]
    objectives: Sequence[Row[*tuple[Any, ...]]]
    balances: Sequence[Row[*tuple[Any, ...]]]
    team: Sequence[Row[*tuple[Any, ...]]]
    appointments: Sequence[Row[*tuple[Any, ...]]]


def details_of(ctx: Ctx, head: CaseHead, shared: frozenset[Category]) -> Details:
    """Return the short lists of a case that the actor is known to see; `shared` holds what they read of it.

    Columns of each row: part, number, words, code, day, cents, until, figures.
    """
    closed = {rule for category, rules in RULES_OF_CATEGORY.items() if category not in shared for rule in rules}
    rules = frozenset(AlertRule) - closed if ctx.actor.may("contact:read") else RENT_RULES
    statement = _details(frozenset(rules), frozenset(name for name, of in _PART_CATEGORIES.items() if of in shared))
    rows = ctx.session.connection().execute(statement, {"case_id": head.id, "account_id": head.rent_account_id})
    parts: dict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        parts[row.part].append(row)
    alerts = [
        AlertLine(r.number, head.id, r.code, r.day, r.figures, r.until, r.words, head.name, head.number)
        for r in parts["alert"]
    ]
    return Details(
        alerts, parts["stage"], parts["objective"], parts["balance"][::-1], parts["team"], parts["appointment"]
    )


def _part(
    name: str,
    number: InstrumentedAttribute[int],
    words: InstrumentedAttribute[str] | InstrumentedAttribute[str | None] | None = None,
    code: InstrumentedAttribute[str] | None = None,
    day: InstrumentedAttribute[date] | InstrumentedAttribute[date | None] | None = None,
    cents: InstrumentedAttribute[int] | None = None,
    until: InstrumentedAttribute[date | None] | None = None,
    figures: InstrumentedAttribute[dict[str, Any]] | None = None,
) -> Select[*tuple[Any, ...]]:
    return select(
        literal_column(f"'{name}'", String()).label("part"),
        number.label("number"),
        cast(null() if words is None else words, String).label("words"),
        cast(null() if code is None else code, String).label("code"),
        (cast(null(), Date) if day is None else day).label("day"),
        (cast(null(), RentLine.balance_cents.type) if cents is None else cents).label("cents"),
        (cast(null(), Date) if until is None else until).label("until"),
        (cast(null(), Alert.facts.type) if figures is None else figures).label("figures"),
    )


_LAST_LINES = (
    _part("balance", RentLine.account_id, day=RentLine.month, cents=RentLine.balance_cents)
    .where(RentLine.account_id == bindparam("account_id", type_=RentLine.account_id.type))
    .order_by(RentLine.month.desc())
    .limit(MONTHS_OF_TREND)
    .subquery()
)
_PART_CATEGORIES = {"objective": Category.OBJECTIVES, "appointment": Category.APPOINTMENTS}
_OTHERS = (
    _part("stage", LeaseStage.id, code=LeaseStage.stage, day=LeaseStage.from_on).where(LeaseStage.case_id == _CASE),
    _part("team", User.id, User.display_name, day=CaseTeamMember.since_on)
    .join(CaseTeamMember, CaseTeamMember.user_id == User.id)
    .where(CaseTeamMember.case_id == _CASE),
    select(_LAST_LINES),
)
_OF_CONVENTION = {
    "objective": _part("objective", Objective.id, Objective.label, Objective.state, Objective.due_on).where(
        Objective.case_id == _CASE
    ),
    "appointment": _part(
        "appointment", Appointment.id, Appointment.at_time, Appointment.kind, Appointment.planned_on
    ).where(Appointment.case_id == _CASE, Appointment.contact_id.is_(None), Appointment.cancelled_on.is_(None)),
}


@cache
def _details(rules: frozenset[str], parts: frozenset[str]) -> Select[*tuple[Any, ...]]:
    alerts = _part(
        "alert",
        Alert.id,
        Alert.postponed_reason,
        Alert.rule,
        Alert.due_on,
        until=Alert.postponed_to,
        figures=Alert.facts,
    ).where(Alert.case_id == _CASE, Alert.closed_on.is_(None))
    if len(rules) < len(AlertRule):
        alerts = alerts.where(Alert.rule.in_(sorted(rules)))
    every = union_all(alerts, *_OTHERS, *(_OF_CONVENTION[part] for part in sorted(parts))).subquery()
    # Objectives in the order in which they were agreed, everything else by its day.
    return select(every).order_by(case((every.c.part != "objective", every.c.day)), every.c.number)
