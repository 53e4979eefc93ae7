"""Ids that a form carries: one of somebody else's is refused as one that nobody has."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework.accounts.vocabulary import Role
from casework.contacts.models import Appointment
from casework.contracts.models import Objective
from tests.access.requests import READ, WRITE, Door
from tests.access.vocabulary import OF_CASES, TODAY, Relation
from tests.factories import system_ctx

THEIRS = tuple(relation for relation in OF_CASES if relation is not Relation.OWN)
STRANGERS = (Relation.OTHER, Relation.FOREIGN)
CONTACT = {"occurred_on": TODAY.isoformat(), "kind": "VAD", "outcome": "REALISEE"}


def _mine(door: Door, page: str) -> str:
    return f"/menages/{door.world.places[Relation.OWN]['case_id']}/{page}"


@pytest.mark.parametrize("relation", THEIRS)
@pytest.mark.parametrize("who", [Role.REFERENT, Role.MANAGER])
def test_a_contact_settles_no_appointment_of_another_case(door: Door, who: str, relation: Relation) -> None:
    theirs = str(door.world.places[relation]["appointment_id"])
    own = str(door.world.places[Relation.OWN]["appointment_id"])

    assert door.ask(who, WRITE, _mine(door, "contacts/nouveau"), CONTACT | {"appointment_id": theirs}).status == 404
    assert door.ask(who, WRITE, _mine(door, "contacts/nouveau"), CONTACT | {"appointment_id": own}).status == 302


@pytest.mark.parametrize("who", [Role.MANAGER, Role.COORDINATOR])
def test_a_case_is_entrusted_to_nobody_of_another_programme(door: Door, who: str) -> None:
    ids = {relation: str(user.id) for relation, user in door.world.referents.items()}
    office = str(door.world.users[Role.LANDLORD_RENT].id)
    url = _mine(door, "equipe/referent")

    for relation in STRANGERS:
        assert door.ask(who, WRITE, url, {"referent_id": ids[relation]}).status == 200
    assert door.ask(who, WRITE, url, {"referent_id": office}).status == 200
    assert door.ask(who, WRITE, url, {"referent_id": ids[Relation.SAME]}).status == 302
    page = door.ask(who, READ, url).text
    assert [name for name in ("Lou Ailleurs", "Alix Voisine") if name in page] == []


REFERRAL = {
    "programme": "F-SEMIS",
    "family_name": "Lefèvre",
    "given_name": "Inès",
    "composition": "FSEULE",
    "adults": "1",
    "children": "0",
    "referral_source": "PARTENAIRE",
    "referred_on": TODAY.isoformat(),
    "housing_at_entry": "HLM",
    "benefit_payment": "TIERS_PAYANT",
    "referent_id": "0",
}


@pytest.mark.parametrize("who", [Role.REFERENT, Role.MANAGER, Role.LANDLORD_SOCIAL, Role.COORDINATOR])
def test_a_household_is_referred_only_where_one_works(door: Door, who: str) -> None:
    strangers = [{"referent_id": str(door.world.referents[relation].id)} for relation in STRANGERS]

    assert door.ask(who, WRITE, "/menages/orienter", REFERRAL).status == 302
    for wrong in ({"programme": "F-AUTRE"}, {"programme": "F-SOEUR"}, *strangers):
        assert door.ask(who, WRITE, "/menages/orienter", REFERRAL | wrong).status == 200


@pytest.mark.parametrize("who", [Role.MANAGER, Role.COORDINATOR])
def test_files_are_sent_only_to_ones_own_programmes(door: Door, who: str) -> None:
    for code in ("F-AUTRE", "F-SOEUR", "F-NULLE-PART"):
        assert door.ask(who, WRITE, "/import", {"programme": code}).status in {200, 404}
    assert "F-AUTRE" not in door.ask(who, READ, "/import").text


def test_nobody_of_other_organisations_joins_a_programme(door: Door) -> None:
    stranger = str(door.world.referents[Relation.FOREIGN].id)
    url = "/dispositifs/F-SEMIS/equipe"

    assert door.ask(Role.ADMINISTRATOR, WRITE, url, {"user_id": stranger}).status == 200
    assert (
        door.ask(Role.ADMINISTRATOR, WRITE, url, {"user_id": str(door.world.users[Role.ADMINISTRATOR].id)}).status
        == 200
    )


@pytest.mark.parametrize("relation", THEIRS)
def test_a_reassessment_settles_no_objective_of_another_case(door: Door, relation: Relation) -> None:
    theirs = door.world.places[relation]["objective_id"]
    page = door.ask(Role.REFERENT, READ, _mine(door, "reevaluation")).text

    assert f"objective_{door.world.places[Relation.OWN]['objective_id']}" in page
    assert f"objective_{theirs}" not in page


def test_what_the_requests_change_does_not_stay(door: Door) -> None:
    """The tests of this folder share one world: they may only do so while nothing in it changes."""
    own = door.world.places[Relation.OWN]
    with system_ctx(door.world.engine, door.world.clock) as ctx:
        appointment = ctx.session.get_one(Appointment, own["appointment_id"])
        states = set(ctx.session.scalars(select(Objective.state)))

    assert (appointment.contact_id, appointment.cancelled_on, states) == (None, None, {"OPEN"})
