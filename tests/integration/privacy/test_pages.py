"""Screens on how long files are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import Engine

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseRetention
from casework.cases.queries import case_head
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.kernel.clock import FixedClock
from casework.kernel.errors import NotVisible, RuleViolation
from casework.privacy.service import anonymise_cases, archive_case
from casework.programmes.models import Programme
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

pytestmark = pytest.mark.databases("sqlite")


@dataclass(frozen=True)
class World:
    """A manager, a referent, and two of the referent's households that left: one due, one told of a month ago."""

    manager: User
    referent: User
    due: Case
    told: Case


@pytest.fixture
def world(engine: Engine, clock: FixedClock) -> World:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        cases = []
        for name, ended_on, noticed_on in (
            ("Duval", date(2023, 6, 1), date(2026, 1, 1)),
            ("Tellier", date(2024, 3, 1), date(2026, 3, 20)),
        ):
            case = make_case(
                ctx,
                programme,
                stage=Stage.ENDED,
                referent=referent,
                family_name=name,
                referred_on=date(2022, 1, 10),
                signed_on=date(2022, 3, 1),
                ended_on=ended_on,
            )
            ctx.session.add(CaseRetention(case_id=case.id, noticed_on=noticed_on))
            cases.append(case)
        return World(make_user(ctx, Role.MANAGER, programme=programme), referent, cases[0], cases[1])


def _text(client: StrictClient, user: User, path: str) -> str:
    sign_in(client, user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_referent_reads_on_their_day_which_files_come_to_their_end(client: StrictClient, world: World) -> None:
    day = _text(client, world.referent, "/")
    assert "Ce dossier sera anonymisé le 19 avril 2026" in day
    assert "Ce dossier peut être anonymisé depuis le 2 mars 2024" not in day
    assert day.index("Duval") < day.index("Tellier")

    assert "Dossiers qui arrivent à leur terme" not in _text(client, world.manager, "/")
    page = _text(client, world.referent, f"/menages/{world.told.id}")
    assert "Ce dossier arrive à son terme" in page


def test_a_manager_sees_what_would_change_and_then_anonymises(
    client: StrictClient, world: World, engine: Engine, clock: FixedClock
) -> None:
    page = _text(client, world.manager, "/conservation")
    assert page.index("Duval") < page.index("Préavis en cours") < page.index("Tellier")
    shown = _text(client, world.manager, "/conservation/anonymiser")
    assert "Duval" in shown
    assert "Tellier" not in shown

    refused = send_form(client, "/conservation/anonymiser", {"seen": "7", "sure": "y"}).get_data(as_text=True)
    assert "La liste a changé" in refused
    assert send_form(client, "/conservation/anonymiser", {"seen": "1"}).status_code == 200
    assert send_form(client, "/conservation/anonymiser", {"seen": "1", "sure": "y"}).status_code == 302

    assert client.get(f"/menages/{world.due.id}").status_code == 404
    page = _text(client, world.manager, "/conservation")
    assert "Aucun dossier n’attend." in page
    assert "Dossiers déjà anonymisés</dt><dd>1</dd>" in page
    with system_ctx(engine, clock) as ctx:
        anonymised = ctx.session.get_one(CaseRetention, world.due.id).anonymised_on
        kept = ctx.session.get_one(CaseRetention, world.told.id).anonymised_on
    assert (anonymised, kept) == (clock.today(), None)


def test_a_referent_archives_and_only_managers_open_the_file_from_then_on(client: StrictClient, world: World) -> None:
    url = f"/menages/{world.told.id}/conservation"
    sign_in(client, world.referent)
    assert "Ce champ est nécessaire." in send_form(client, url, {"until": "2029-01-01"}).get_data(as_text=True)
    answer = send_form(client, url, {"until": "2029-01-01", "reason": "Recours en cours devant le tribunal"})
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get(f"/menages/{world.told.id}").status_code == 404

    page = _text(client, world.manager, f"/menages/{world.told.id}")
    assert "Dossier en archive restreinte jusqu’au 1er janvier 2029" in page
    assert "Noter un contact" not in page
    assert "Recours en cours devant le tribunal" in _text(client, world.manager, "/conservation")


def test_nothing_is_written_into_a_file_that_is_closed(engine: Engine, clock: FixedClock, world: World) -> None:
    news = ContactNews(date(2024, 2, 1), ContactKind.TEL, ContactOutcome.REALISEE, shared_note="Appel")
    with system_ctx(engine, clock) as ctx:
        archive_case(ctx, world.told.id, "Recours en cours", date(2029, 1, 1))
        anonymise_cases(ctx, [world.due.id])
    for case, words in ((world.told, "archivé"), (world.due, "anonymisé")):
        with system_ctx(engine, clock) as ctx, pytest.raises(RuleViolation, match=words):
            record_contact(ctx, case.id, news)


def test_who_only_broke_the_glass_archives_nothing(engine: Engine, clock: FixedClock, world: World) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = ctx.session.get_one(Programme, world.told.programme_id)
        colleague = make_user(ctx, Role.REFERENT, programme=programme)
    with acting_as(engine, clock, colleague) as ctx:
        opened = replace(ctx, actor=replace(ctx.actor, opened_case_ids=(world.told.id,)))
        assert case_head(opened, world.told.id).id == world.told.id
        with pytest.raises(NotVisible):
            archive_case(opened, world.told.id, "Curiosité", date(2029, 1, 1))
