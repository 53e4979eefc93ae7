"""SELECTs of the case page: a few, each built once, whatever the length of the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, Row, Select, String, bindparam, case, cast, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from casework.accounts.models import User
from casework.alerts.models import CaseSummary
from casework.cases.models import Case, CaseTeamMember
from casework.contacts.models import Contact
from casework.contracts.models import Objective
from casework.diagnostics.models import Diagnostic
from casework.kernel.context import Ctx
from casework.leases.models import LeaseStage
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
    contacted_on: date | None
    contact_kind: str | None
    contact_outcome: str | None
    diagnosed_on: date | None
    effort_tenths: int | None
    terms: Terms


def standing_of(ctx: Ctx, case_id: int) -> Standing | None:
    """Return where a case that the actor is known to see stands, None while it has no summary."""
    statement = _standing(contacts=ctx.actor.may("contact:read"), diagnostics=ctx.actor.may("diagnostic:read"))
    row = ctx.session.connection().execute(statement, {"case_id": case_id}).one_or_none()
    if row is None:
        return None
    version_id, programme_id, number, digest, *values = tuple(row)
    terms = terms_of(ctx, [(version_id, programme_id, number, digest)], ctx.today)
    values.append(terms[version_id])
    return Standing(*values)


@cache
def _standing(*, contacts: bool, diagnostics: bool) -> Select[*tuple[Any, ...]]:
    """What somebody may not read is not even asked of the database."""
    of_contact = (Contact.occurred_on, Contact.kind, Contact.outcome)
    of_diagnostic = (Diagnostic.made_on, Diagnostic.effort_tenths)
    statement = (
        select(
            *VERSION_COLUMNS,
            CaseSummary.state,
            CaseSummary.stage,
            CaseSummary.contract_on,
            CaseSummary.last_contact_on,
            CaseSummary.next_due_on,
            CaseSummary.debt_cents,
            *(of_contact if contacts else [cast(null(), c.type).label(c.key) for c in of_contact]),
            *(of_diagnostic if diagnostics else [cast(null(), c.type).label(c.key) for c in of_diagnostic]),
        )
        .join(Case, Case.id == CaseSummary.case_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Case.programme_version_id)
        .where(CaseSummary.case_id == _CASE)
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
    """The short lists of the page: (stage, from) oldest first, objectives, (month, balance) newest first, names."""

    stages: Sequence[Row[*tuple[Any, ...]]]
    objectives: Sequence[Row[*tuple[Any, ...]]]
    balances: Sequence[Row[*tuple[Any, ...]]]
    team: Sequence[Row[*tuple[Any, ...]]]


def details_of(ctx: Ctx, case_id: int, rent_account_id: int | None) -> Details:
    """Return the short lists of a case that the actor is known to see.

    Columns of each row: part, number, words, code, day, cents.
    """
    rows = ctx.session.connection().execute(_DETAILS, {"case_id": case_id, "account_id": rent_account_id}).all()
    parts: dict[str, list[Row[*tuple[Any, ...]]]] = {"stage": [], "objective": [], "balance": [], "team": []}
    for row in rows:
        parts[row.part].append(row)
    return Details(parts["stage"], parts["objective"], parts["balance"][::-1], parts["team"])


def _part(
    name: str,
    number: InstrumentedAttribute[int],
    words: InstrumentedAttribute[str] | None = None,
    code: InstrumentedAttribute[str] | None = None,
    day: InstrumentedAttribute[date] | InstrumentedAttribute[date | None] | None = None,
    cents: InstrumentedAttribute[int] | None = None,
) -> Select[*tuple[Any, ...]]:
    return select(
        literal(name).label("part"),
        number.label("number"),
        cast(null() if words is None else words, String).label("words"),
        cast(null() if code is None else code, String).label("code"),
        (cast(null(), Date) if day is None else day).label("day"),
        (cast(null(), RentLine.balance_cents.type) if cents is None else cents).label("cents"),
    )


_LAST_LINES = (
    _part("balance", RentLine.id, day=RentLine.month, cents=RentLine.balance_cents)
    .where(RentLine.account_id == bindparam("account_id", type_=RentLine.account_id.type))
    .order_by(RentLine.month.desc())
    .limit(MONTHS_OF_TREND)
    .subquery()
)
_EVERY = union_all(
    _part("stage", LeaseStage.id, code=LeaseStage.stage, day=LeaseStage.from_on).where(LeaseStage.case_id == _CASE),
    _part("objective", Objective.id, Objective.label, Objective.state, Objective.due_on).where(
        Objective.case_id == _CASE
    ),
    _part("team", User.id, User.display_name, day=CaseTeamMember.since_on)
    .join(CaseTeamMember, CaseTeamMember.user_id == User.id)
    .where(CaseTeamMember.case_id == _CASE),
    select(_LAST_LINES),
).subquery()
# Objectives in the order in which they were agreed, everything else by its day.
_DETAILS = select(_EVERY).order_by(case((_EVERY.c.part != "objective", _EVERY.c.day)), _EVERY.c.number)
