"""Every SELECT on alerts and case summaries."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.alerts.facts import Scope, cases_in_scope
from casework.alerts.models import Alert, CaseSummary, SweepLog
from casework.cases.access import case_condition, declare_case_table
from casework.cases.models import Case, RentAccount
from casework.households.models import Dwelling, HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.access import declare_visibility
from casework.programmes.models import ProgrammeVersion
from casework.programmes.queries import VERSION_COLUMNS, VersionRow

declare_case_table(Alert)
declare_visibility(
    CaseSummary,
    lambda actor: case_condition(actor, CaseSummary.case_id.expression, CaseSummary.programme_id.expression),
)


class Identity(NamedTuple):
    """Who and where a case is: what its summary shows besides what the rules compute."""

    case_id: int
    programme_id: int
    number: str
    family_name: str | None
    given_name: str | None
    district: str | None
    referent_id: int | None
    referent_name: str | None
    lease_number: str | None


OpenAlert = Row[int, int, str, date, dict[str, Any]]
_ALERTS = select(Alert.id, Alert.case_id, Alert.rule, Alert.due_on, Alert.facts).where(Alert.closed_on.is_(None))
_ALERTS_OF = {
    True: _ALERTS.where(Alert.programme_id == bindparam("subject")),
    False: _ALERTS.where(Alert.case_id == bindparam("subject")),
}


def open_alerts(session: Session, scope: Scope) -> Sequence[OpenAlert]:
    """Return (id, case_id, rule, due_on, facts) of the alerts of `scope` that are not closed."""
    return session.execute(_ALERTS_OF[scope.whole], {"subject": scope.subject}).all()


_KNOWN = (
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
        *CaseSummary.__table__.c,
    )
    .outerjoin(
        HouseholdMember,
        (HouseholdMember.household_id == Case.household_id) & (HouseholdMember.link == Link.REFERENCE.value),
    )
    .outerjoin(Person, Person.id == HouseholdMember.person_id)
    .outerjoin(Dwelling, Dwelling.id == Case.dwelling_id)
    .outerjoin(User, User.id == Case.referent_id)
    .outerjoin(RentAccount, RentAccount.id == Case.rent_account_id)
    .outerjoin(CaseSummary, CaseSummary.case_id == Case.id)
    .order_by(Case.id, HouseholdMember.id.desc())
)
_KNOWN_OF = {whole: _KNOWN.where(cases_in_scope(whole=whole)) for whole in (True, False)}


def known_cases(session: Session, scope: Scope) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return who and where each case of `scope` is, as an Identity, and then the columns of its summary as it stands.

    A household with two reference persons is there twice, the one who counts last.
    """
    return session.execute(_KNOWN_OF[scope.whole], {"subject": scope.subject}).all()


def last_sweep_on(session: Session, programme_id: int) -> date | None:
    """Return the last day on which a programme was swept."""
    return session.scalar(select(func.max(SweepLog.swept_on)).where(SweepLog.programme_id == programme_id))


_VERSIONS_BY_CASE = (
    select(*VERSION_COLUMNS)
    .join(Case, Case.programme_id == ProgrammeVersion.programme_id)
    .where(Case.id == bindparam("case_id"))
)


def versions_by_case(session: Session, case_id: int) -> Sequence[VersionRow]:
    """Return the versions of the programme of a case that is known to exist."""
    return session.execute(_VERSIONS_BY_CASE, {"case_id": case_id}).all()
