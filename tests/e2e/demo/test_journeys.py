"""Journeys of real people through the demonstration, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from babel.messages.pofile import read_po
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert, CaseSummary
from casework.demo.accounts import PASSWORD
from casework.demo.setting import demo_programme
from casework.programmes.models import Programme
from casework.web.i18n import FOLDER
from tests.e2e.demo.conftest import SignedInPage
from tests.e2e.demo.test_every_page import pages_of
from tests.support.browsers import PHONE

SENTENCE = 14


def _overdue_case(app: Flask) -> CaseSummary:
    with Session(app.extensions["casework"].engine) as session:
        late = select(Alert.case_id).where(Alert.rule == "VISIT_OVERDUE", Alert.closed_on.is_(None))
        found = session.scalars(
            select(CaseSummary).where(CaseSummary.case_id.in_(late)).order_by(CaseSummary.case_id)
        ).first()
    assert found is not None
    return found


def test_a_visit_is_noted_between_two_doors_on_a_phone_and_settles_its_alert(
    app: Flask, signed_in_page: SignedInPage
) -> None:
    case = _overdue_case(app)
    page = signed_in_page(Role.MANAGER, viewport=PHONE)
    page.goto("/")

    page.get_by_role("navigation", name="Raccourcis").get_by_role("link", name="Noter une visite").click()
    page.get_by_label("Nom ou numéro").fill(case.number)
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("main").get_by_role("link", name=case.name).first.click()
    page.get_by_label(re.compile("Ce que le bailleur peut lire")).fill(
        "Le logement est bien tenu, le loyer est à jour."
    )
    page.get_by_label(re.compile("Pour l’association seulement")).fill("Fatigue dite à demi-mot.")
    page.get_by_role("button", name="Enregistrer le contact").click()

    expect(page.locator("#messages")).to_contain_text("Le contact est enregistré")
    expect(page.get_by_text("Le logement est bien tenu, le loyer est à jour.")).to_be_visible()
    expect(page.get_by_text("Fatigue dite à demi-mot.")).to_be_visible()
    with Session(app.extensions["casework"].engine) as session:
        still = select(Alert).where(
            Alert.case_id == case.case_id, Alert.rule == "VISIT_OVERDUE", Alert.closed_on.is_(None)
        )
        assert session.scalars(still).all() == []


def test_a_household_is_found_and_opened_with_the_keyboard_alone(app: Flask, signed_in_page: SignedInPage) -> None:
    with Session(app.extensions["casework"].engine) as session:
        of_stories = select(Programme.id).where(Programme.code == demo_programme())
        seen = select(CaseSummary).where(CaseSummary.programme_id.in_(of_stories))
        wanted = session.scalars(seen.order_by(CaseSummary.case_id.desc())).first()
    assert wanted is not None
    page = signed_in_page(Role.MANAGER)
    page.goto("/")

    page.keyboard.press("/")
    page.keyboard.type(wanted.name_key.split(maxsplit=1)[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/menages"))
    page.locator(".row-link").first.focus()
    for _ in range(page.locator(".row-link").count()):
        if page.evaluate("document.activeElement.textContent") == wanted.name:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text(wanted.name)


def test_the_skip_link_is_the_first_stop_of_the_keyboard(signed_in_page: SignedInPage) -> None:
    page = signed_in_page(Role.REFERENT)
    page.goto("/menages")

    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_signing_in_and_out_ends_the_session_for_good(
    page: Page, app: Flask, user_of: Callable[[Role], User], axe: Callable[..., list[str]]
) -> None:
    user = user_of(Role.REFERENT)
    page.goto("/menages")
    expect(page).to_have_url(re.compile("/connexion"))
    assert axe(page) == []
    page.get_by_label("Adresse électronique").fill(user.email or "")
    page.get_by_label("Mot de passe").fill("ce n’est pas le bon")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("L’adresse ou le mot de passe n’est pas le bon.").first).to_be_visible()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(re.compile("/menages"))
    name = app.config["SESSION_COOKIE_NAME"]
    kept = next(str(cookie["value"]) for cookie in page.context.cookies() if cookie["name"] == name)

    page.locator(".menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter")
    page.context.add_cookies([{"name": name, "value": kept, "url": page.url}])
    page.goto("/menages")

    expect(page).to_have_url(re.compile("/connexion"))


def test_what_one_typed_comes_back_after_the_page_was_left(app: Flask, signed_in_page: SignedInPage) -> None:
    with Session(app.extensions["casework"].engine) as session:
        case_id = session.scalars(select(CaseSummary.case_id).where(CaseSummary.state == "ACTIVE")).first()
    page = signed_in_page(Role.MANAGER)
    page.goto(f"/menages/{case_id}/contacts/nouveau")
    note = page.get_by_label(re.compile("Ce que le bailleur peut lire"))
    note.press_sequentially("Une longue note, presque finie")
    page.on("dialog", lambda dialog: dialog.accept())

    page.goto("/menages")
    page.goto(f"/menages/{case_id}/contacts/nouveau")

    expect(note).to_have_value("Une longue note, presque finie")
    expect(page.get_by_text("Nous avons remis ce que vous aviez commencé à écrire.")).to_be_visible()


def test_a_contact_is_noted_without_javascript(app: Flask, signed_in_page: SignedInPage) -> None:
    with Session(app.extensions["casework"].engine) as session:
        case_id = session.scalars(select(CaseSummary.case_id).where(CaseSummary.state == "ACTIVE")).first()
    page = signed_in_page(Role.MANAGER, java_script_enabled=False)
    page.goto(f"/menages/{case_id}")

    page.get_by_role("link", name="Noter un contact").first.click()
    page.get_by_label(re.compile("Ce que le bailleur peut lire")).fill("Sans script, tout marche.")
    page.get_by_role("button", name="Enregistrer le contact").click()

    expect(page.get_by_text("Sans script, tout marche.")).to_be_visible()


def test_a_date_that_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, signed_in_page: SignedInPage, axe: Callable[..., list[str]]
) -> None:
    with Session(app.extensions["casework"].engine) as session:
        case_id = session.scalars(select(CaseSummary.case_id).where(CaseSummary.state == "ACTIVE")).first()
    page = signed_in_page(Role.MANAGER)
    page.goto(f"/menages/{case_id}/contacts/nouveau")

    page.locator("#occurred_on").fill("2030-01-01")
    page.locator("#shared_note").fill("Ce texte reste.")
    page.get_by_role("button", name="Enregistrer le contact").click()

    summary = page.locator("[data-error-summary]")
    expect(summary).to_contain_text("Date · Cette date est dans l’avenir")
    expect(page.locator("#occurred_on")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#shared_note")).to_have_value("Ce texte reste.")
    summary.get_by_role("link").first.click()
    expect(page.locator("#occurred_on")).to_be_focused()


def test_no_french_sentence_is_left_on_the_english_pages(app: Flask, signed_in_page: SignedInPage) -> None:
    with (Path(FOLDER) / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        french = [m.id for m in read_po(file) if isinstance(m.id, str) and len(m.id) >= SENTENCE and "%(" not in m.id]
        known = [text for text in french if text]
    page = signed_in_page(Role.MANAGER)
    with app.extensions["casework"].engine.begin() as connection:
        connection.execute(update(User).values(locale="en"))

    left: dict[str, list[str]] = {}
    for address in pages_of(app, Role.MANAGER):
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == "en"
        # What a source says stays in its language, and is marked so; everything else is the interface.
        page.evaluate("document.querySelectorAll('body [lang=fr]').forEach(part => part.remove())")
        shown = page.locator("body").inner_text()
        found = [text for text in known if text in shown]
        if found:
            left[address] = found

    assert left == {}
