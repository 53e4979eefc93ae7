"""The import by the screen, as a manager does it, on a desk and on a phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from tests.factories import make_programme, make_user, session_cookie, system_ctx
from tests.support.browsers import DESKTOP, PHONE
from tests.support.live_server import LiveServer

PETIT = Path(__file__).parents[2] / "data" / "petit"
Axe = Callable[[Page], list[str]]


@pytest.fixture
def manager(page: Page, app: Flask, live_server: LiveServer, engine: Engine, clock: FixedClock) -> Page:
    """The browser of a manager."""
    with system_ctx(engine, clock) as ctx:
        user = make_user(ctx, Role.MANAGER, programme=make_programme(ctx))
    name, value = session_cookie(app, user)
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return page


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_folder_is_checked_corrected_and_put_in(
    manager: Page, axe: Axe, tmp_path: Path, window: dict[str, int]
) -> None:
    manager.set_viewport_size({"width": window["width"], "height": window["height"]})
    folder = Path(shutil.copytree(PETIT, tmp_path / "petit"))
    visits = folder / "visites.csv"
    sound = visits.read_bytes()
    visits.write_bytes(sound.replace(b"REALISEE", b"VENU", 2))
    files = sorted(folder.glob("*.csv"))

    manager.goto("/import")
    assert axe(manager) == []
    manager.get_by_label("Fichiers").set_input_files(files)
    manager.get_by_role("button", name="Contrôler les fichiers").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("Contrôle de l’import")
    expect(manager.get_by_text("Codes admis").first).to_be_visible()
    assert axe(manager) == []
    assert manager.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    with manager.expect_download() as download:
        manager.get_by_role("link", name="Télécharger les lignes à corriger").click()
    assert download.value.suggested_filename == "visites.csv"
    _show(manager, f"check-{window['width']}")
    manager.get_by_role("button", name="Entrer 223 lignes").click()
    expect(manager.get_by_role("link", name="Ilić Dragan")).to_be_visible()
    assert axe(manager) == []
    _show(manager, f"done-{window['width']}")

    visits.write_bytes(sound)
    (folder / "menages.csv").write_bytes((folder / "menages.csv").read_bytes().replace(b";468,90;", b";500,00;"))
    manager.goto("/import")
    _show(manager, f"start-{window['width']}")
    manager.get_by_label("Fichiers").set_input_files(files)
    manager.get_by_role("button", name="Contrôler les fichiers").click()
    expect(manager.get_by_role("cell", name="500,00")).to_be_visible()
    assert axe(manager) == []
    _show(manager, f"differences-{window['width']}")
    manager.get_by_label("Remplacer les valeurs déjà enregistrées").check()
    manager.get_by_role("button", name="Entrer 2 lignes").click()
    expect(manager.get_by_role("link", name="Ilić Dragan")).to_be_visible()


def _show(page: Page, name: str) -> None:
    folder = os.environ.get("SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
