"""Which cases an actor reaches: role × organisation × programme × team, in one place."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, select, true

from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseEnd, CaseRetention, CaseTeamMember, Suspension, VersionMove
from casework.kernel.access import declare_visibility
from casework.kernel.context import Actor
from casework.kernel.database import Base
from casework.programmes.queries import declare_follower

_facts: list[tuple[ColumnElement[int], ColumnElement[date]]] = []
WHOLE_PROGRAMME = frozenset({Role.MANAGER, Role.LANDLORD_SOCIAL, Role.LANDLORD_RENT, Role.COORDINATOR})


def sees_whole_programmes(actor: Actor) -> bool:
    """Tell whether the actor reaches every case of the programmes they work in (and not only those of their team)."""
    return actor.role in WHOLE_PROGRAMME


def case_condition(actor: Actor, case_id: ColumnElement[int], programme_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition on a row that carries `case_id` and `programme_id`.

    A referent reaches the cases of whose team they are; managers, landlord teams and coordinators those of their
    programmes; nobody else any. What is in the restricted archive is reached by managers only. The system itself
    (jobs, commands) reaches all.
    """
    if actor.role == "SYSTEM":
        return true()
    in_programme = (
        programme_id == actor.programme_ids[0]
        if len(actor.programme_ids) == 1
        else programme_id.in_(actor.programme_ids)
    )
    if actor.role == Role.MANAGER:
        return in_programme
    archived = select(CaseRetention.case_id).where(CaseRetention.archived_on.is_not(None))
    in_programme = and_(in_programme, case_id.not_in(archived))
    if sees_whole_programmes(actor):
        return in_programme
    if actor.role == Role.REFERENT:
        team = select(CaseTeamMember.case_id).where(CaseTeamMember.user_id == actor.user_id)
        return and_(in_programme, case_id.in_(team))
    return false()


def visible_case_ids(actor: Actor) -> Select[int]:
    """Return the SELECT of the ids of all cases that the actor reaches."""
    return select(Case.id).where(case_condition(actor, Case.id.expression, Case.programme_id.expression))


def declare_case_table(model: type[Base], fact_on: str | None = None) -> None:
    """Declare that rows of `model` are seen by those who see the case of their `case_id`.

    `fact_on` names the column with the date of the fact, where a row is one that cannot come before the referral.
    """
    column: ColumnElement[int] = model.__table__.c.case_id
    declare_visibility(model, lambda actor: true() if actor.role == "SYSTEM" else column.in_(visible_case_ids(actor)))
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
