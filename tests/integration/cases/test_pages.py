from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case
from casework.cases.queries import case_head
from casework.kernel.clock import FixedClock
from tests.factories import make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

REFERRAL = {
    "programme": "F-SEMIS",
    "family_name": "Lefèvre",
    "given_name": "Inès",
    "born_on": "01/02/1990",
    "composition": "FSEULE",
    "adults": "1",
    "children": "0",
    "referral_source": "PARTENAIRE",
    "referred_on": "2026-03-30",
    "housing_at_entry": "HLM",
    "rent_cents": "345,17",
    "benefit_payment": "TIERS_PAYANT",
}


@pytest.fixture
def people(engine: Engine, clock: FixedClock) -> tuple[User, User, Case]:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        return referent, manager, make_case(ctx, programme, referent=referent)


def test_a_referral_takes_the_next_number_and_opens_the_case(
    client: StrictClient, people: tuple[User, User, Case], engine: Engine, clock: FixedClock
) -> None:
    sign_in(client, people[0])

    page = client.get("/menages/orienter").get_data(as_text=True)
    answer = send_form(client, "/menages/orienter", REFERRAL)

    assert "T-2026-001" in page
    assert answer.status_code == 302
    with system_ctx(engine, clock) as ctx:
        head = case_head(ctx, int(answer.location.rpartition("/")[2]))
    assert (head.number, head.rent_cents, head.referent_id) == ("T-2026-001", 345_17, people[0].id)


def test_a_namesake_is_asked_about_once_and_nothing_typed_is_lost(
    client: StrictClient, people: tuple[User, User, Case]
) -> None:
    sign_in(client, people[0])
    send_form(client, "/menages/orienter", REFERRAL)

    asked = send_form(client, "/menages/orienter", REFERRAL)
    text = asked.get_data(as_text=True)
    again = send_form(client, "/menages/orienter", REFERRAL | {"another_household": "y"})

    assert asked.status_code == 200
    assert 'name="another_household"' in text
    assert 'value="345,17"' in text
    assert again.status_code == 302


def test_a_referral_that_lacks_everything_is_answered_field_by_field(
    client: StrictClient, people: tuple[User, User, Case]
) -> None:
    sign_in(client, people[0])

    text = send_form(client, "/menages/orienter", {}).get_data(as_text=True)

    for name in ("family_name", "given_name", "composition", "referral_source", "housing_at_entry"):
        assert f'href="#{name}"' in text


def test_two_people_who_correct_one_sheet_do_not_undo_one_another(
    client: StrictClient, people: tuple[User, User, Case]
) -> None:
    referent, _manager, case = people
    sign_in(client, referent)
    url = f"/menages/{case.id}/fiche"
    typed = REFERRAL | {"referred_on": "2025-09-30", "version": "1"}

    first = send_form(client, url, typed | {"district": "Bellevue"})
    second = send_form(client, url, typed | {"district": "Recouvrance"})
    text = second.get_data(as_text=True)
    third = send_form(client, url, typed | {"district": "Recouvrance", "version": "2"})

    assert (first.status_code, second.status_code, third.status_code) == (302, 200, 302)
    assert "Bellevue" in text
    assert 'value="Recouvrance"' in text
    assert 'name="version" type="hidden" value="2"' in text


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(("benefit", "status"), [("600", 200), ("502,30", 302), ("", 302)])
def test_a_housing_benefit_above_the_cost_of_housing_is_refused(
    client: StrictClient, people: tuple[User, User, Case], benefit: str, status: int
) -> None:
    sign_in(client, people[0])
    typed = REFERRAL | {"rent_cents": "450", "charges_cents": "52,30", "benefit_cents": benefit}
    correction = typed | {"referred_on": "2025-09-30", "version": "1"}

    answers = [
        send_form(client, url, sent)
        for url, sent in (("/menages/orienter", typed), (f"/menages/{people[2].id}/fiche", correction))
    ]
    unknown = send_form(client, "/menages/orienter", REFERRAL | {"rent_cents": "", "benefit_cents": "600"})

    assert [answer.status_code for answer in answers] == [status, status]
    assert status == 302 or all('href="#benefit_cents"' in answer.get_data(as_text=True) for answer in answers)
    assert 'href="#benefit_cents"' not in unknown.get_data(as_text=True)


