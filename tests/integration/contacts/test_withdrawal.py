from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases.models import CaseTeamMember
from casework.contacts.models import Appointment, Contact
from casework.contacts.service import NextAppointment, plan_appointment
from casework.contacts.vocabulary import ContactKind
from casework.exits.service import EndNews, end_case
from casework.exits.vocabulary import EndReason, Outcome
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from tests.factories import acting_as, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

SOUND = {"occurred_on": "2026-03-30", "kind": "VAD", "outcome": "REALISEE", "shared_note": "Noté chez la voisine"}


@pytest.fixture
def team(engine: Engine, clock: FixedClock) -> tuple[User, User, User, int]:
    """Who notes, a colleague of the same team, a manager, and the case."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent, colleague = (make_user(ctx, Role.REFERENT, programme=programme) for _ in "ab")
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        case = make_case(ctx, programme, referent=referent)
        ctx.session.add(CaseTeamMember(case_id=case.id, user_id=colleague.id, since_on=ctx.today))
        return referent, colleague, manager, case.id


def _noted(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return list(session.scalars(select(Contact.id).order_by(Contact.id)))


def _page(client: StrictClient, url: str) -> str:
    return unescape(client.get(url).get_data(as_text=True))


def test_a_contact_noted_by_mistake_is_taken_back_by_the_button_beside_the_message(
    client: StrictClient, engine: Engine, team: tuple[User, User, User, int]
) -> None:
    referent, _colleague, _manager, case_id = team
    sign_in(client, referent)
    before = _last_contact(engine, case_id)
    told = _page(client, send_form(client, f"/menages/{case_id}/contacts/nouveau", SOUND).location)
    button = re.search(rf'action="(/menages/{case_id}/contacts/\d+/retirer)"', told)
    assert button is not None
    assert "Noté chez la voisine" in told
    assert _last_contact(engine, case_id) != before

    after = _page(client, send_form(client, button[1]).location)

    assert "Noté chez la voisine" not in after
    assert "Le contact est retiré" in after
    assert _noted(engine) == []
    assert _last_contact(engine, case_id) == before
    with Session(engine) as session:
        kept = session.scalars(
            select(AuditEvent.difference).where(AuditEvent.entity == "contacts", AuditEvent.operation == "delete")
        ).one()
    assert "Noté chez la voisine" in str(kept)


def _last_contact(engine: Engine, case_id: int) -> object:
    with Session(engine) as session:
        return session.get_one(CaseSummary, case_id).last_contact_on


def test_the_appointment_that_a_withdrawn_contact_settled_is_open_again(
    client: StrictClient, engine: Engine, clock: FixedClock, team: tuple[User, User, User, int]
) -> None:
    referent, _colleague, _manager, case_id = team
    with acting_as(engine, clock, referent) as ctx:
        appointment = plan_appointment(ctx, case_id, NextAppointment(ctx.today, ContactKind.VAD, "16:00"))
        ctx.session.flush()
        appointment_id = appointment.id
    sign_in(client, referent)
    send_form(client, f"/menages/{case_id}/contacts/nouveau", SOUND | {"appointment_id": str(appointment_id)})
    assert "16:00" not in _page(client, "/agenda")

    send_form(client, f"/menages/{case_id}/contacts/{_noted(engine)[0]}/retirer")

    assert "16:00" in _page(client, "/agenda")
    with Session(engine) as session:
        assert session.get_one(Appointment, appointment_id).contact_id is None


def test_the_appointment_that_the_same_form_made_goes_with_the_contact(
    client: StrictClient, engine: Engine, clock: FixedClock, team: tuple[User, User, User, int]
) -> None:
    referent, _colleague, _manager, case_id = team
    with acting_as(engine, clock, referent) as ctx:
        plan_appointment(ctx, case_id, NextAppointment(ctx.today, ContactKind.VAD, "08:15"))
    clock.instant += timedelta(minutes=1)
    sign_in(client, referent)
    planned = {"planned_on": "2026-04-02", "at_time": "16:45", "planned_kind": "VAD"}
    told = _page(client, send_form(client, f"/menages/{case_id}/contacts/nouveau", SOUND | planned).location)
    assert "16:45" in told

    after = _page(client, send_form(client, f"/menages/{case_id}/contacts/{_noted(engine)[0]}/retirer").location)

    assert "le rendez-vous pris en même temps est annulé" in after
    assert "16:45" not in after
    assert "08:15" in after
    assert "16:45" not in _page(client, "/agenda")


@pytest.mark.databases("sqlite")
def test_a_contact_is_no_longer_taken_back_on_another_day_or_by_a_colleague(
    client: StrictClient, engine: Engine, clock: FixedClock, team: tuple[User, User, User, int]
) -> None:
    referent, colleague, manager, case_id = team
    sign_in(client, referent)
    send_form(client, f"/menages/{case_id}/contacts/nouveau", SOUND)
    url = f"/menages/{case_id}/contacts/{_noted(engine)[0]}"
    assert "Retirer ce contact" in _page(client, url)

    sign_in(client, colleague)
    assert "Retirer ce contact" not in _page(client, url)
    assert send_form(client, f"{url}/retirer").status_code == 409
    clock.instant += timedelta(days=1)
    sign_in(client, referent)
    assert "Retirer ce contact" not in _page(client, url)
    assert send_form(client, f"{url}/retirer").status_code == 409
    assert len(_noted(engine)) == 1

    sign_in(client, manager)
    assert "Retirer ce contact" in _page(client, url)
    assert send_form(client, f"{url}/retirer").status_code == 302
    assert _noted(engine) == []


@pytest.mark.databases("sqlite")
def test_an_appointment_stands_on_the_page_of_its_household_until_it_is_settled(
    client: StrictClient, engine: Engine, clock: FixedClock, team: tuple[User, User, User, int]
) -> None:
    referent, colleague, manager, case_id = team
    case = f"/menages/{case_id}"
    sign_in(client, referent)
    told = _page(
        client, send_form(client, f"{case}/rendez-vous", {"planned_on": "2026-04-02", "at_time": "14:30"}).location
    )
    assert "jeudi 2 avril 2026, 14:30, visite à domicile" in told
    cancel = re.search(rf'action="({case}/rendez-vous/\d+/annuler)"', told)
    assert cancel is not None
    for user in (colleague, manager):
        sign_in(client, user)
        assert "jeudi 2 avril 2026, 14:30" in _page(client, case)

    clock.instant += timedelta(days=4)
    assert "à noter" in _page(client, case)
    assert send_form(client, cancel[1], {"next": case}).location == case
    assert "14:30" not in _page(client, case)


@pytest.mark.databases("sqlite")
def test_a_contact_is_noted_from_the_day_of_its_appointment_on(
    client: StrictClient, clock: FixedClock, team: tuple[User, User, User, int]
) -> None:
    referent, _colleague, _manager, case_id = team
    case = f"/menages/{case_id}"
    sign_in(client, referent)
    send_form(client, f"{case}/rendez-vous", {"planned_on": "2026-04-02", "at_time": "14:30"})

    for days, is_offered in ((2, False), (1, True), (1, True)):
        clock.instant += timedelta(days=days)
        for page in (case, "/agenda"):
            told = _page(client, page)
            assert "14:30" in told
            assert "/annuler" in told
            assert ("Noter ce contact" in told) is is_offered, (page, clock.instant)


@pytest.mark.databases("sqlite")
def test_a_household_whose_accompaniment_ended_takes_no_appointment(
    client: StrictClient, engine: Engine, clock: FixedClock, team: tuple[User, User, User, int]
) -> None:
    referent, _colleague, _manager, case_id = team
    with system_ctx(engine, clock) as ctx:
        end_case(ctx, case_id, EndNews(ctx.today, EndReason.OBJ, Outcome.MAINTIEN_TITRE))
    sign_in(client, referent)

    alone = send_form(client, f"/menages/{case_id}/rendez-vous", {"planned_on": "2026-04-02"})
    with_contact = send_form(client, f"/menages/{case_id}/contacts/nouveau", SOUND | {"planned_on": "2026-04-02"})

    for refused in (alone, with_contact):
        text = unescape(refused.get_data(as_text=True))
        assert 'href="#planned_on"' in text
        assert "L’accompagnement a pris fin le 30/03/2026" in text
    with Session(engine) as session:
        assert session.scalars(select(Appointment)).all() == []
