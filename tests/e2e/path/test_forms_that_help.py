from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import Engine

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.kernel.clock import FixedClock
from tests.factories import Stage, make_case, make_programme, make_rent_line, make_user, session_cookie, system_ctx
from tests.support.browsers import DESKTOP, PHONE
from tests.support.live_server import LiveServer

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _signed_in(page: Page, app: Flask, server: LiveServer, user: User) -> None:
    name, value = session_cookie(app, user)
    page.context.add_cookies([{"name": name, "value": value, "url": server.url}])


def _diagnosed(engine: Engine, clock: FixedClock) -> tuple[User, Case]:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        return referent, make_case(ctx, programme, stage=Stage.DIAGNOSED, referent=referent)


def test_the_figures_of_a_budget_follow_what_one_types(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock, axe: Callable[..., list[str]]
) -> None:
    referent, case = _diagnosed(engine, clock)
    _signed_in(page, app, live_server, referent)
    page.goto(f"/menages/{case.id}/diagnostic")
    expect(page.get_by_text("22,5")).to_be_visible()

    page.get_by_label("Salaire").fill("800")

    expect(page.get_by_text("33,8")).to_be_visible()
    expect(page.get_by_text("Au-dessus de la limite")).to_be_visible()
    assert axe(page) == []


def test_a_contract_gets_as_many_objectives_as_one_adds(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock, axe: Callable[..., list[str]]
) -> None:
    referent, case = _diagnosed(engine, clock)
    _signed_in(page, app, live_server, referent)
    page.goto(f"/menages/{case.id}/contrat")
    assert axe(page) == []

    page.get_by_label("Pour le bailleur").fill("Dominique")
    page.locator("#objectives-0-label").fill("Payer le loyer à date")
    page.get_by_role("button", name="Ajouter un objectif").click()
    page.locator("#objectives-1-label").fill("Visiter le centre social")
    page.get_by_role("button", name="Enregistrer le contrat").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Contrat tripartite")
    expect(page.get_by_text("Visiter le centre social", exact=True)).to_be_visible()
    assert axe(page) == []


def test_who_goes_back_to_a_form_that_was_saved_finds_it_afresh(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock, axe: Callable[..., list[str]]
) -> None:
    referent, case = _diagnosed(engine, clock)
    _signed_in(page, app, live_server, referent)
    page.goto(f"/menages/{case.id}/contacts/nouveau")
    note = page.locator("#shared_note")
    note.fill("Appel du matin")
    page.get_by_role("button", name="Enregistrer le contact").click()
    expect(page.locator("#messages")).to_contain_text("Le contact est enregistré")

    page.go_back()

    expect(page.get_by_text("Ce que vous aviez écrit ici est déjà enregistré")).to_be_visible()
    expect(note).to_have_value("")
    assert axe(page) == []
    note.fill("Appel du soir")
    page.goto(f"/menages/{case.id}")
    page.go_back()
    expect(note).to_have_value("Appel du soir")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_name_and_no_note_is_wider_than_the_window(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock, viewport: ViewportSize
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, referent=referent, family_name="Wolfeschlegel" * 8, given_name="Abdelkrim" * 8)
        news = ContactNews(ctx.today, ContactKind.TEL, ContactOutcome.REALISEE, shared_note="interminable" * 40)
        record_contact(ctx, case.id, news)
    _signed_in(page, app, live_server, referent)
    page.set_viewport_size(viewport)

    for path in ("", "/contacts/nouveau", "/diagnostic", "/personnes", "/fiche", "/loyers", "/alertes"):
        page.goto(f"/menages/{case.id}{path}")
        assert page.evaluate(WIDER) <= 0, path
    for path in ("/", "/menages", "/visite", "/alertes", "/loyers"):
        page.goto(path)
        assert page.evaluate(WIDER) <= 0, path


def test_what_was_written_survives_a_session_that_ended_meanwhile(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock
) -> None:
    referent, case = _diagnosed(engine, clock)
    _signed_in(page, app, live_server, referent)
    page.goto(f"/menages/{case.id}/contacts/nouveau")
    page.locator("#shared_note").fill("Une longue visite")
    page.context.clear_cookies()

    page.get_by_role("button", name="Enregistrer le contact").click()
    expect(page.get_by_text("Ce que vous avez écrit reste sur cet appareil")).to_be_visible()
    page.get_by_role("link", name="Revenir au formulaire").click()
    expect(page).to_have_url(f"{live_server.url}/connexion?next=/menages/{case.id}/contacts/nouveau")
    _signed_in(page, app, live_server, referent)
    page.goto(f"/menages/{case.id}/contacts/nouveau")

    expect(page.locator("#shared_note")).to_have_value("Une longue visite")
    page.get_by_role("button", name="Enregistrer le contact").click()
    expect(page.locator("#messages")).to_contain_text("Le contact est enregistré")
    page.goto(f"/menages/{case.id}/contacts/nouveau")
    expect(page.locator("#shared_note")).to_have_value("")


def test_what_was_written_survives_a_connection_that_drops(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock
) -> None:
    referent, case = _diagnosed(engine, clock)
    _signed_in(page, app, live_server, referent)
    page.goto(f"/menages/{case.id}/contacts/nouveau")
    page.locator("#shared_note").fill("Dans l’escalier")
    page.route("**/contacts/nouveau", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="Enregistrer le contact").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/contacts/nouveau")

    page.goto("/")
    page.goto(f"/menages/{case.id}/contacts/nouveau")

    expect(page.locator("#shared_note")).to_have_value("Dans l’escalier")


