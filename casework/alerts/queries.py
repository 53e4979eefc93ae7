"""Every SELECT on alerts and case summaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, not_, or_, select, true
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.alerts.facts import cases_in_scope
from casework.alerts.models import Alert, CaseSummary, SweepLog
from casework.alerts.vocabulary import RENT_RULES, RULE_LABELS, RULES_OF_CATEGORY
from casework.cases.access import (
    case_condition,
    declare_case_table,
    is_wholly_closed,
    is_wholly_open,
    shared_condition,
)
from casework.cases.models import Case, CaseRetention, RentAccount
from casework.cases.queries import holding_all
from casework.households.models import Dwelling, HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.access import declare_visibility
from casework.kernel.context import Actor
from casework.kernel.database import one_of
from casework.kernel.kept import rows_of
from casework.privacy.closing import CLOSED_SINCE
from casework.programmes.models import ProgrammeVersion
from casework.programmes.queries import VERSION_COLUMNS

declare_case_table(Alert)
declare_visibility(
    CaseSummary,
    lambda actor: case_condition(actor, CaseSummary.case_id.expression, CaseSummary.programme_id.expression),
)


def concerns(actor: Actor) -> ColumnElement[bool]:
    """Return the condition « this alert concerns the actor » on alerts of cases that they reach.

    Who reads no contacts is shown the rules about rents only; who reads by a convention, those whose facts it opens.
    """
    if not actor.may("contact:read"):
        return one_of(Alert.rule, RENT_RULES)
    case_id, programme_id = Alert.case_id.expression, Alert.programme_id.expression
    return and_(
        true(),
        *(
            or_(not_(one_of(Alert.rule, rules)), shared_condition(actor, case_id, category, programme_id))
            for category, rules in RULES_OF_CATEGORY.items()
            if not is_wholly_open(actor, category)
        ),
    )


def rules_that_concern(actor: Actor) -> dict[str, str]:
    """Return code → label of the rules of which an alert may concern the actor, most pressing first."""
    if not actor.may("contact:read"):
        return {rule: words for rule, words in RULE_LABELS.items() if rule in RENT_RULES}
    closed = {
        rule for category, rules in RULES_OF_CATEGORY.items() if is_wholly_closed(actor, category) for rule in rules
    }
    return {rule: words for rule, words in RULE_LABELS.items() if rule not in closed}


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


class OpenAlert(NamedTuple):
    """An alert that is not closed."""

    id: int
    case_id: int
    rule: str
    due_on: date
    facts: dict[str, Any]


_ALERT_COLUMNS = (Alert.id, Alert.case_id, Alert.rule, Alert.due_on, Alert.facts)
_ALERT_WIDTH = len(_ALERT_COLUMNS)
_OPEN = select(*_ALERT_COLUMNS).where(Alert.programme_id == bindparam("programme_id"), Alert.closed_on.is_(None))


def open_alerts(session: Session, programme_id: int) -> Sequence[OpenAlert]:
    """Return the alerts of a programme that are not closed."""
    return [OpenAlert(*row) for row in session.execute(_OPEN, {"programme_id": programme_id})]


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
_KNOWN_OF_PROGRAMME = _KNOWN.where(cases_in_scope(whole=True))
# One case is asked for everything at once: its version, what closes it, and its open alerts stand beside it.
_KNOWN_CASE = (
    _KNOWN.add_columns(*VERSION_COLUMNS, *CLOSED_SINCE, *_ALERT_COLUMNS)
    .outerjoin(CaseRetention, CaseRetention.case_id == Case.id)
    .join(ProgrammeVersion, ProgrammeVersion.id == Case.programme_version_id)
    .outerjoin(Alert, (Alert.case_id == Case.id) & Alert.closed_on.is_(None))
    .where(cases_in_scope(whole=False))
)


def known_cases(session: Session, programme_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return who and where each case of a programme is, as an Identity, then the columns of its summary as it stands.

    A household with two reference persons is there twice, the one who counts last.
    """
    return session.execute(_KNOWN_OF_PROGRAMME, {"subject": programme_id}).all()


