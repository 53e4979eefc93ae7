"""Every page, as those who may open it: accessible, within the window, in the language asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.permissions import permissions_of
from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert, CaseSummary
from casework.cases.models import CaseEnd
from casework.confidential.address_service import protect_address
from casework.confidential.note_service import NoteNews, record_note
from casework.confidential.vocabulary import Topic
from casework.contacts.models import Contact
from casework.contracts.models import Contract
from casework.demo.setting import demo_programme
from casework.diagnostics.models import Diagnostic
from casework.programmes.catalogue import catalogue_codes
from casework.reassessments.models import Reassessment
from casework.web.permissions import PUBLIC, permission_of
from tests.conftest import TODAY
from tests.e2e.demo.conftest import SignedInPage
from tests.factories import system_ctx
from tests.support.browsers import DESKTOP, PHONE

# Answers that are no pages: files, and addresses that send one on.
NOT_PAGES = {"static", "health", "accounts.sign_in", "service_worker"}
# Who manages does not find these: they are about what the team alone reads.
OF_THE_TEAM = {"confidential.record_note", "confidential.revise_address", "confidential.lift_protection"}
FILES = ("json", "pdf", "xlsx", "csv", "download")


def pages_of(app: Flask, role: Role) -> list[str]:
    """Return the addresses of every page that somebody of `role` may open, about a case with a long history."""
    allowed = permissions_of(role)
    with Session(app.extensions["casework"].engine) as session:
        values = _values(session)
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_PAGES:
            continue
        if any(word in rule.endpoint or word in rule.rule for word in FILES):
            continue
        if rule.endpoint in OF_THE_TEAM and role is not Role.REFERENT:
            continue
        permission = permission_of(app, rule.endpoint)
        if permission != PUBLIC and permission not in allowed:
            continue
        if rule.arguments <= set(values):
            found.append(adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments}))
    return found


def _values(session: Session) -> dict[str, object]:
    ended = select(CaseEnd.case_id)
    held = select(Reassessment.case_id)
    # The rent office may open alerts about rents only: the case has one.
    owing = select(Alert.case_id).where(Alert.id.in_(_open_rent_alerts()))
    summary = session.scalars(
        select(CaseSummary)
        .where(CaseSummary.state == "ACTIVE", CaseSummary.open_alerts > 0, CaseSummary.case_id.in_(held))
        .where(CaseSummary.case_id.not_in(ended), CaseSummary.case_id.in_(owing))
        .order_by(CaseSummary.referent_id, CaseSummary.case_id)
    ).first()
    assert summary is not None
    case_id = summary.case_id

    def newest(model: type[Contact | Contract | Diagnostic | Reassessment]) -> int:
        found = session.scalars(select(model.id).where(model.case_id == case_id).order_by(model.id.desc())).first()
        assert found is not None, f"the demonstration has no {model.__tablename__} for this case"
        return found

    return {
        "case_id": case_id,
        "contact_id": newest(Contact),
        "contract_id": newest(Contract),
        "diagnostic_id": newest(Diagnostic),
        "reassessment_id": newest(Reassessment),
        "alert_id": session.scalars(
            select(Alert.id).where(Alert.case_id == case_id, Alert.id.in_(_open_rent_alerts()))
        ).first(),
        "code": demo_programme(),
        "year": TODAY.year,
        "figure": "active_caseload",
        "entry": catalogue_codes()[-1],
    }


def _open_rent_alerts() -> Select[int]:
    return select(Alert.id).where(Alert.rule == "ARREARS_CONSTITUTED", Alert.closed_on.is_(None))


@pytest.mark.parametrize(
    ("role", "theme", "viewport"),
    [
        pytest.param(Role.REFERENT, "light", DESKTOP, id="referent"),
        pytest.param(Role.MANAGER, "dark", PHONE, id="manager on a phone in the dark"),
        pytest.param(Role.LANDLORD_SOCIAL, "light", DESKTOP, id="social team of the landlord"),
        pytest.param(Role.LANDLORD_RENT, "dark", PHONE, id="rent office on a phone in the dark"),
        pytest.param(Role.COORDINATOR, "dark", PHONE, id="coordinator on a phone in the dark"),
        pytest.param(Role.FUNDER_READER, "light", DESKTOP, id="funder"),
        pytest.param(Role.ADMINISTRATOR, "light", DESKTOP, id="administrator"),
    ],
)
def test_axe_finds_nothing_on_any_page_of(
    role: Role,
    theme: str,
    viewport: dict[str, int],
    app: Flask,
    signed_in_page: SignedInPage,
    axe: Callable[..., list[str]],
) -> None:
    with app.extensions["casework"].engine.begin() as connection:
        connection.execute(update(User).values(theme=theme))
    _add_what_is_secret(app)
    page = signed_in_page(role, viewport=viewport)
    addresses = pages_of(app, role)
    assert len(addresses) >= 2

    findings = {address: _audit(page, address, axe) for address in addresses}

    assert {address: found for address, found in findings.items() if found} == {}


def _add_what_is_secret(app: Flask) -> None:
    """Protect the address of the case that the pages are about, and note something that its team alone reads."""
    held = app.extensions["casework"]
    with Session(held.engine) as session:
        case_id = int(str(_values(session)["case_id"]))
    with system_ctx(held.engine, held.clock) as ctx:
        protect_address(ctx, case_id, "Par sa sœur, avant 16 h.")
        record_note(ctx, case_id, NoteNews(Topic.SANTE, TODAY, "Rendez-vous l’après-midi."))


def _audit(page: Page, address: str, axe: Callable[..., list[str]]) -> list[str]:
    response = page.goto(address)
    problems = [] if response is not None and response.status == 200 else [f"answers {response and response.status}"]
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 0:
        problems.append(f"the page is {overflow} px wider than the window")
    return problems + axe(page)
