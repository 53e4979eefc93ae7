from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import CaseEnd, CaseRetention
from casework.contacts.models import Appointment, Contact
from casework.contacts.service import (
    NextAppointment,
    cancel_appointment,
    plan_appointment,
    reopen_appointment,
)
from casework.contacts.vocabulary import ContactKind
from casework.kernel.clock import FixedClock
from casework.kernel.errors import RuleViolation
from tests.factories import acting_as, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.filled_forms import filled_form
from tests.support.strict_client import StrictClient


@pytest.fixture
def referent(engine: Engine, clock: FixedClock) -> tuple[User, int]:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        user = make_user(ctx, Role.REFERENT, programme=programme)
        return user, make_case(ctx, programme, referent=user).id


def _page(client: StrictClient, url: str) -> str:
    return unescape(client.get(url).get_data(as_text=True))


def _planned(
    engine: Engine, clock: FixedClock, user: User, case_id: int, day: date, kind: ContactKind = ContactKind.TEL
) -> int:
    with acting_as(engine, clock, user) as ctx:
        appointment = plan_appointment(ctx, case_id, NextAppointment(day, kind, "14:30"))
        ctx.session.flush()
        return appointment.id


def test_noting_an_appointment_begins_with_its_day_and_kind_unless_it_is_still_to_come(
    client: StrictClient, engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    appointment_id = _planned(engine, clock, user, case_id, clock.today())
    sign_in(client, user)
    url = f"/menages/{case_id}/contacts/nouveau?appointment={appointment_id}"
    clock.instant += timedelta(days=1)

    form = filled_form(_page(client, url), "occurred_on")

    assert (form["occurred_on"], form["kind"]) == ("2026-03-30", "TEL")
    assert form["appointment_id"] == str(appointment_id)
    clock.instant -= timedelta(days=2)
    sign_in(client, user)
    early = filled_form(_page(client, url), "occurred_on")
    assert (early["occurred_on"], early["appointment_id"]) == ("2026-03-29", "")  # what is still to come stays so


def test_a_contact_settles_no_appointment_that_is_still_to_come_nor_one_that_is_settled(
    client: StrictClient, engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    ahead = _planned(engine, clock, user, case_id, clock.today() + timedelta(days=1))
    due = _planned(engine, clock, user, case_id, clock.today())
    sign_in(client, user)
    contact = {"occurred_on": clock.today().isoformat(), "kind": "TEL", "outcome": "REALISEE"}

    for appointment_id in (ahead, due, due):
        sent = send_form(client, f"/menages/{case_id}/contacts/nouveau", contact | {"appointment_id": appointment_id})
        assert sent.status_code == 302

    with Session(engine) as session:
        noted = session.scalars(select(Contact.id).order_by(Contact.id)).all()
        assert session.get_one(Appointment, ahead).contact_id is None
        assert session.get_one(Appointment, due).contact_id == noted[1]


@pytest.mark.databases("sqlite")
def test_who_notes_a_contact_is_asked_whether_it_is_the_appointment_of_today(
    client: StrictClient, engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    due = _planned(engine, clock, user, case_id, clock.today())
    ahead = _planned(engine, clock, user, case_id, clock.today() + timedelta(days=3))
    sign_in(client, user)
    url = f"/menages/{case_id}/contacts/nouveau"

    page = _page(client, url)

    assert "attend d’être noté" in page
    assert f"{url}?appointment={due}" in page
    assert f"appointment={ahead}" not in page
    assert "attend d’être noté" not in _page(client, f"{url}?appointment={due}")
    day = _page(client, "/")
    assert f"{url}?appointment={due}" in day
    assert f"appointment={ahead}" not in day


def test_the_appointments_of_a_household_go_with_it(
    engine: Engine, clock: FixedClock, referent: tuple[User, int], client: StrictClient
) -> None:
    user, case_id = referent
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        other, manager = (make_user(ctx, role, programme=programme) for role in (Role.REFERENT, Role.MANAGER))
    ahead = _planned(engine, clock, user, case_id, clock.today() + timedelta(days=1))
    late = _planned(engine, clock, user, case_id, clock.today())
    clock.instant += timedelta(days=1)

    def holders() -> list[int | None]:
        with Session(engine) as session:
            return [session.get_one(Appointment, number).user_id for number in (ahead, late)]

    sign_in(client, manager)
    entrusted = {"referent_id": other.id, "keep_previous": "y"}
    told = _page(client, send_form(client, f"/menages/{case_id}/equipe/referent", entrusted).location)

    assert "1 rendez-vous passe dans l’agenda de cette personne" in told
    assert holders() == [other.id, user.id]
    send_form(client, f"/menages/{case_id}/equipe/{user.id}/retirer")
    assert holders() == [other.id, other.id]


@pytest.mark.databases("sqlite")
def test_an_appointment_of_another_household_begins_no_contact(
    client: StrictClient, engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    with system_ctx(engine, clock) as ctx:
        stranger = make_user(ctx, Role.REFERENT, programme=make_programme(ctx))
        other = make_case(ctx, make_programme(ctx), referent=stranger).id
    elsewhere = _planned(engine, clock, stranger, other, clock.today())
    sign_in(client, user)

    assert client.get(f"/menages/{case_id}/contacts/nouveau?appointment={elsewhere}").status_code == 404
    assert client.get(f"/menages/{case_id}/contacts/nouveau?appointment=demain").status_code == 200


@pytest.mark.databases("sqlite")
def test_what_is_taken_back_leads_to_the_place_where_it_was_done(
    client: StrictClient, engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    page = f"/menages/{case_id}"
    sign_in(client, user)
    appointment = {"planned_on": "2026-04-02", "at_time": "14:30", "planned_kind": "TEL"}
    made = send_form(client, f"{page}/rendez-vous", appointment)
    cancel = _undo(_page(client, made.location))

    cancelled = send_form(client, cancel)
    reopen = _undo(_page(client, cancelled.location))
    reopened = send_form(client, reopen)
    from_agenda = send_form(client, cancel.partition("?")[0])

    assert (cancelled.location, reopened.location) == (page, page)
    assert (
        from_agenda.location,
        send_form(client, f"{reopen.partition('?')[0]}?next=//ailleurs.example").location,
    ) == (
        "/agenda",
        "/agenda",
    )


def _undo(page: str) -> str:
    found = re.search(r'action="([^"]*)" data-undo', page)
    assert found is not None
    return found[1]


@pytest.mark.databases("sqlite")
def test_a_contact_says_what_stays_private_only_where_something_is(
    client: StrictClient, engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    url = f"/menages/{case_id}/contacts/nouveau"
    sign_in(client, user)
    form = {"occurred_on": "2026-03-30", "kind": "VAD", "outcome": "REALISEE"}

    without = _page(client, send_form(client, url, form).location)
    with_one = _page(client, send_form(client, url, form | {"private_note": "Fatiguée."}).location)

    assert "Le contact est enregistré." in without
    assert "pour l’association seulement le reste" not in without
    assert "Ce qui est pour l’association seulement le reste." in with_one


@pytest.mark.databases("sqlite")
def test_a_contact_lasts_a_minute_at_least_or_nobody_knows_how_long(
    client: StrictClient, engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    url = f"/menages/{case_id}/contacts/nouveau"
    sign_in(client, user)
    form = {"occurred_on": "2026-03-30", "kind": "VAD", "outcome": "REALISEE"}

    told = {minutes: send_form(client, url, form | {"duration_minutes": minutes}) for minutes in ("0", "1", "")}

    assert {minutes: answer.status_code for minutes, answer in told.items()} == {"0": 200, "1": 302, "": 302}
    assert "Un nombre de 1 à 1440 est attendu." in unescape(told["0"].get_data(as_text=True))


@pytest.mark.databases("sqlite")
def test_the_agenda_shows_every_appointment_that_can_be_made(
    client: StrictClient, engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    _planned(engine, clock, user, case_id, clock.today() + timedelta(days=366))
    sign_in(client, user)

    assert "mercredi 31 mars 2027" in _page(client, "/agenda").lower()


def test_an_appointment_that_was_cancelled_by_mistake_is_taken_back_into_the_agenda(
    client: StrictClient, engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    appointment_id = _planned(engine, clock, user, case_id, clock.today() + timedelta(days=2))
    url = f"/menages/{case_id}/rendez-vous/{appointment_id}"
    sign_in(client, user)
    told = _page(client, send_form(client, f"{url}/annuler").location)
    assert f'action="{url}/reprendre?' in told
    assert "14:30" not in _page(client, "/agenda")

    back = _page(client, send_form(client, f"{url}/reprendre").location)

    assert "Le rendez-vous est de nouveau dans l’agenda" in back
    assert "14:30" in _page(client, "/agenda")
    send_form(client, f"{url}/annuler")
    clock.instant += timedelta(days=1)
    sign_in(client, user)
    assert send_form(client, f"{url}/reprendre").status_code == 409
    with Session(engine) as session:
        assert session.get_one(Appointment, appointment_id).cancelled_on == date(2026, 3, 30)


def test_no_appointment_is_taken_back_into_a_file_that_is_closed_or_over(
    engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    appointment_id = _planned(engine, clock, user, case_id, clock.today() + timedelta(days=9))
    with acting_as(engine, clock, user) as ctx:
        cancel_appointment(ctx, case_id, appointment_id)
    with system_ctx(engine, clock) as ctx:
        ctx.session.add(
            CaseEnd(
                case_id=case_id,
                ended_on=ctx.today,
                reason="OBJ",
                outcome="MAINTIEN_TITRE",
                created_at=ctx.clock.now(),
            )
        )
    with pytest.raises(RuleViolation, match="pris fin"), acting_as(engine, clock, user) as ctx:
        reopen_appointment(ctx, case_id, appointment_id)
    with system_ctx(engine, clock) as ctx:
        ctx.session.add(CaseRetention(case_id=case_id, archived_on=ctx.today, archive_reason="Recours en cours."))
    for change in (cancel_appointment, reopen_appointment):
        with pytest.raises(RuleViolation), system_ctx(engine, clock) as ctx:
            change(ctx, case_id, appointment_id)
