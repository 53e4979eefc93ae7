"""What the logs tell of a household on screen: who changed what, why, and who opened the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.engine import make_url

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case
from casework.cases.service import suspend_case
from casework.contacts.service import ContactNews, correct_contact, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.history.queries import SIZE, page_of_changes
from casework.households.models import Dwelling
from casework.kernel.audit import AuditEvent, reason_given
from casework.kernel.audit_purges import purge_differences
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.database import create_engine_for
from casework.kernel.levels import Level
from casework.kernel.reading import Reading, record_reading
from casework.kernel.transaction import reading_context
from casework.web.paging import Place
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, seen_by, sign_in, system_ctx
from tests.support.databases import Databases
from tests.support.postgres import APPLICATION
from tests.support.strict_client import StrictClient

SECRETS = ("CANARI-PRIVE", "CANARI-ADRESSE")


@dataclass(frozen=True)
class World:
    """A household whose contact, rent and address were corrected, and those who look at it."""

    case_id: int
    referent: User
    manager: User


def _note(ctx: Ctx, shared: str, private: str) -> ContactNews:
    return ContactNews(ctx.today, ContactKind.VAD, ContactOutcome.REALISEE, shared_note=shared, private_note=private)


@pytest.fixture
def world(engine: Engine, clock: FixedClock) -> World:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent, manager = (make_user(ctx, role, programme=programme) for role in (Role.REFERENT, Role.MANAGER))
        case = make_case(ctx, programme, stage=Stage.ACTIVE, referent=referent)
    clock.instant += timedelta(hours=1)
    with acting_as(engine, clock, referent) as ctx:
        contact_id = record_contact(ctx, case.id, _note(ctx, "Premier passage", "CANARI-PRIVE un"))
    with acting_as(engine, clock, referent) as ctx:
        correct_contact(ctx, case.id, contact_id, _note(ctx, "Second passage", "CANARI-PRIVE deux"))
        found = ctx.session.get_one(Case, case.id)
        found.rent_cents = 512_34
        ctx.session.get_one(Dwelling, found.dwelling_id).address = "CANARI-ADRESSE"
    with acting_as(engine, clock, manager) as ctx:
        suspend_case(ctx, case.id, ctx.today, "Séjour chez un proche")
        with reason_given(ctx, "Le ménage part quinze jours"):
            ctx.session.get_one(Case, case.id).resources_cents = 900_00
    return World(case.id, referent, manager)


def _text(client: StrictClient, user: User, path: str) -> str:
    """Return the words of a page, without its frame."""
    sign_in(client, user)
    answer = client.get(path)
    assert answer.status_code == 200, path
    page = answer.get_data(as_text=True)
    words = unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")]))
    return " ".join(words.replace("\u00a0", " ").split())


def test_the_history_tells_who_changed_what_and_why(client: StrictClient, world: World) -> None:
    text = _text(client, world.manager, f"/menages/{world.case_id}/historique")

    for words in (
        f"{world.referent.display_name} Contact Modification",
        "Premier passage → devient Second passage",
        "Loyer",
        "512,34 €",
        f"{world.manager.display_name} Suspension Ajout",
        "Motif Séjour chez un proche",
        "Pourquoi – Le ménage part quinze jours",
        "L’application Contrat Ajout",
    ):
        assert words in text, words
    assert text.index("Suspension") < text.index("Second passage") < text.index("Contrat Ajout")


@pytest.mark.databases("sqlite")
def test_what_is_encrypted_or_may_become_secret_is_never_repeated(client: StrictClient, world: World) -> None:
    text = _text(client, world.referent, f"/menages/{world.case_id}/historique")

    assert [words for words in (*SECRETS, "***", "3 rue des Lilas") if words in text] == []
    assert "Note réservée à l’association modifié" in text
    assert "Adresse modifié" in text


def test_one_field_has_its_own_history(client: StrictClient, world: World) -> None:
    text = _text(client, world.referent, f"/menages/{world.case_id}/historique?champ=cases.rent_cents")

    assert "Fiche du ménage – Loyer" in text
    assert "512,34 €" in text
    assert "Second passage" not in text
    assert text.count("Modification") == 1
    for nonsense in ("cases.version", "users.email", "alerts", "."):
        assert "Second passage" in _text(
            client, world.referent, f"/menages/{world.case_id}/historique?champ={nonsense}"
        )


@pytest.mark.databases("sqlite")
def test_no_two_fields_of_the_filter_have_the_same_words(client: StrictClient, world: World) -> None:
    sign_in(client, world.manager)
    page = client.get(f"/menages/{world.case_id}/historique").get_data(as_text=True)
    choices = re.findall(r"<option[^>]*>([^<]*)</option>", unescape(page))

    assert len(choices) == len(set(choices)) > 40
    assert {"Note – Diagnostic", "Note partagée – Contact", "Taux d’effort"} <= set(choices)


@pytest.mark.databases("sqlite")
def test_a_long_history_is_read_page_by_page(
    client: StrictClient, engine: Engine, clock: FixedClock, world: World
) -> None:
    for number in range(SIZE):
        with acting_as(engine, clock, world.referent) as ctx:
            ctx.session.get_one(Case, world.case_id).charges_cents = 100 + number
    path = f"/menages/{world.case_id}/historique"
    sign_in(client, world.referent)
    page = client.get(path).get_data(as_text=True)
    (older,) = re.findall(r'rel="next" href="([^"]+)"', page)

    assert "Second passage" not in page
    assert "Second passage" in client.get(unescape(older)).get_data(as_text=True)


@pytest.mark.databases("sqlite")
def test_what_was_taken_away_is_told_without_its_content(
    client: StrictClient, engine: Engine, clock: FixedClock, world: World
) -> None:
    with system_ctx(engine, clock) as ctx:
        dwelling_id = ctx.session.scalars(select(Case.dwelling_id).where(Case.id == world.case_id)).one()
        assert dwelling_id is not None
        purge_differences(ctx, Dwelling, [dwelling_id])

    assert "Logement Modification Ce contenu a été effacé." in _text(
        client, world.referent, f"/menages/{world.case_id}/historique"
    )


@pytest.mark.databases("postgresql")
def test_behind_the_wall_the_history_of_people_and_homes_is_there_and_that_of_others_is_not(
    engine: Engine, database_url: str, databases: Databases, clock: FixedClock, world: World
) -> None:
    with system_ctx(engine, clock) as ctx:
        stranger = make_user(ctx, Role.MANAGER, programme=make_programme(ctx, "3.2.4"))
    walled = create_engine_for(databases.server.url(make_url(database_url).database or "", APPLICATION))
    found = []
    for user in (world.manager, stranger):
        with system_ctx(engine, clock) as ctx:
            actor = seen_by(ctx, user).actor
        with reading_context(walled, actor, clock) as ctx:
            found.append({row.entity for row in page_of_changes(ctx, world.case_id, "", "", Place()).rows})
    walled.dispose()

    assert found[0] >= {"dwellings", "contacts", "suspensions"}
    assert found[1] == set()


def test_the_team_and_the_manager_see_who_opened_the_file(
    client: StrictClient, engine: Engine, clock: FixedClock, world: World
) -> None:
    with acting_as(engine, clock, world.manager) as ctx:
        record_reading(ctx, world.case_id, Reading.PROTECTED_ADDRESS, Level.S4)
    _text(client, world.referent, f"/menages/{world.case_id}")

    text = _text(client, world.referent, f"/menages/{world.case_id}/lectures")
    assert text.index(world.referent.display_name) < text.index("La fiche du ménage") < text.index("L’adresse secrète")
    assert world.manager.display_name in text
    assert "jamais à mesurer le travail" in text
    assert "2 ouvertures sur cette page" in text
    with system_ctx(engine, clock) as ctx:  # looking at a log is no writing
        assert ctx.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.use_case.like("history.%"))) == 0
