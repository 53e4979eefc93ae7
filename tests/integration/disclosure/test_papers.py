"""The register and the impact assessment say what the configuration says, whatever it becomes."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine

from casework.accounts.permissions import PERMISSIONS
from casework.accounts.vocabulary import ROLE_LABELS, Category, OrganisationKind, Role
from casework.disclosure.assessment import assessment
from casework.disclosure.facts import encrypted_columns
from casework.disclosure.french import LEVEL_WORDS, PERMISSION_WORDS, WAY_WORDS
from casework.disclosure.paper import as_markdown, as_pdf
from casework.disclosure.register import register
from casework.kernel.clock import FixedClock
from casework.models import metadata
from casework.programmes.service import open_programme
from casework.programmes.vocabulary.sharing import Opening
from casework.settings import Settings
from tests.factories import make_convention, make_organisation, make_programme, make_user, seen_by, sign_in, system_ctx
from tests.support.keys import KEYS
from tests.support.strict_client import StrictClient

pytestmark = pytest.mark.databases("sqlite")
SETTINGS = Settings(database_url="sqlite://", data_dir=Path("nowhere"), secret_key="x", keys=KEYS, log_months=9)


def test_every_table_role_level_and_permission_is_told(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        papers = register(ctx, SETTINGS), assessment(ctx, SETTINGS)
    for paper in papers:
        text = as_markdown(paper).decode()
        assert [name for name in metadata.tables if name not in text] == []
        assert [words for words in ROLE_LABELS.values() if words not in text] == []
        assert [words for words in LEVEL_WORDS.values() if words not in text] == []
        assert [words for words in PERMISSION_WORDS.values() if words not in text] == []
        assert programme.name in text
        assert "9 mois" in text
        assert "case_id" not in text
    assert [name for name in encrypted_columns() if name not in as_markdown(papers[0]).decode()] == []
    pages = PdfReader(io.BytesIO(as_pdf(papers[1]))).pages
    assert "Analyse d’impact" in pages[0].extract_text()
    assert set(PERMISSION_WORDS) == set(PERMISSIONS)
    assert len(WAY_WORDS) == 3


def test_the_conventions_in_force_are_told_and_what_is_missing_of_them(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, bare = make_programme(ctx), open_programme(ctx, "2.3.14")
        closed = dict.fromkeys((Category.NOTES, Category.OBJECTIVES, Category.BUDGET), Opening.CLOSED)
        make_convention(ctx, programme, closed | {Category.CONTACTS: Opening.AGREED})
        papers = register(ctx, SETTINGS), assessment(ctx, SETTINGS)
    for paper in papers:
        rows = [row for row in as_markdown(paper).decode().splitlines() if "depuis le 01/01/2000" in row]
        assert [row.split("|")[1].strip() for row in rows] == [programme.name]
        assert "version 2" in rows[0]
        assert "visites et appels, avec l’accord du ménage" in rows[0]
        assert [word for word in ("comptes rendus", "objectifs", "budget") if word in rows[0]] == []
        assert f"{bare.name} | aucune en vigueur" in as_markdown(paper).decode()


def test_what_is_left_to_do_follows_from_the_settings(engine: Engine, clock: FixedClock) -> None:
    safe = replace(SETTINGS, database_url="postgresql://x/y", secure_cookies=True, anonymises=True, keys=None)
    with system_ctx(engine, clock) as ctx:
        bare, secured = (as_markdown(assessment(ctx, settings)).decode() for settings in (SETTINGS, safe))

    for words in ("CASEWORK_SECURE_COOKIES", "CASEWORK_ANONYMISE n’est pas", "SQLite", "d’une variable"):
        assert words in bare, words
        assert words not in secured, words
    assert "d’un fichier réservé" in secured


def test_nobody_is_told_of_other_programmes(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        make_organisation(ctx, OrganisationKind.LANDLORD, "Office d’ailleurs")
        manager, stranger = make_user(ctx, Role.MANAGER, programme=programme), make_user(ctx, Role.MANAGER)
        told = as_markdown(register(seen_by(ctx, manager), SETTINGS)).decode()
        untold = as_markdown(register(seen_by(ctx, stranger), SETTINGS)).decode()
    assert programme.name in told
    assert programme.name not in untold
    assert "Office d’ailleurs" not in told


def test_the_page_and_its_files(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        administrator = make_user(ctx, Role.ADMINISTRATOR, programme=make_programme(ctx))
    sign_in(client, administrator)
    assert "Données, table par table" in client.get("/donnees-personnelles").get_data(as_text=True)
    for path, start in (("registre.md", b"# Registre"), ("analyse-impact.pdf", b"%PDF")):
        assert client.get(f"/donnees-personnelles/{path}").data.startswith(start)
