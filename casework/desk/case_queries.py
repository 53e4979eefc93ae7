"""SELECTs of the case page: a few, each built once, whatever the length of the history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Date, Row, Select, String, bindparam, case, cast, literal_column, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from casework.accounts.models import User
from casework.accounts.permissions import permissions_of
from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert, CaseSummary
from casework.alerts.vocabulary import RENT_RULES
from casework.cases.models import Case, CaseRetention, CaseTeamMember
from casework.cases.queries import HEAD_WIDTH, CaseHead, case_head, head_from, head_statement
from casework.contacts.models import Appointment, Contact
from casework.contracts.models import Objective
from casework.desk.queries import AlertLine, concerned_by_every_rule
from casework.diagnostics.models import Diagnostic
from casework.kernel.context import Actor, Ctx
from casework.kernel.errors import NotVisible
from casework.leases.models import LeaseStage
from casework.privacy.rights import limited_since
from casework.programmes.models import ProgrammeVersion
from casework.programmes.queries import VERSION_COLUMNS, terms_of
from casework.programmes.terms import Terms
from casework.rents.models import RentLine

_CASE = bindparam("case_id", type_=Case.id.type)
MONTHS_OF_TREND = 3


@dataclass(frozen=True)
class Standing:
    """Where a case stands: its summary, the last contact and the last diagnostic (for those who may read them)."""

    state: str
    stage: str | None
    contract_on: date | None
    last_contact_on: date
    next_due_on: date
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


def head_and_standing(ctx: Ctx, case_id: int) -> tuple[CaseHead, Standing]:
    """Return who and where a case is, and where it stands.

    Raises NotVisible when there is none, when it is not for this actor, and while it has no summary.
    """
    row = ctx.session.connection().execute(_head_and_standing(ctx.actor), {"case_id": case_id}).one_or_none()
    if row is None:
        raise NotVisible
    version_id, programme_id, number, digest, *values = row[HEAD_WIDTH:]
    terms = terms_of(ctx, [(version_id, programme_id, number, digest)], ctx.today)
    values.append(terms[version_id])
    return head_from(row), Standing(*values)


def as_landlord(ctx: Ctx, case_id: int, role: Role) -> Ctx:
    """Return the same transaction with the eyes of the landlord's team `role`, to look only.

    Whoever works there in the programme of the case sees the same: they are nobody in particular.
    """
    programme_id = case_head(ctx, case_id).programme_id
    reads = frozenset(permission for permission in permissions_of(role) if permission.endswith(":read"))
    return replace(ctx, actor=Actor(None, None, role, (programme_id,), reads))


@lru_cache(maxsize=500)
def _head_and_standing(actor: Actor) -> Select[*tuple[Any, ...]]:
    """What somebody may not read is not even asked of the database."""
    contacts, diagnostics = actor.may("contact:read"), actor.may("diagnostic:read")
    of_contact = (Contact.occurred_on, Contact.kind, Contact.outcome)
    of_diagnostic = (Diagnostic.made_on, Diagnostic.effort_tenths, Diagnostic.recommendation)
    statement = (
        head_statement(actor)
        .add_columns(
            *VERSION_COLUMNS,
            CaseSummary.state,
            CaseSummary.stage,
            CaseSummary.contract_on,
            CaseSummary.last_contact_on,
            CaseSummary.next_due_on,
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
        last = aliased(Contact)
        newest = (last.occurred_on.desc(), last.id.desc())
        chosen = select(last.id).where(last.case_id == _CASE).order_by(*newest).limit(1).scalar_subquery()
        statement = statement.outerjoin(Contact, Contact.id == chosen)
    if diagnostics:
        latest = aliased(Diagnostic)
        newest = (latest.made_on.desc(), latest.id.desc())
        chosen = select(latest.id).where(latest.case_id == _CASE).order_by(*newest).limit(1).scalar_subquery()
        statement = statement.outerjoin(Diagnostic, Diagnostic.id == chosen)
    return statement


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


def details_of(ctx: Ctx, head: CaseHead) -> Details:
    """Return the short lists of a case that the actor is known to see.

    Columns of each row: part, number, words, code, day, cents, until, figures.
    """
    statement = _details(every_rule=concerned_by_every_rule(ctx))
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
_OTHERS = (
    _part("stage", LeaseStage.id, code=LeaseStage.stage, day=LeaseStage.from_on).where(LeaseStage.case_id == _CASE),
    _part("objective", Objective.id, Objective.label, Objective.state, Objective.due_on).where(
        Objective.case_id == _CASE
    ),
    _part("team", User.id, User.display_name, day=CaseTeamMember.since_on)
    .join(CaseTeamMember, CaseTeamMember.user_id == User.id)
    .where(CaseTeamMember.case_id == _CASE),
    _part("appointment", Appointment.id, Appointment.at_time, Appointment.kind, Appointment.planned_on).where(
        Appointment.case_id == _CASE, Appointment.contact_id.is_(None), Appointment.cancelled_on.is_(None)
    ),
    select(_LAST_LINES),
)


@cache
def _details(*, every_rule: bool) -> Select[*tuple[Any, ...]]:
    alerts = _part(
        "alert",
        Alert.id,
        Alert.postponed_reason,
        Alert.rule,
        Alert.due_on,
        until=Alert.postponed_to,
        figures=Alert.facts,
    ).where(Alert.case_id == _CASE, Alert.closed_on.is_(None))
    if not every_rule:
        alerts = alerts.where(Alert.rule.in_(sorted(RENT_RULES)))
    every = union_all(alerts, *_OTHERS).subquery()
    # Objectives in the order in which they were agreed, everything else by its day.
    return select(every).order_by(case((every.c.part != "objective", every.c.day)), every.c.number)
