"""Which cases an actor reaches, which levels of them, and what of it a convention opens: role × organisation ×
programme × team × level × convention, in one place."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, False_, Select, True_, and_, case, cast, false, literal, null, or_, select, true

from casework.accounts.permissions import BOUND_BY_CONVENTION, Way, ways_of
from casework.accounts.vocabulary import Category, Role
from casework.cases.models import Case, CaseEnd, CaseRetention, CaseTeamMember, Suspension, VersionMove
from casework.kernel.access import declare_visibility
from casework.kernel.context import Actor
from casework.kernel.database import Base
from casework.kernel.levels import Level
from casework.programmes.queries import declare_follower

Agreement = Callable[[ColumnElement[int]], ColumnElement[bool]]
_agreements: list[Agreement] = []
_facts: list[tuple[ColumnElement[int], ColumnElement[date]]] = []
WHOLE_PROGRAMME = frozenset({Role.MANAGER, Role.LANDLORD_SOCIAL, Role.LANDLORD_RENT, Role.COORDINATOR})


def sees_whole_programmes(actor: Actor) -> bool:
    """Tell whether the actor reaches every case of the programmes they work in (and not only those of their team)."""
    return actor.role in WHOLE_PROGRAMME


def case_condition(actor: Actor, case_id: ColumnElement[int], programme_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition on a row that carries `case_id` and `programme_id`.

    A referent reaches the cases of whose team they are, and those whose glass they broke; managers, landlord teams and
    coordinators those of their programmes; nobody else any. What is in the restricted archive is reached by managers
    only, and what is anonymised by nobody: it is counted, and nothing is added to it. The system itself (jobs,
    commands) reaches all.
    """
    if actor.role == "SYSTEM":
        return true()
    in_programme = (
        programme_id == actor.programme_ids[0]
        if len(actor.programme_ids) == 1
        else programme_id.in_(actor.programme_ids)
    )
    anonymised, archived = CaseRetention.anonymised_on.is_not(None), CaseRetention.archived_on.is_not(None)
    shut = anonymised if actor.role == Role.MANAGER else or_(anonymised, archived)
    # Few files are shut: the database looks them up once, where a question for each row would cost a list its index.
    in_programme = and_(in_programme, case_id.not_in(select(CaseRetention.case_id).where(shut)))
    if sees_whole_programmes(actor):
        return in_programme
    if actor.role == Role.REFERENT:
        own = case_id.in_(_team_cases(actor))
        return and_(in_programme, or_(own, case_id.in_(actor.opened_case_ids)) if actor.opened_case_ids else own)
    return false()


def _team_cases(actor: Actor) -> Select[int]:
    return select(CaseTeamMember.case_id).where(CaseTeamMember.user_id == actor.user_id)


def level_condition(
    actor: Actor, case_id: ColumnElement[int], level: Level | ColumnElement[str]
) -> ColumnElement[bool]:
    """Return the condition « the actor reads rows of this level » on rows of cases that they reach.

    `level` is that of all rows, or the column that says it. accounts.permissions holds the table.
    """
    if actor.role == "SYSTEM":
        return true()
    if isinstance(level, Level):
        return _by_ways(actor, case_id, ways_of(actor.role, level))
    ways = {code: ways_of(actor.role, code) for code in Level}
    alike = {held: [code.value for code in Level if ways[code] == held] for held in ways.values() if held}
    found = [and_(level.in_(codes), _by_ways(actor, case_id, held)) for held, codes in alike.items()]
    return or_(*found) if found else false()


def _by_ways(actor: Actor, case_id: ColumnElement[int], ways: Collection[Way]) -> ColumnElement[bool]:
    if Way.REACH in ways:
        return true()
    found = []
    if Way.TEAM in ways:
        found.append(case_id.in_(_team_cases(actor)))
    if Way.GLASS in ways and actor.opened_case_ids:
        found.append(case_id.in_(actor.opened_case_ids))
    return or_(*found) if found else false()


def declare_agreement(agrees: Agreement) -> None:
    """Declare the condition « the household of this case id agreed to sharing with the landlord »."""
    _agreements[:] = [agrees]


