"""What people ask of their data: noted with its delay, answered, and a limitation that closes the file to writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case
from casework.confidential.address_service import SecretAddress, protect_address, revise_address
from casework.confidential.note_service import NoteNews, record_note, withdraw_note
from casework.confidential.vocabulary import Topic
from casework.contacts.models import Contact
from casework.contacts.service import ContactNews, NextAppointment, plan_appointment, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.privacy.rights import (
    Answer,
    answer_request,
    get_request,
    lift_limitation,
    record_request,
)
from casework.privacy.vocabulary import Decision, Right
from casework.programmes.models import Programme
from tests.factories import acting_as, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

NEWS = ContactNews(date(2026, 3, 2), ContactKind.TEL, ContactOutcome.REALISEE, shared_note="Appel")


@dataclass(frozen=True)
class World:
    """A household, its referent and a manager."""

    case: Case
    referent: User
    manager: User


@pytest.fixture
def world(engine: Engine, clock: FixedClock) -> World:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent, manager = (make_user(ctx, role, programme=programme) for role in (Role.REFERENT, Role.MANAGER))
        return World(make_case(ctx, programme, referent=referent, family_name="Duval"), referent, manager)


def test_a_limitation_closes_the_file_to_writing_until_it_is_lifted(
    engine: Engine, clock: FixedClock, world: World
) -> None:
    case_id = world.case.id
    with acting_as(engine, clock, world.referent) as ctx:
        asked = record_request(ctx, case_id, Right.LIMITATION, date(2026, 3, 1), "Je conteste ma dette.")
        record_contact(ctx, case_id, NEWS)  # a request by itself closes nothing
        note = record_note(ctx, case_id, NoteNews(Topic.SANTE, date(2026, 3, 2), "Notée avant."))
        protect_address(ctx, case_id, "Par la permanence du mardi")
        answer_request(ctx, case_id, asked.id, Answer(Decision.GRANTED, date(2026, 3, 20), ""))
    writings: tuple[Callable[[Ctx], object], ...] = (
        lambda ctx: record_contact(ctx, case_id, NEWS),
        lambda ctx: plan_appointment(ctx, case_id, NextAppointment(date(2026, 4, 2), ContactKind.TEL)),
        lambda ctx: record_note(ctx, case_id, NoteNews(Topic.SANTE, date(2026, 3, 20), "Une note.")),
        lambda ctx: withdraw_note(ctx, case_id, note.id),
        lambda ctx: revise_address(ctx, case_id, SecretAddress("99 rue Neuve", "", "Par la permanence du mardi")),
    )
    for write in writings:
        with pytest.raises(RuleViolation, match="limité"), acting_as(engine, clock, world.referent) as ctx:
            write(ctx)
    with acting_as(engine, clock, world.manager) as ctx:
        with pytest.raises(RuleViolation) as refused:
            lift_limitation(ctx, case_id, asked.id, date(2026, 3, 19))
        assert refused.value.field == "lifted_on"
        lift_limitation(ctx, case_id, asked.id, date(2026, 3, 25))
        with pytest.raises(NotVisible):
            lift_limitation(ctx, case_id, asked.id, date(2026, 3, 25))
        record_contact(ctx, case_id, NEWS)
        assert len(ctx.session.scalars(select(Contact.id)).all()) == 2


def test_an_answer_is_given_once_after_the_request_and_a_refusal_says_why(
    engine: Engine, clock: FixedClock, world: World
) -> None:
    with acting_as(engine, clock, world.referent) as ctx:
        with pytest.raises(RuleViolation) as refused:
            record_request(ctx, world.case.id, Right.ACCESS, date(2026, 4, 1), "")
        assert refused.value.field == "received_on"
        asked = record_request(ctx, world.case.id, Right.OPPOSITION, date(2026, 3, 10), "")
        for answer, field in (
            (Answer(Decision.GRANTED, date(2026, 3, 9), ""), "answered_on"),
            (Answer(Decision.GRANTED, date(2026, 4, 9), ""), "answered_on"),
            (Answer(Decision.REFUSED, date(2026, 3, 20), " "), "answer"),
        ):
            with pytest.raises(RuleViolation) as refused:
                answer_request(ctx, world.case.id, asked.id, answer)
            assert refused.value.field == field
        sound = Answer(Decision.REFUSED, date(2026, 3, 20), "Mission d’intérêt public.")
        answer_request(ctx, world.case.id, asked.id, sound)
        with pytest.raises(RuleViolation, match="déjà"):
            answer_request(ctx, world.case.id, asked.id, sound)


def test_who_only_broke_the_glass_sees_no_request(engine: Engine, clock: FixedClock, world: World) -> None:
    with acting_as(engine, clock, world.referent) as ctx:
        asked = record_request(ctx, world.case.id, Right.ACCESS, date(2026, 3, 1), "")
    with system_ctx(engine, clock) as ctx:
        programme = ctx.session.get_one(Programme, world.case.programme_id)
        colleague = make_user(ctx, Role.REFERENT, programme=programme)
    with acting_as(engine, clock, colleague) as ctx:
        opened = replace(ctx, actor=replace(ctx.actor, opened_case_ids=(world.case.id,)))
        with pytest.raises(NotVisible):
            get_request(opened, world.case.id, asked.id)


@pytest.mark.databases("sqlite")
def test_the_day_tells_what_is_to_be_answered_and_the_page_what_holds(
    client: StrictClient, engine: Engine, clock: FixedClock, world: World
) -> None:
    url = f"/menages/{world.case.id}/droits"
    with acting_as(engine, clock, world.referent) as ctx:
        record_contact(ctx, world.case.id, NEWS)
        plan_appointment(ctx, world.case.id, NextAppointment(date(2026, 4, 2), ContactKind.TEL))
    sign_in(client, world.manager)
    assert "/contacts/" in client.get(f"/menages/{world.case.id}").get_data(as_text=True)
    sent = {"kind": "LIMITATION", "received_on": "2026-02-01", "words": "Je conteste ma dette."}
    assert send_form(client, url, sent).status_code == 302
    day = client.get("/").get_data(as_text=True)
    assert "Demandes sur les données, à répondre" in day
    assert "réponse due le 2 mars 2026" in day  # the month ends on Sunday 1 March

    answer = {"decision": "GRANTED", "answered_on": "2026-03-20", "answer": "Le temps de vérifier le compte."}
    assert send_form(client, f"{url}/1", answer).status_code == 302
    assert "Demandes sur les données, à répondre" not in client.get("/").get_data(as_text=True)
    page = client.get(f"/menages/{world.case.id}").get_data(as_text=True)
    assert "Usage du dossier limité depuis le 20 mars 2026" in page
    assert "Faire la réévaluation</a>" not in page
    assert "/contacts/" not in page
    form = client.get(f"/menages/{world.case.id}/contacts/nouveau").get_data(as_text=True)
    assert "Ce dossier se lit seulement" in form
    assert "Ce dossier se lit seulement" not in client.get(url).get_data(as_text=True)
    kept = send_form(
        client,
        f"/menages/{world.case.id}/contacts/nouveau",
        {"occurred_on": "2026-03-22", "kind": "TEL", "outcome": "REALISEE", "shared_note": "Rien de perdu"},
    ).get_data(as_text=True)
    assert "La personne a demandé que l’usage de ce dossier soit limité" in kept
    assert "Rien de perdu" in kept

    assert "Limitation levée le" in client.get(f"{url}/1").get_data(as_text=True)
    assert send_form(client, f"{url}/1", {"lifted_on": "2026-03-25"}).status_code == 302
    assert "limitation levée le 25 mars 2026" in client.get(url).get_data(as_text=True)