@pytest.mark.databases("sqlite")
def test_what_was_saved_meanwhile_is_written_as_people_write_it(
    client: StrictClient, people: tuple[User, User, Case]
) -> None:
    referent, _manager, case = people
    sign_in(client, referent)
    url = f"/menages/{case.id}/fiche"
    typed = REFERRAL | {"referred_on": "2025-09-30", "version": "1"}
    other = {"born_on": "05/05/1985", "rent_cents": "1 234,50", "housing_at_entry": "HOTEL"}

    send_form(client, url, typed | other)
    page = send_form(client, url, typed | {"phone": "06 12 34 56 78"}).get_data(as_text=True)
    told = dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL))

    assert told == {
        "Date de naissance": "05/05/1985",
        "Téléphone": "–",
        "Logement à l’orientation": "Hôtel",
        "Loyer": "1\u00a0234,50\u00a0€",
    }


def test_a_manager_entrusts_pauses_and_resumes(client: StrictClient, people: tuple[User, User, Case]) -> None:
    referent, manager, case = people
    sign_in(client, manager)
    base = f"/menages/{case.id}"

    assert client.get(f"{base}/equipe").status_code == 200
    assert client.get(f"{base}/equipe/referent").status_code == 200
    assert send_form(client, f"{base}/equipe/referent", {"referent_id": manager.id, "keep_previous": "y"}).location
    assert send_form(client, f"{base}/equipe/{referent.id}/retirer").status_code == 302
    assert client.get(f"{base}/suspension").status_code == 200
    assert send_form(client, f"{base}/suspension", {"from_on": "2026-03-20", "reason": "Absence"}).status_code == 302
    assert "Reprendre l’accompagnement" in client.get(f"{base}/equipe").get_data(as_text=True)
    assert send_form(client, f"{base}/suspension", {"from_on": "2026-03-21", "reason": "Absence"}).status_code == 200
    assert client.get(f"{base}/reprise").status_code == 200
    assert send_form(client, f"{base}/reprise", {"resumed_on": "2026-03-30"}).status_code == 302


def test_what_a_role_may_not_do_and_what_one_does_not_reach_stay_closed(
    client: StrictClient, people: tuple[User, User, Case], engine: Engine, clock: FixedClock
) -> None:
    referent, _manager, case = people
    with system_ctx(engine, clock) as ctx:
        stranger = make_user(ctx, Role.REFERENT, programme=make_programme(ctx))

    sign_in(client, referent)
    assert client.get(f"/menages/{case.id}/equipe").status_code == 403
    sign_in(client, stranger)
    assert client.get(f"/menages/{case.id}/fiche").status_code == 404


def test_the_people_of_a_household_are_listed_added_corrected_and_leave(
    client: StrictClient, people: tuple[User, User, Case]
) -> None:
    referent, _manager, case = people
    sign_in(client, referent)
    base = f"/menages/{case.id}/personnes"
    child = {"family_name": "Martin", "given_name": "Léa", "link": "ENFANT", "born_on": "2015-06-07"}

    assert client.get(f"{base}/ajouter").status_code == 200
    assert send_form(client, f"{base}/ajouter", child | {"born_on": "2027-06-07"}).status_code == 200
    assert send_form(client, f"{base}/ajouter", child).status_code == 302
    text = client.get(base).get_data(as_text=True)
    assert "Léa Martin" in text
    assert "Femme seule avec enfant(s)" in text
    member_id = int(text.split("/depart")[0].rpartition("/")[2])
    assert client.get(f"{base}/{member_id}").status_code == 200
    assert send_form(client, f"{base}/{member_id}", child | {"given_name": "Zoé"}).status_code == 302
    assert client.get(f"{base}/{member_id}/depart").status_code == 200
    assert send_form(client, f"{base}/{member_id}/depart", {"left_on": "2026-03-29"}).status_code == 302
    assert send_form(client, f"{base}/completes").status_code == 302
    assert "Femme seule" in client.get(base).get_data(as_text=True)
