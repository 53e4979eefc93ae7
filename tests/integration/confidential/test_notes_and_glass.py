"""Who reads sensitive notes: the team; others of the association for a written motive, some hours, in everybody's sight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.cases.queries import case_head
from casework.confidential.address_service import protect_address, reveal_address
from casework.confidential.consent_service import ConsentNews, record_consent, withdraw_consent
from casework.confidential.glass_service import Urgency, break_glass, close_glass, told_today
from casework.confidential.models import GlassBreak, SensitiveNote
from casework.confidential.note_service import NoteNews, read_notes, record_note, withdraw_note
from casework.confidential.queries import consents_of
from casework.confidential.vocabulary import ConsentKind, Motive, Topic
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.errors import NotVisible, RuleViolation
from casework.kernel.reading import ReadingEntry
from tests.factories import (
    acting_as,
    make_case,
    make_organisation,
    make_programme,
    make_user,
    send_form,
    sign_in,
    system_ctx,
)
from tests.support.strict_client import StrictClient

NOTED = date(2026, 3, 2)
URGENT = Urgency("ZQX-1", Motive.DANGER, "Appel au secours ce matin.")


def _world(engine: Engine, clock: FixedClock) -> tuple[int, dict[str, User]]:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        users = {
            "referent": make_user(ctx, Role.REFERENT, programme=programme),
            "colleague": make_user(ctx, Role.REFERENT, programme=programme, name="Sacha Collègue"),
            "manager": make_user(ctx, Role.MANAGER, programme=programme, name="Maud Responsable"),
            "landlord": make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme),
        }
        elsewhere = make_organisation(ctx, OrganisationKind.ASSOCIATION, "Association d’ailleurs")
        users["guest"] = make_user(ctx, Role.REFERENT, programme=programme, name="Lou", organisation=elsewhere)
        case = make_case(ctx, programme, referent=users["referent"], number="ZQX-1")
        record_note(ctx, case.id, NoteNews(Topic.SANTE, NOTED, "Zqxsante"))
        days = NoteNews(Topic.DETENTION, NOTED, began=date(2025, 1, 6), ended=date(2025, 3, 3), spip_contact="Zqxspip")
        record_note(ctx, case.id, days)
        protect_address(ctx, case.id, "Par sa sœur.")
        return case.id, users


def test_notes_are_read_by_the_team_only_and_each_reading_is_noted(engine: Engine, clock: FixedClock) -> None:
    case_id, users = _world(engine, clock)
    with acting_as(engine, clock, users["referent"]) as ctx:
        notes = read_notes(ctx, case_id)
        assert [(note.topic, note.note, note.spip_contact) for note in notes] == [
            ("DETENTION", "", "Zqxspip"),
            ("SANTE", "Zqxsante", ""),
        ]
        assert (notes[0].began, notes[0].ended) == (date(2025, 1, 6), date(2025, 3, 3))
    with system_ctx(engine, clock) as ctx:
        entry = ctx.session.scalars(select(ReadingEntry)).one()
        assert (entry.user_id, entry.what, entry.level) == (users["referent"].id, "SENSITIVE_NOTES", "S3")
        traces = ctx.session.scalars(select(AuditEvent.difference).where(AuditEvent.entity == "sensitive_notes"))
        assert [(t["topic"], t["level"]) for t in traces] == [([None, "***"], [None, "***"])] * 2
    for other in ("manager", "colleague", "landlord", "guest"):
        with acting_as(engine, clock, users[other]) as ctx:
            assert read_notes(ctx, case_id) == []
        with pytest.raises(NotVisible), acting_as(engine, clock, users[other]) as ctx:
            record_note(ctx, case_id, NoteNews(Topic.SANTE, NOTED, "Non."))


@pytest.mark.parametrize("who", ["manager", "colleague"])
def test_the_glass_is_broken_for_some_hours_and_the_others_are_told(
    engine: Engine, clock: FixedClock, who: str
) -> None:
    case_id, users = _world(engine, clock)
    with acting_as(engine, clock, users[who]) as ctx:
        opened = break_glass(ctx, URGENT)
        assert (opened.case_id, opened.until_at - opened.opened_at) == (case_id, timedelta(hours=4))
    with acting_as(engine, clock, users[who]) as ctx:
        assert [note.note for note in read_notes(ctx, case_id)] == ["", "Zqxsante"]
        assert reveal_address(ctx, case_id).safe_contact == "Par sa sœur."
        assert told_today(ctx) == []
    for other in {"referent", "manager"} - {who}:
        with acting_as(engine, clock, users[other]) as ctx:
            (told,) = told_today(ctx)
            assert (told.display_name, told.words) == (users[who].display_name, URGENT.words)
    for other in ("landlord", "guest"):
        with acting_as(engine, clock, users[other]) as ctx:
            assert told_today(ctx) == []

    later = FixedClock(clock.instant + timedelta(hours=4))
    with acting_as(engine, later, users[who]) as ctx:
        assert read_notes(ctx, case_id) == []
        with pytest.raises(NotVisible):
            reveal_address(ctx, case_id)
        if who == "colleague":
            with pytest.raises(NotVisible):
                case_head(ctx, case_id)


@pytest.mark.parametrize(
    ("who", "urgency", "field"),
    [
        ("referent", URGENT, "number"),
        ("guest", URGENT, "number"),
        ("manager", Urgency("ZQX-9", Motive.DANGER, "Appel au secours ce matin."), "number"),
        ("manager", Urgency("ZQX-1", Motive.AUTRE, "Urgent"), "words"),
    ],
)
def test_the_glass_stays_whole_without_a_reason_or_a_right(
    engine: Engine, clock: FixedClock, who: str, urgency: Urgency, field: str
) -> None:
    _case_id, users = _world(engine, clock)
    with pytest.raises(RuleViolation) as refused, acting_as(engine, clock, users[who]) as ctx:
        break_glass(ctx, urgency)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("news", "field"),
    [
        (NoteNews(Topic.DETENTION, NOTED, "Vol", began=NOTED), "note"),
        (NoteNews(Topic.DETENTION, NOTED), "began"),
        (NoteNews(Topic.DETENTION, NOTED, began=NOTED, ended=date(2026, 3, 1)), "ended"),
        (NoteNews(Topic.DETENTION, NOTED, began=date(2027, 1, 1)), "began"),
        (NoteNews(Topic.SANTE, NOTED, " "), "note"),
        (NoteNews(Topic.SANTE, date(2027, 1, 1), "Suivi."), "noted_on"),
        (NoteNews(Topic.SANTE, NOTED, "Suivi.", spip_contact="Zqx"), "topic"),
        (NoteNews(Topic.SANTE, NOTED, "Suivi.", person_id=2**40), "person_id"),
    ],
)
def test_an_offence_is_never_noted_nor_a_note_without_words(
    engine: Engine, clock: FixedClock, news: NoteNews, field: str
) -> None:
    case_id, users = _world(engine, clock)
    with pytest.raises(RuleViolation) as refused, acting_as(engine, clock, users["referent"]) as ctx:
        record_note(ctx, case_id, news)
    assert refused.value.field == field


def test_a_note_is_taken_away_and_a_consent_withdrawn(engine: Engine, clock: FixedClock) -> None:
    case_id, users = _world(engine, clock)
    with acting_as(engine, clock, users["referent"]) as ctx:
        withdraw_note(ctx, case_id, read_notes(ctx, case_id)[1].id)
        told = record_consent(ctx, case_id, ConsentNews(ConsentKind.INFORMATION, NOTED, "Notice de mars 2026"))
        agreed = record_consent(ctx, case_id, ConsentNews(ConsentKind.PARTAGE, NOTED, "Notice de mars 2026"))
        withdraw_consent(ctx, case_id, agreed.id)
        for again in (told.id, agreed.id):
            with pytest.raises(RuleViolation):
                withdraw_consent(ctx, case_id, again)
    with acting_as(engine, clock, users["manager"]) as ctx:
        rows = {row.Consent.kind: row.Consent.withdrawn_on for row in consents_of(ctx, case_id)}
        assert rows == {"INFORMATION": None, "PARTAGE": clock.today()}
        assert [note.topic for note in ctx.session.scalars(select(SensitiveNote))] == ["DETENTION"]
    with acting_as(engine, clock, users["landlord"]) as ctx:
        assert consents_of(ctx, case_id) == []


def test_who_opened_a_file_closes_it_early_and_nobody_else_does(
    engine: Engine, clock: FixedClock, client: StrictClient
) -> None:
    case_id, users = _world(engine, clock)
    with acting_as(engine, clock, users["manager"]) as ctx:
        break_glass(ctx, URGENT)
    with pytest.raises(NotVisible), acting_as(engine, clock, users["colleague"]) as ctx:
        close_glass(ctx, case_id)
    sign_in(client, users["manager"])
    button = f"/menages/{case_id}/acces-exceptionnel/fermer"
    assert button in client.get(f"/menages/{case_id}").get_data(as_text=True)
    assert send_form(client, button).status_code == 302

    assert button not in client.get(f"/menages/{case_id}").get_data(as_text=True)
    assert send_form(client, button).status_code == 404
    with acting_as(engine, clock, users["manager"]) as ctx:
        assert read_notes(ctx, case_id) == []
    with system_ctx(engine, clock) as ctx:
        opened = ctx.session.scalars(select(GlassBreak)).one()
        assert opened.opened_at == opened.until_at == clock.now()
        traces = ctx.session.execute(
            select(AuditEvent.operation, AuditEvent.actor_id).where(AuditEvent.entity == "glass_breaks")
        )
        assert [tuple(row) for row in traces] == [("insert", users["manager"].id), ("update", users["manager"].id)]
