from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases import people_service
from casework.cases.models import Case
from casework.cases.queries import case_record, member_of
from casework.cases.service import correct_identity, sheet_of
from casework.confidential.address_service import protect_address
from casework.contacts.queries import get_contact
from casework.contacts.service import ContactNews, correct_contact, news_of, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.contracts.models import Objective
from casework.contracts.service import settle_objective
from casework.contracts.vocabulary import ObjectiveState
from casework.households.models import HouseholdMember
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict
from casework.kernel.versions import mark_of
from casework.reassessments.service import ReassessmentNews, hold_reassessment
from casework.reassessments.vocabulary import Decision
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.elsewhere import elsewhere
from tests.support.filled_forms import filled_form
from tests.support.strict_client import StrictClient

# path, a field, what the first and the second of two write there, and what the page then says is kept
FORMS = {
    "contact": ("contacts/{contact}", "private_note", "La dette est née en mai", "Rien à signaler", None),
    "person": ("personnes/{member}", "born_on", "1984-06-18", "1985-01-01", "18/06/1984"),
    "address": ("adresse-protegee/corriger", "address", "4 rue des Aulnes", "9 rue Haute", None),
    "objective": ("objectifs/{objective}", "state", "MET", "DROPPED", "Atteint"),
}


@pytest.fixture
def referent(engine: Engine, clock: FixedClock) -> tuple[User, int]:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        user = make_user(ctx, Role.REFERENT, programme=programme)
        return user, make_case(ctx, programme, stage=Stage.ACTIVE, referent=user).id


@pytest.fixture
def contact_id(engine: Engine, clock: FixedClock, referent: tuple[User, int]) -> int:
    user, case_id = referent
    with acting_as(engine, clock, user) as ctx:
        return record_contact(ctx, case_id, _news(ctx.today))


def _news(day: date, note: str = "") -> ContactNews:
    return ContactNews(day, ContactKind.VAD, ContactOutcome.REALISEE, private_note=note)


@pytest.mark.parametrize("name", FORMS)
def test_the_second_of_two_who_correct_the_same_sees_what_the_first_one_kept(
    client: StrictClient,
    engine: Engine,
    clock: FixedClock,
    referent: tuple[User, int],
    contact_id: int,
    name: str,
) -> None:
    user, case_id = referent
    if name == "address":
        with acting_as(engine, clock, user) as ctx:
            protect_address(ctx, case_id, "Écrire au centre social")
    path, field, first, second, kept = FORMS[name]
    with Session(engine) as session:
        member = session.scalars(select(HouseholdMember.id)).one()
        objective = session.scalars(select(Objective.id)).one()
    url = f"/menages/{case_id}/" + path.format(contact=contact_id, member=member, objective=objective)
    sign_in(client, user)
    opened = _form(client, url, field)

    saved = send_form(client, url, _with(opened, field, first))
    refused = send_form(client, url, _with(opened, field, second))

    assert (saved.status_code, refused.status_code) == (302, 200)
    text = unescape(refused.get_data(as_text=True))
    # It may be oneself in another window: nobody is named.
    assert re.search("Cette fiche a changé depuis|Ces informations ont changé depuis", text)
    assert "Quelqu’un" not in text
    assert f"<dd>{kept or first}</dd>" in text
    shown = filled_form(text, field)
    assert shown[field] == second
    assert _form(client, url, field)[field] == first

    assert send_form(client, url, shown).status_code == 302
    assert _form(client, url, field)[field] == second


def _form(client: StrictClient, url: str, field: str) -> MultiDict[str, str]:
    form = filled_form(unescape(client.get(url).get_data(as_text=True)), "form_key")
    form.setdefault(field, "")
    return form


def _with(form: MultiDict[str, str], field: str, value: str) -> dict[str, str]:
    return {key: said for key, said in form.items() if key != "form_key"} | {field: value}


# SQLite has one writer, which reads what the one before it left.
@pytest.mark.databases("postgresql")
def test_of_two_corrections_at_one_moment_the_second_finds_the_first(
    engine: Engine, clock: FixedClock, referent: tuple[User, int], contact_id: int
) -> None:
    user, case_id = referent
    with pytest.raises(Conflict), acting_as(engine, clock, user) as late:  # noqa: PT012 -- one inside the other
        seen = mark_of(news_of(get_contact(late, case_id, contact_id)))
        with acting_as(engine, clock, user) as early:
            correct_contact(early, case_id, contact_id, _news(early.today, "La première"), seen)
        correct_contact(late, case_id, contact_id, _news(late.today, "La seconde"), seen)


@pytest.mark.databases("postgresql")
def test_of_two_corrections_of_a_sheet_at_one_moment_the_second_finds_the_first(
    engine: Engine, clock: FixedClock, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    with pytest.raises(Conflict), acting_as(engine, clock, user) as late:  # noqa: PT012 -- one inside the other
        record = case_record(late, case_id)
        sheet, version = sheet_of(record), record.case.version
        with acting_as(engine, clock, user) as early:
            correct_identity(early, case_id, replace(sheet, district="Bellevue"), version)
        correct_identity(late, case_id, replace(sheet, district="Recouvrance"), version)


@pytest.mark.databases("postgresql")
def test_a_reassessment_and_a_decision_at_one_moment_do_not_undo_one_another(
    engine: Engine, clock: FixedClock, database_url: str, referent: tuple[User, int]
) -> None:
    user, case_id = referent
    begin = threading.Event()
    with Session(engine) as session:
        objective = session.scalars(select(Objective.id)).one()

    def settle(ctx: Ctx) -> None:
        settle_objective(ctx, case_id, objective, ObjectiveState.PARTLY, ctx.today)

    news = ReassessmentNews(clock.today(), Decision.POURSUITE, objectives={objective: ObjectiveState.MET})
    with elsewhere(database_url, clock, begin, settle) as other:
        with acting_as(engine, clock, user) as ctx:
            hold_reassessment(ctx, case_id, news)
            begin.set()
            time.sleep(0.5)
            assert not other.done()  # it waits for the reassessment
        other.result(timeout=20)
    with Session(engine) as session:
        assert session.get_one(Objective, objective).state == "PARTLY"


@pytest.mark.databases("postgresql")
def test_a_person_of_a_household_with_two_cases_is_corrected_from_both_without_a_deadlock(
    engine: Engine, clock: FixedClock, database_url: str, referent: tuple[User, int]
) -> None:
    _user, case_id = referent
    with system_ctx(engine, clock) as ctx:
        second = make_case(ctx, make_programme(ctx), stage=Stage.ACTIVE)
        second.household_id = ctx.session.get_one(Case, case_id).household_id
        ctx.session.flush()
        other_case, household = second.id, second.household_id
        member = ctx.session.scalars(
            select(HouseholdMember.id).where(HouseholdMember.household_id == household)
        ).first()
        assert member is not None
    together = threading.Barrier(2)

    def correcting(own_case: int, name: str) -> Callable[[Ctx], None]:
        def correct(ctx: Ctx) -> None:
            said = people_service.news_of(*member_of(ctx, own_case, member))
            people_service.correct_member(ctx, own_case, member, replace(said, given_name=name))

        return correct

    with (
        elsewhere(database_url, clock, together, correcting(case_id, "Anne")) as first,
        elsewhere(database_url, clock, together, correcting(other_case, "Anna")) as last,
    ):
        assert (first.result(timeout=30), last.result(timeout=30)) == (None, None)
