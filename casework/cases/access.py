"""Which cases an actor reaches, and which levels of them: role × organisation × programme × team × level, in one place."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from casework.accounts.permissions import Way, ways_of
from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseEnd, CaseRetention, CaseTeamMember, Suspension, VersionMove
from casework.kernel.access import declare_visibility
from casework.kernel.context import Actor
from casework.kernel.database import Base
from casework.kernel.levels import Level
from casework.programmes.queries import declare_follower

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


def visible_case_ids(actor: Actor) -> Select[int]:
    """Return the SELECT of the ids of all cases that the actor reaches."""
    return select(Case.id).where(case_condition(actor, Case.id.expression, Case.programme_id.expression))


def declare_case_table(
    model: type[Base], fact_on: str | None = None, level: Level | ColumnElement[str] = Level.S0
) -> None:
    """Declare that rows of `model` are seen by those who see the case of their `case_id` and read their level.

    `level` is that of the table, or the column that says it row by row; where one row holds words of two levels (a
    shared note, a private one), its queries leave the higher out. `fact_on` names the column with the date of the
    fact, where a row is one that cannot come before the referral.
    """
    column: ColumnElement[int] = model.__table__.c.case_id

    def rule(actor: Actor) -> ColumnElement[bool]:
        if actor.role == "SYSTEM":
            return true()
        reached = column.in_(visible_case_ids(actor))
        return reached if level is Level.S0 else and_(reached, level_condition(actor, column, level))

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
    Case.programme_version_id.expression, ~select(CaseEnd.case_id).where(CaseEnd.case_id == Case.id).exists()
)