def household_agrees(case_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return that condition; without one that was declared, nobody agreed."""
    return and_(*(agrees(case_id) for agrees in _agreements)) if _agreements else false()


def is_bound_by_convention(actor: Actor) -> bool:
    """Tell whether conventions decide what the actor reads of the shared part: those who work for a landlord."""
    return actor.role in BOUND_BY_CONVENTION


def is_wholly_open(actor: Actor, category: Category) -> bool:
    """Tell whether the actor reads a category of every household that they reach."""
    if not is_bound_by_convention(actor):
        return True
    opened = {s.programme_id for s in actor.shares if s.category == category and not s.needs_agreement}
    return opened.issuperset(actor.programme_ids)


def is_wholly_closed(actor: Actor, category: Category) -> bool:
    """Tell whether the actor reads a category of no household at all."""
    return is_bound_by_convention(actor) and all(share.category != category for share in actor.shares)


def shared_condition(
    actor: Actor, case_id: ColumnElement[int], category: Category, programme_id: ColumnElement[int] | None = None
) -> ColumnElement[bool]:
    """Return the condition « the actor reads this category » on rows of cases that they reach.

    `programme_id` is the column of it, where the row carries one. It is always or never true for whoever works in
    programmes that say the same of all their households.
    """
    if is_wholly_open(actor, category):
        return true()
    found = []
    for needs_agreement in (False, True):
        programmes = [
            share.programme_id
            for share in actor.shares
            if share.category == category and share.needs_agreement is needs_agreement
        ]
        if not programmes:
            continue
        if programme_id is None:
            within = case_id.in_(select(Case.id).where(Case.programme_id.in_(programmes)))
        else:
            within = programme_id.in_(programmes)
        found.append(and_(within, household_agrees(case_id)) if needs_agreement else within)
    return or_(*found) if found else false()


def shared_column(
    condition: ColumnElement[bool], column: ColumnElement[Any], instead: object = None
) -> ColumnElement[Any]:
    """Return `column` where a `shared_condition` is true, `instead` elsewhere; what is never read is not asked for."""
    if isinstance(condition, True_):
        return column
    hidden = cast(null(), column.type) if instead is None else literal(instead, column.type)
    shown = hidden if isinstance(condition, False_) else case((condition, column), else_=hidden)
    return shown.label(column.key) if column.key else shown


def shared_categories(actor: Actor, programme_id: int, *, agrees: bool) -> frozenset[Category]:
    """Return the categories that the actor reads of one household that they reach, which `agrees` to sharing or not."""
    if not is_bound_by_convention(actor):
        return frozenset(Category)
    return frozenset(
        Category(share.category)
        for share in actor.shares
        if share.programme_id == programme_id and (agrees or not share.needs_agreement)
    )


def visible_case_ids(actor: Actor) -> Select[int]:
    """Return the SELECT of the ids of all cases that the actor reaches."""
    return select(Case.id).where(case_condition(actor, Case.id.expression, Case.programme_id.expression))


def declare_case_table(
    model: type[Base],
    fact_on: str | None = None,
    level: Level | ColumnElement[str] = Level.S0,
    category: Category | None = None,
) -> None:
    """Declare that rows of `model` are seen by those who see the case of their `case_id` and read their level.

    `level` is that of the table, or the column that says it row by row; where one row holds words of two levels (a
    shared note, a private one), its queries leave the higher out. `category` is what a convention opens of the table to
    the landlord; columns of another one are left out by its queries, too. `fact_on` names the column with the date of the
    fact, where a row is one that cannot come before the referral.
    """
    column: ColumnElement[int] = model.__table__.c.case_id

    def rule(actor: Actor) -> ColumnElement[bool]:
        if actor.role == "SYSTEM":
            return true()
        found: list[ColumnElement[bool]] = [column.in_(visible_case_ids(actor))]
        if level is not Level.S0:
            found.append(level_condition(actor, column, level))
        if category is not None and not is_wholly_open(actor, category):
            found.append(shared_condition(actor, column, category))
        return and_(*found)

    declare_visibility(model, rule)
    if fact_on is not None:
        _facts.append((column, model.__table__.c[fact_on]))


def fact_dates() -> tuple[tuple[ColumnElement[int], ColumnElement[date]], ...]:
    """Return (case id, date) of every table of facts that rooms declared."""
    return tuple(_facts)


declare_visibility(Case, lambda actor: case_condition(actor, Case.id.expression, Case.programme_id.expression))
declare_case_table(Suspension, "from_on")
declare_case_table(CaseTeamMember)
declare_case_table(CaseRetention)
declare_case_table(VersionMove, "decided_on")
declare_follower(
    Case.programme_version_id.expression,
    lambda day: ~select(CaseEnd.case_id).where(CaseEnd.case_id == Case.id, CaseEnd.ended_on <= day).exists(),
)
