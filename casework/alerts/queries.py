"""Every SELECT on alerts and case summaries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.alerts.facts import Scope
from casework.alerts.models import Alert, CaseSummary, SweepLog
from casework.cases.access import case_condition, declare_case_table
from casework.cases.models import Case, RentAccount
from casework.households.models import Dwelling, HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.access import declare_visibility

declare_case_table(Alert)
declare_visibility(
    CaseSummary,
    lambda actor: case_condition(actor, CaseSummary.case_id.expression, CaseSummary.programme_id.expression),
)

OpenAlert = Row[int, int, str, date, dict[str, Any]]
Identity = Row[int, int, str, str, str, str, int | None, str, str]


def open_alerts(session: Session, scope: Scope) -> Sequence[OpenAlert]:
    """Return (id, case_id, rule, due_on, facts) of the alerts of `scope` that are not closed."""
    where = Alert.programme_id == scope.programme_id if scope.case_id is None else Alert.case_id == scope.case_id
    return session.execute(
        select(Alert.id, Alert.case_id, Alert.rule, Alert.due_on, Alert.facts).where(where, Alert.closed_on.is_(None))
    ).all()


def identities(session: Session, scope: Scope) -> Sequence[Identity]:
    """Return who and where each case of `scope` is: what its summary shows besides what the rules compute."""
    return session.execute(
        select(
            Case.id,
            Case.programme_id,
            Case.number,
            Person.family_name,
            Person.given_name,
            Dwelling.district,
            Case.referent_id,
            User.display_name,
            RentAccount.lease_number,
        )
        .outerjoin(
            HouseholdMember,
            (HouseholdMember.household_id == Case.household_id) & (HouseholdMember.link == Link.REFERENCE.value),
        )
        .outerjoin(Person, Person.id == HouseholdMember.person_id)
        .outerjoin(Dwelling, Dwelling.id == Case.dwelling_id)
        .outerjoin(User, User.id == Case.referent_id)
        .outerjoin(RentAccount, RentAccount.id == Case.rent_account_id)
        .where(scope.cases())
        .order_by(Case.id, HouseholdMember.id.desc())
    ).all()


def summaries(session: Session, scope: Scope) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the summaries of `scope`, whole."""
    where = (
        CaseSummary.programme_id == scope.programme_id
        if scope.case_id is None
        else CaseSummary.case_id == scope.case_id
    )
    return session.execute(select(*CaseSummary.__table__.c).where(where)).all()


def last_sweep_on(session: Session, programme_id: int) -> date | None:
    """Return the last day on which a programme was swept."""
    return session.scalar(select(func.max(SweepLog.swept_on)).where(SweepLog.programme_id == programme_id))


def programme_of(session: Session, case_id: int) -> int:
    """Return the programme of a case that is known to exist."""
    return session.execute(select(Case.programme_id).where(Case.id == case_id)).scalar_one()
