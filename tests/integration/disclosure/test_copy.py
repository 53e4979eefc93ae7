"""The copy of a file: all that is held, nobody of outside, noted as a reading."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from html import unescape

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert
from casework.cases.models import Case
from casework.contacts.service import ContactNews, NextAppointment, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.disclosure.content import contents
from casework.disclosure.service import JSON, PDF, copy_of_file
from casework.kernel.clock import FixedClock
from casework.kernel.errors import NotVisible
from casework.kernel.reading import Reading, ReadingEntry
from casework.programmes.models import Programme
from casework.rents.models import RentLine
from scripts.messages import labels
from tests.factories import acting_as, make_case, make_programme, make_user, sign_in, system_ctx
from tests.support.strict_client import StrictClient


@dataclass(frozen=True)
class World:
    """A household with something in most tables, its referent and a manager."""

    case: Case
    referent: User
    manager: User


@pytest.fixture
def world(engine: Engine, clock: FixedClock) -> World:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme, name="Camille Zqreferent")
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        case = make_case(ctx, programme, referent=referent, number="Z-1", family_name="Zqnom", lease_number="ZQBAIL")
        for month, tenant in ((date(2026, 1, 1), "ZQNOM Anne"), (date(2026, 2, 1), "Zqvoisin Paul")):
            ctx.session.add(
                RentLine(
                    account_id=case.rent_account_id or 0,
                    month=month,
                    rent_cents=420_00,
                    charges_cents=60_00,
                    benefit_cents=210_00,
                    paid_cents=0,
                    balance_cents=1_234_56,
                    tenant_name=tenant,
                )
            )
    with acting_as(engine, clock, referent) as ctx:
        news = ContactNews(
            date(2026, 3, 2), ContactKind.VAD, ContactOutcome.REALISEE, 45, "Zqpartage <b>&", "Zqprive <script>"
        )
        record_contact(ctx, case.id, news, NextAppointment(date(2026, 4, 7), ContactKind.BUREAU, "14:30"))
    return World(case, referent, manager)


def _opened(content: bytes) -> tuple[str, dict[str, object], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [PDF, JSON]
        text = archive.read(JSON).decode()
        pages = PdfReader(io.BytesIO(archive.read(PDF))).pages
        return "\n".join(page.extract_text() for page in pages), json.loads(text), text


def test_the_copy_tells_all_that_is_held_and_names_nobody_else(engine: Engine, clock: FixedClock, world: World) -> None:
    with acting_as(engine, clock, world.referent) as ctx:
        number, content = copy_of_file(ctx, world.case.id)
        alerts = len(ctx.session.scalars(select(Alert.id)).all())
        read = ctx.session.scalars(select(ReadingEntry).where(ReadingEntry.what == Reading.COPY.value)).one()
    pdf, document, text = _opened(content)

    assert number == "Z-1"
    assert (read.user_id, read.case_id) == (world.referent.id, world.case.id)
    for said in ("Zqnom", "3 rue des Lilas", "ZQBAIL", "Zqpartage <b>&", "Zqprive", "17/05/1984", "Visite à domicile"):
        assert said in pdf, said
    for said in ("1 234,56", "22,5\u00a0%", "Payer le loyer à date", "Référent ou référente (association)", "14:30"):
        assert said.replace("\u00a0", " ") in pdf.replace("\u00a0", " ").replace("\u202f", " "), said
    for hidden in ("Zqreferent", "Zqvoisin", "Dominique Gestion"):
        assert hidden not in pdf + text, hidden
    parties = document["parties"]
    assert isinstance(parties, dict)
    assert [line["tenant_name"] for line in parties["rent_lines"]["lignes"]] == ["ZQNOM Anne", "une autre personne"]
    assert parties["contacts"]["lignes"][0]["private_note"] == "Zqprive <script>"
    assert len(parties["alerts"]["lignes"]) == alerts > 0
    assert "Adresse protégée" in str(document["non_communique"])


def test_only_the_team_and_managers_make_one(engine: Engine, clock: FixedClock, world: World) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = ctx.session.get_one(Programme, world.case.programme_id)
        colleague = make_user(ctx, Role.REFERENT, programme=programme)
    with acting_as(engine, clock, world.manager) as ctx:
        assert copy_of_file(ctx, world.case.id)[0] == "Z-1"
    with acting_as(engine, clock, colleague) as ctx:
        with pytest.raises(NotVisible):
            copy_of_file(ctx, world.case.id)
        opened = replace(ctx, actor=replace(ctx.actor, opened_case_ids=(world.case.id,)))
        with pytest.raises(NotVisible):
            copy_of_file(opened, world.case.id)


@pytest.mark.databases("sqlite")
def test_what_the_copy_leaves_out_is_said_in_the_language_of_who_reads(
    client: StrictClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    withheld = [words for content in contents() if content.withheld for words in (content.title, content.withheld)]
    english = {words: f"English of {number}" for number, words in enumerate(withheld)}
    monkeypatch.setattr("casework.web.i18n.translated", lambda message, into: english.get(message, message))
    sign_in(client, world.referent)

    page = unescape(client.get(f"/menages/{world.case.id}/copie").get_data(as_text=True))

    assert len(withheld) > 4
    assert [words for words in english.values() if words not in page] == []
    assert set(withheld) <= {label for name, label in labels() if name.startswith("casework/disclosure/")}


@pytest.mark.databases("sqlite")
def test_the_page_says_what_to_read_again(client: StrictClient, world: World) -> None:
    for user, warned in ((world.referent, False), (world.manager, True)):
        sign_in(client, user)
        page = client.get(f"/menages/{world.case.id}/copie").get_data(as_text=True)
        assert "Relisez avant de remettre" in page
        assert ("Cette copie n’est pas entière" in page) is warned
    answer = client.get(f"/menages/{world.case.id}/copie.zip")
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
        "application/zip",
        "attachment; filename=dossier-Z-1.zip",
    )