def test_a_draft_of_a_refused_form_is_taken_up_as_if_nothing_had_been_refused(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock
) -> None:
    referent, case = _diagnosed(engine, clock)
    _signed_in(page, app, live_server, referent)
    page.goto(f"/menages/{case.id}/contacts/nouveau")
    note = page.locator("#shared_note")
    note.fill("Une longue visite")
    page.locator("#occurred_on").fill("2026-04-30")
    page.get_by_role("button", name="Enregistrer le contact").click()
    expect(page.locator("#occurred_on-error")).to_be_visible()
    note.fill("Une longue visite, et ce qui a suivi")
    page.context.clear_cookies()
    page.get_by_role("button", name="Enregistrer le contact").click()
    expect(page.get_by_text("Ce que vous avez écrit reste sur cet appareil")).to_be_visible()
    _signed_in(page, app, live_server, referent)

    page.goto(f"/menages/{case.id}/contacts/nouveau")

    expect(page.get_by_text("Nous avons remis ce que vous aviez commencé à écrire")).to_be_visible()
    expect(note).to_have_value("Une longue visite, et ce qui a suivi")


def test_a_draft_ends_with_its_form_where_a_refusal_stands_at_another_address(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        office = make_user(ctx, Role.LANDLORD_RENT, programme=programme)
        case = make_case(ctx, programme, lease_number="B-1")
        make_rent_line(ctx, case, date(2026, 2, 1), 450_00)
        ctx.case_changed(case.id)
    _signed_in(page, app, live_server, office)
    page.goto(f"/menages/{case.id}/loyers")
    page.locator("#reported_on").fill("2027-01-01")
    page.locator("#reference").fill("CAF-17")
    page.get_by_role("button", name="Noter le signalement").click()
    expect(page.locator("#reported_on-error")).to_be_visible()
    expect(page.locator("#reference")).to_have_value("CAF-17")
    page.locator("#reported_on").fill("2026-03-30")
    page.get_by_role("button", name="Noter le signalement").click()

    expect(page.get_by_text("Le signalement est enregistré").first).to_be_visible()
    expect(page.get_by_text("Nous avons remis ce que vous aviez commencé à écrire")).to_have_count(0)
    expect(page.locator("#reference")).to_have_value("")


def test_a_draft_that_nobody_took_or_dropped_outlives_what_is_typed_and_saved_beside_it(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock, axe: Callable[..., list[str]]
) -> None:
    referent, case = _diagnosed(engine, clock)
    _signed_in(page, app, live_server, referent)
    url = f"/menages/{case.id}/contacts/nouveau"
    note, offered = page.locator("#shared_note"), page.get_by_text("Un brouillon existe pour ce formulaire")
    take = page.get_by_role("button", name="Reprendre le brouillon")
    drop = page.get_by_role("button", name="Effacer le brouillon")
    page.goto(url)
    note.fill("Le texte du matin")
    clock.instant += timedelta(days=1)  # the form proposes another day: its draft is of another one
    _signed_in(page, app, live_server, referent)
    page.goto(url)
    expect(offered).to_be_visible()
    note.fill("Le texte du soir")

    page.goto(url)
    expect(offered).to_be_visible()
    expect(note).to_have_value("Le texte du soir")
    take.click()
    expect(note).to_have_value("Le texte du matin")
    drop.click()
    expect(note).to_have_value("Le texte du soir")
    expect(offered).to_have_count(0)

    clock.instant += timedelta(days=1)
    _signed_in(page, app, live_server, referent)
    page.goto(url)
    expect(offered).to_be_visible()
    note.fill("Un tout autre texte")
    page.get_by_role("button", name="Enregistrer le contact").click()
    expect(page.locator("#messages")).to_contain_text("Le contact est enregistré")
    page.goto(url)
    expect(offered).to_be_visible()
    expect(note).to_have_value("")
    assert axe(page) == []
    drop.click()
    expect(offered).to_have_count(0)
    page.goto(url)
    expect(note).to_have_value("")
    expect(offered).to_have_count(0)


def test_who_takes_a_contact_back_at_once_may_go_back_to_what_was_written(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock, axe: Callable[..., list[str]]
) -> None:
    referent, case = _diagnosed(engine, clock)
    _signed_in(page, app, live_server, referent)
    page.goto(f"/menages/{case.id}/contacts/nouveau?kind=TEL")
    page.locator("#shared_note").fill("Une longue visite")
    page.get_by_role("button", name="Enregistrer le contact").click()

    page.locator("#messages").get_by_role("button", name="Annuler").click()
    expect(page.locator("#messages")).to_contain_text("Le contact est retiré")
    assert axe(page) == []
    page.get_by_role("link", name="Reprendre ce que vous aviez écrit").click()

    expect(page).to_have_url(f"{live_server.url}/menages/{case.id}/contacts/nouveau?kind=TEL")
    expect(page.locator("#shared_note")).to_have_value("Une longue visite")
    page.get_by_role("button", name="Enregistrer le contact").click()
    expect(page.locator("#messages")).to_contain_text("Le contact est enregistré")
    page.goto("/agenda")
    assert "Une longue visite" not in page.evaluate("JSON.stringify(sessionStorage)")
