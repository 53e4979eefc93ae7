"""A coordinator makes a programme on screen, changes it, and decides who follows the change."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.queries import case_head
from casework.kernel.clock import FixedClock
from casework.programmes.models import Programme
from casework.programmes.queries import versions_of
from tests.factories import Stage, make_case, make_programme, make_user, session_cookie, system_ctx
from tests.support.browsers import PHONE, watched_context
from tests.support.live_server import LiveServer

Axe = Callable[..., list[str]]


def _signed_in(page: Page, app: Flask, server: LiveServer, user: User) -> None:
    name, value = session_cookie(app, user)
    page.context.add_cookies([{"name": name, "value": value, "url": server.url}])


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def _unfold(page: Page, title: str) -> None:
    page.locator("summary", has_text=title).click()


def _open(page: Page, axe: Axe) -> None:
    """Make a programme with a path that no source has."""
    page.goto("/dispositifs")
    page.get_by_role("link", name="Ouvrir un dispositif").click()
    assert axe(page) == []
    page.get_by_role("link", name="Partir de zéro").click()
    assert axe(page) == []
    page.get_by_label("Code").fill("val-1")
    page.get_by_label("Ou nouveau bailleur, par son nom").fill("Office du Val")
    page.get_by_label("Association ou CCAS déjà connu ici").select_option("Le bailleur lui-même")
    page.get_by_role("textbox", name="Titre").fill("De la résidence au bail")
    page.get_by_label("En vigueur à partir du").fill("2025-01-01")
    page.get_by_label("Thème").select_option("Accès au logement")
    _unfold(page, "Parcours du logement")
    page.get_by_role("button", name="Ajouter un chemin").click()
    for place, stage in enumerate(("Résidence sociale", "Bail glissant", "Bail direct")):
        page.locator(f"#paths-0-stages-{place}").select_option(stage)
    page.get_by_label("L’ordre des statuts est imposé").check()
    page.get_by_role("button", name="Ouvrir le dispositif").last.click()

    expect(page.get_by_text("Le dispositif VAL-1 est ouvert.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("De la résidence au bail")
    expect(page.get_by_text("Résidence sociale").first).to_be_visible()


def _change(page: Page, axe: Axe) -> None:
    """Give it a rhythm, wrong at first, look at what changes, and save."""
    page.get_by_role("link", name="Modifier").click()
    assert axe(page) == []
    _unfold(page, "Rythmes")
    page.get_by_role("button", name="Ajouter un rythme").click()
    page.locator("#cadences-0-what").select_option("Réévaluation avec le ménage")
    page.locator("#cadences-0-every").fill("0")
    page.locator("#cadences-0-unit").select_option("mois")
    page.get_by_role("button", name="Voir ce qui change").last.click()
    page.get_by_role("link", name=re.compile("Un nombre de 1 à 1000")).click()
    expect(page.locator("#cadences-0-every")).to_be_focused()
    page.locator("#cadences-0-every").fill("6")
    page.get_by_role("button", name="Voir ce qui change").last.click()

    expect(page.get_by_text("2 accompagnements en cours gardent la version 1.")).to_be_visible()
    expect(page.get_by_text("Réévaluation avec le ménage · tous les 6 mois")).to_be_visible()
    page.get_by_label("Pourquoi le dispositif change").fill("Comité de pilotage de mars")
    page.get_by_role("button", name="Enregistrer la version 2").click()

    expect(page.get_by_text("La version 2 est enregistrée.")).to_be_visible()
    page.get_by_role("link", name="Qui a changé quoi, et pourquoi").click()
    expect(page.get_by_text("Comité de pilotage de mars")).to_be_visible()
    assert axe(page) == []


def _decide(page: Page, axe: Axe, case_id: int) -> None:
    """Let one household follow the new version."""
    page.goto(f"/menages/{case_id}/equipe")
    page.get_by_role("link", name="Suivre une autre version").click()
    assert axe(page) == []
    expect(page.get_by_role("row", name=re.compile("Prochaine réévaluation"))).to_contain_text("30 avril 2026")
    page.get_by_label("Motif de la décision").fill("Le ménage va bien.")
    page.get_by_role("button", name="Décider de suivre la version 2").click()

    expect(page.get_by_text("Le ménage suit maintenant la version 2.")).to_be_visible()
    assert axe(page) == []
    page.goto(f"/menages/{case_id}")
    expect(page.get_by_text("Dispositif : de la version 1 à la version 2")).to_be_visible()


def test_a_programme_with_a_path_that_no_source_has_is_opened_changed_and_followed_by_decision(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock, axe: Axe
) -> None:
    with system_ctx(engine, clock) as ctx:
        coordinator = make_user(ctx, Role.COORDINATOR)
    _signed_in(page, app, live_server, coordinator)

    _open(page, axe)
    with system_ctx(engine, clock) as ctx:
        programme = ctx.session.scalars(select(Programme)).one()
        first, second = (make_case(ctx, programme, family_name=name).id for name in ("Un", "Deux"))

    _change(page, axe)
    with system_ctx(engine, clock) as ctx:
        new = make_case(ctx, programme, stage=Stage.REFERRED, referred_on=ctx.today)
        numbers = {v.id: v.number for v in versions_of(ctx, programme.id)}
        followed = [numbers[case_head(ctx, case_id).version_id] for case_id in (first, second, new.id)]
    assert followed == [1, 1, 2]

    _decide(page, axe, first)

    with system_ctx(engine, clock) as ctx:
        assert [numbers[case_head(ctx, case_id).version_id] for case_id in (first, second)] == [2, 1]


def test_on_a_phone_without_scripts_lines_are_added_and_what_changes_is_shown(
    browser: Browser, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        coordinator = make_user(ctx, Role.COORDINATOR, programme=make_programme(ctx))
    with watched_context(browser, live_server.url, java_script_enabled=False, viewport=PHONE) as context:
        page = context.new_page()
        _signed_in(page, app, live_server, coordinator)
        page.goto("/dispositifs/F-SEMIS/modifier")
        page.get_by_label("Lieu").fill("Saintes et autour")
        _unfold(page, "Parcours du logement")
        page.get_by_role("button", name="Ajouter un chemin").click()
        page.get_by_role("button", name="Ajouter un statut à ce chemin").click()
        page.locator("#paths-0-stages-4").select_option("Bail direct")
        page.get_by_label("Lieu").press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("Version 2 : ce qui change")
        expect(page.get_by_text("Saintes et autour")).to_be_visible()
        page.get_by_role("button", name="Corriger dans le formulaire").click()
        expect(page.get_by_label("Lieu")).to_have_value("Saintes et autour")
        page.goto("/dispositifs/F-SEMIS/modifier/texte")
        page.get_by_role("button", name="Voir ce qui change").last.click()
        expect(page.get_by_text("Rien ne change par rapport à la version 1.").first).to_be_visible()


def test_what_was_written_survives_the_preview_until_it_is_saved(
    page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock, axe: Axe
) -> None:
    with system_ctx(engine, clock) as ctx:
        coordinator = make_user(ctx, Role.COORDINATOR, programme=make_programme(ctx))
    _signed_in(page, app, live_server, coordinator)
    page.goto("/dispositifs/F-SEMIS/modifier")
    page.get_by_label("Lieu").fill("Un lieu tapé")
    page.get_by_role("button", name="Voir ce qui change").last.click()
    expect(page.get_by_text("Un lieu tapé")).to_be_visible()

    page.goto("/dispositifs/F-SEMIS/modifier")

    expect(page.get_by_label("Lieu")).to_have_value("Un lieu tapé")
    page.set_viewport_size({"width": 390, "height": 844})
    assert _fits(page)
    page.get_by_role("button", name="Voir ce qui change").last.click()
    page.get_by_label("Pourquoi le dispositif change").fill("Un autre lieu")
    page.get_by_role("button", name="Enregistrer la version 2").click()
    expect(page.get_by_text("La version 2 est enregistrée.")).to_be_visible()
    page.goto("/dispositifs/F-SEMIS/modifier")
    expect(page.get_by_text("brouillon")).to_have_count(0)
    page.goto("/dispositifs/F-SEMIS/modifier/texte")
    assert axe(page) == []
    assert _fits(page)
