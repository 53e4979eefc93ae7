"""The demonstration: alive on any day, the same for a day, and every page of it opens."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from casework.accounts.models import User
from casework.accounts.passwords import verify_password
from casework.accounts.permissions import permissions_of
from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert, CaseSummary
from casework.alerts.vocabulary import AlertRule
from casework.cases.models import Case, CaseEnd
from casework.cases.vocabulary import CaseState
from casework.contacts.models import Appointment, Contact
from casework.demo.accounts import CAST, DOMAIN, PASSWORD, demo_accounts
from casework.demo.loading import load_demo
from casework.demo.setting import beside, demo_programme
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.errors import RuleViolation
from casework.programmes.catalogue import catalogue_definition
from casework.programmes.models import Programme
from casework.simulation.checker.service import check_history
from casework.web.permissions import PUBLIC, permission_of
from tests.conftest import TODAY
from tests.factories import sign_in, system_ctx
from tests.support.strict_client import DefectivePage, ServerError

ROLES = list(Role)


def _engine(app: Flask) -> Engine:
    engine = app.extensions["casework"].engine
    assert isinstance(engine, Engine)
    return engine


def _account(app: Flask, role: Role) -> User:
    handle = next(colleague.handle for colleague in CAST if colleague.role is role)
    with Session(_engine(app)) as session:
        return session.scalars(select(User).where(User.email == f"{handle}@{DOMAIN}")).one()


def _open_rules(engine: Engine) -> Counter[str]:
    with Session(engine) as session:
        of_stories = select(Programme.id).where(Programme.code == demo_programme())
        alerts = select(Alert.rule).where(Alert.closed_on.is_(None), Alert.programme_id.in_(of_stories))
        return Counter(session.scalars(alerts))


def _state(engine: Engine) -> list[tuple[object, ...]]:
    """Return what the demonstration says, without the ids."""
    with Session(engine) as session:
        cases = session.execute(
            select(
                CaseSummary.number,
                CaseSummary.name,
                CaseSummary.state,
                CaseSummary.debt_cents,
                CaseSummary.next_due_on,
                CaseSummary.open_alerts,
                CaseSummary.referent_name,
            ).order_by(CaseSummary.number)
        ).all()
        notes = session.execute(
            select(Contact.occurred_on, Contact.kind, Contact.shared_note, Contact.private_note).order_by(
                Contact.occurred_on, Contact.kind, Contact.shared_note
            )
        ).all()
        return [tuple(row) for row in (*cases, *notes)]


def test_every_rule_has_an_open_alert_and_every_stage_a_household(demo_app: Flask) -> None:
    engine = _engine(demo_app)
    with Session(engine) as session:
        states = set(session.scalars(select(CaseSummary.state)))
        closed = session.scalar(select(func.count(Alert.id)).where(Alert.closed_on.is_not(None)))
        today = session.scalar(select(func.count(Appointment.id)).where(Appointment.planned_on == TODAY))
        years = {day.year for day in session.scalars(select(CaseEnd.ended_on))}

    assert set(_open_rules(engine)) == {rule.value for rule in AlertRule}
    assert states == {state.value for state in CaseState}
    assert closed
    assert today
    assert len(years) > 1


def test_every_step_was_made_by_somebody_and_traced(demo_app: Flask) -> None:
    with Session(_engine(demo_app)) as session:
        authors = set(session.scalars(select(User.id).where(User.role == Role.REFERENT.value)))
        writers = set(session.scalars(select(Contact.author_id)))
        traced = set(session.scalars(select(AuditEvent.actor_id).where(AuditEvent.entity == "contacts")))

    assert writers == traced == authors


def test_a_referent_sees_what_is_late_what_comes_and_the_meetings_of_today(demo_app: Flask) -> None:
    client = demo_app.test_client()
    sign_in(client, _account(demo_app, Role.REFERENT))
    page = client.get("/").text

    assert "Visite en retard" in page or "visite" in page
    assert "9 h 30" in page or "09:30" in page or "9:30" in page


def test_one_account_of_each_role_is_shown_and_its_password_opens_it(demo_app: Flask) -> None:
    with system_ctx(_engine(demo_app), FixedClock.on(TODAY)) as ctx:
        shown = {account.email for account in demo_accounts(ctx)}
        users = ctx.session.scalars(select(User).where(User.email.in_(shown))).all()

    assert {user.role for user in users} == {role.value for role in Role}
    assert all(verify_password(PASSWORD, user.password_hash) for user in users)


def test_the_demonstration_is_refused_where_there_is_something_already(demo_app: Flask) -> None:
    engine = _engine(demo_app)
    before = _state(engine)
    with pytest.raises(RuleViolation, match="base vide"):
        load_demo(engine, FixedClock.on(TODAY))

    assert _state(engine) == before


@pytest.mark.parametrize("role", ROLES)
def test_every_page_without_parameters_opens_for_the_roles_that_may(demo_app: Flask, role: Role) -> None:
    client = demo_app.test_client()
    sign_in(client, _account(demo_app, role))
    held = permissions_of(role.value)
    answers = {
        rule.rule: _answer(client, rule.rule)
        for rule in demo_app.url_map.iter_rules()
        if _opens(demo_app, rule, held) and not rule.arguments
    }

    assert {path: status for path, status in answers.items() if status not in {200, 302}} == {}
    assert "/" in answers


@pytest.mark.parametrize("role", [Role.REFERENT, Role.LANDLORD_SOCIAL, Role.LANDLORD_RENT, Role.COORDINATOR])
def test_the_pages_of_a_case_open_for_the_roles_that_may(demo_app: Flask, role: Role) -> None:
    client = demo_app.test_client()
    user = _account(demo_app, role)
    sign_in(client, user)
    held = permissions_of(role.value)
    rules = [
        rule for rule in demo_app.url_map.iter_rules() if rule.arguments == {"case_id"} and _opens(demo_app, rule, held)
    ]
    answers = {
        f"{rule.endpoint} {case_id}": _answer(client, rule.rule.replace("<int:case_id>", str(case_id)))
        for case_id in _one_case_of_each_state(demo_app, user)
        for rule in rules
    }

    assert {page: status for page, status in answers.items() if status not in {200, 302, 404}} == {}
    assert Counter(answers.values())[200] > len(answers) // 2


def _answer(client: FlaskClient, path: str) -> int | str:
    """Return the status of a page, or what is wrong with it: one defect must not hide the next."""
    try:
        return client.get(path).status_code
    except (DefectivePage, ServerError) as error:
        return str(error)


def _opens(app: Flask, rule: Rule, held: frozenset[str]) -> bool:
    permission = permission_of(app, rule.endpoint)
    return "GET" in (rule.methods or ()) and (permission == PUBLIC or permission in held)


def _one_case_of_each_state(app: Flask, user: User) -> list[int]:
    mine = CaseSummary.referent_id == user.id if user.role == Role.REFERENT.value else CaseSummary.case_id > 0
    with Session(_engine(app)) as session:
        return list(
            session.scalars(select(func.min(CaseSummary.case_id)).where(mine).group_by(CaseSummary.state)).all()
        )


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2027, 1, 31), date(2026, 11, 1)])
def test_every_rule_has_an_open_alert_on_awkward_days(engine: Engine, today: date) -> None:
    load_demo(engine, FixedClock.on(today))
    with Session(engine) as session:
        counts = select(Programme.code, func.count(Case.id)).join(Case, Case.programme_id == Programme.id)
        cases = {row[0]: row[1] for row in session.execute(counts.group_by(Programme.code))}

    assert set(_open_rules(engine)) == {rule.value for rule in AlertRule}
    assert cases == {demo_programme(): 42, beside().programme: beside().households}


def test_the_programme_beside_breaks_none_of_its_rules_and_shows_itself_to_who_coordinates(demo_app: Flask) -> None:
    with system_ctx(_engine(demo_app), FixedClock.on(TODAY)) as ctx:
        violations = check_history(ctx, beside().programme)
    client = demo_app.test_client()
    sign_in(client, _account(demo_app, Role.COORDINATOR))

    assert violations == []
    assert catalogue_definition(beside().programme).title in client.get("/dispositifs").text


@pytest.mark.databases("sqlite")
def test_a_day_has_always_the_same_demonstration(demo_app: Flask, engine: Engine) -> None:
    random.seed(4)
    load_demo(engine, FixedClock.on(TODAY))

    assert _state(engine) == _state(_engine(demo_app))