@dataclass(frozen=True)
class KnownCase:
    """One case as it stands: what is asked of it, its version, what closes it to writing, and its open alerts."""

    row: tuple[Any, ...]
    version: tuple[int, int, int, str]
    closed_since: tuple[date | None, date | None, date | None]
    alerts: Sequence[OpenAlert]


_HELD_CASE = select(Case.id).where(Case.id == bindparam("subject")).with_for_update(key_share=True)


def hold_case(session: Session, case_id: int) -> None:
    """Let one transaction at a time compute a case: who comes second sees what the first wrote.

    Facts about the case may be added meanwhile: the lock leaves alone those that only point to it. SQLite has one
    writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        rows_of(session.connection(), _HELD_CASE, {"subject": case_id})


_HELD_CASES = holding_all(cases_in_scope(whole=True))


def hold_cases(session: Session, programme_id: int) -> None:
    """Let nobody compute a case of a programme that is swept: who notes something of one waits, and sees what is written.

    A sweep that read the facts before something was noted would write its alerts and summary over those of after it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_HELD_CASES, {"subject": programme_id})


def known_case(session: Session, case_id: int) -> KnownCase:
    """Return a case that is known to exist as it stands; its row is one of `known_cases`."""
    return _known(rows_of(session.connection(), _KNOWN_CASE, {"subject": case_id}))


def _known(rows: Sequence[tuple[Any, ...]]) -> KnownCase:
    # The last row counts; the alerts stand beside each, at its end.
    *known, version_id, programme_id, number, digest, anonymised_on, archived_on, limited_on = rows[-1][:-_ALERT_WIDTH]
    alerts = {row[-_ALERT_WIDTH]: OpenAlert(*row[-_ALERT_WIDTH:]) for row in rows}
    alerts.pop(None, None)
    return KnownCase(
        tuple(known),
        (version_id, programme_id, number, digest),
        (anonymised_on, archived_on, limited_on),
        list(alerts.values()),
    )


class Standing(NamedTuple):
    """What its summary says of a case, and of which day that is: of the one on which it was written, and of the last sweep.

    A sweep does not write a summary again that still says what the facts say.
    """

    number: str
    referred_on: date
    state: str
    contract_on: date | None
    ended_on: date | None
    last_contact_on: date
    reassessment_due_on: date | None
    computed_on: date
    swept_on: date | None


_STANDING = (
    select(
        Case.number,
        Case.referred_on,
        CaseSummary.state,
        CaseSummary.contract_on,
        CaseSummary.ended_on,
        CaseSummary.last_contact_on,
        CaseSummary.reassessment_due_on,
        CaseSummary.computed_on,
        SweepLog.swept_on,
        *VERSION_COLUMNS,
        *CLOSED_SINCE,
        *_ALERT_COLUMNS,
    )
    .select_from(Case)
    .join(CaseSummary, CaseSummary.case_id == Case.id)
    .join(ProgrammeVersion, ProgrammeVersion.id == Case.programme_version_id)
    .outerjoin(SweepLog, SweepLog.programme_id == Case.programme_id)
    .outerjoin(CaseRetention, CaseRetention.case_id == Case.id)
    .outerjoin(Alert, (Alert.case_id == Case.id) & Alert.closed_on.is_(None))
    .where(cases_in_scope(whole=False))
)


def standing_case(session: Session, case_id: int) -> tuple[Standing, KnownCase] | None:
    """Return a case as its summary has it, and what stands beside it; None where it has none yet."""
    rows = rows_of(session.connection(), _STANDING, {"subject": case_id})
    if not rows:
        return None
    known = _known(rows)
    return Standing(*known.row), known


def last_sweep_on(session: Session, programme_id: int) -> date | None:
    """Return the last day on which a programme was swept."""
    return session.scalar(select(func.max(SweepLog.swept_on)).where(SweepLog.programme_id == programme_id))
