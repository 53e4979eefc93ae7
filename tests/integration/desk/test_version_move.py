"""The page on which a household comes to follow another version of its programme."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from casework.cases.models import Case
from casework.cases.queries import case_head, moves_of
from casework.cases.version_service import move_case_to_version
from casework.desk.version_effects import effect_of_move
from casework.kernel.clock import FixedClock
from casework.leases.models import LeaseStage
from casework.programmes.queries import versions_of
from tests.factories import Stage, make_case, make_version, send_form, sign_in, system_ctx
from tests.integration.desk.conftest import People
from tests.support.statements import counted
from tests.support.strict_client import StrictClient

SPARSE = [{"what": "contact", "every": 1, "unit": "quarter"}, {"what": "reassessment", "every": 6, "unit": "month"}]
PATH = [{"stages": ["SOUS_LOCATION", "BAIL_DIRECT"]}]


@pytest.fixture
def case(engine: Engine, clock: FixedClock, people: People) -> Case:
    """A case under version 1, signed on 30 October; version 2 asks for less, version 3 starts in May."""
    with system_ctx(engine, clock) as ctx:
        make_version(ctx, people.programme, date(2026, 3, 1), cadence=SPARSE, accompaniment={"max_months": 18})
        make_version(ctx, people.programme, date(2026, 5, 1), summary="Plus tard")
        return make_case(ctx, people.programme, referent=people.referent)


def test_what_changes_for_the_case_is_shown_before_anything_is_decided(
    client: StrictClient, engine: Engine, clock: FixedClock, people: People, case: Case
) -> None:
    sign_in(client, people.manager)

    assert "Suivre une autre version" in client.get(f"/menages/{case.id}/equipe").get_data(as_text=True)
    page = client.get(f"/menages/{case.id}/version").get_data(as_text=True).replace("\u00a0", " ")

    for words in ("29 novembre 2025", "29 janvier 2026", "30 décembre 2025", "30 avril 2026", "18 mois au plus"):
        assert words in page
    assert "Décider de suivre la version 2" in page
    assert "Version 3" not in page  # not in force yet
    with system_ctx(engine, clock) as ctx:
        assert list(moves_of(ctx, case.id)) == []


def test_a_decision_is_asked_its_motive_then_stands_on_the_page_and_in_the_thread(
    client: StrictClient, people: People, case: Case
) -> None:
    sign_in(client, people.coordinator)
    url, sent = f"/menages/{case.id}/version", {"number": "2", "present": "1"}

    refused = send_form(client, url, sent | {"reason": "  "}).get_data(as_text=True)
    answer = send_form(client, url, sent | {"reason": "Rythme accepté par le ménage"})

    assert "Ce champ est nécessaire" in refused
    assert answer.status_code == 302
    page = client.get(answer.location).get_data(as_text=True)
    assert "la version 2 du dispositif F-SEMIS" in page
    assert "De la version 1 à la version 2" in page
    assert "Rythme accepté par le ménage" in page
    for user, reads in ((people.social, True), (people.rents, False)):
        sign_in(client, user)
        thread = client.get(f"/menages/{case.id}?type=parcours").get_data(as_text=True)
        assert "de la version 1 à la version 2" in thread
        assert ("Rythme accepté par le ménage" in thread) is reads


def test_who_decides_second_is_told_and_keeps_the_motive(
    client: StrictClient, engine: Engine, clock: FixedClock, people: People, case: Case
) -> None:
    with system_ctx(engine, clock) as ctx:
        move_case_to_version(ctx, case.id, 2, "Le premier", 1)
    sign_in(client, people.manager)

    page = send_form(
        client, f"/menages/{case.id}/version", {"number": "1", "present": "1", "reason": "Le second"}
    ).get_data(as_text=True)

    assert "Ce ménage suit maintenant la version 2" in page.replace("\u00a0", " ")
    assert "Le second" in page
    assert 'name="present" type="hidden" value="2"' in page


@pytest.mark.parametrize("number", ["", "9", "abc", "3", "-1", "9" * 30])
def test_a_version_that_cannot_be_chosen_is_never_followed(
    client: StrictClient, engine: Engine, clock: FixedClock, people: People, case: Case, number: str
) -> None:
    sign_in(client, people.manager)

    assert client.get(f"/menages/{case.id}/version?number={number}").status_code == 200
    answer = send_form(client, f"/menages/{case.id}/version", {"number": number, "present": "1", "reason": "Pourquoi"})

    assert answer.status_code == 200
    with system_ctx(engine, clock) as ctx:
        assert list(moves_of(ctx, case.id)) == []


def test_without_another_version_or_after_the_end_there_is_nothing_to_decide(
    client: StrictClient, engine: Engine, clock: FixedClock, people: People
) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, people.programme)
        ended = make_case(ctx, people.programme, stage=Stage.ENDED)
    sign_in(client, people.manager)

    assert "pas d’autre version" in client.get(f"/menages/{case.id}/version").get_data(as_text=True)
    with system_ctx(engine, clock) as ctx:
        make_version(ctx, people.programme, date(2026, 3, 1), summary="Court")
    assert "a pris fin" in client.get(f"/menages/{ended.id}/version").get_data(as_text=True)
    assert "Suivre une autre version" not in client.get(f"/menages/{ended.id}/equipe").get_data(as_text=True)


def test_a_status_that_the_version_does_not_know_is_pointed_out(
    engine: Engine, clock: FixedClock, people: People, case: Case
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_version(ctx, people.programme, date(2026, 5, 2), path=PATH, lease={"order_matters": True})
        ctx.session.add(
            LeaseStage(
                case_id=case.id, stage="BAIL_GLISSANT", from_on=date(2025, 11, 1), created_at=ctx.clock.now(), note=""
            )
        )
        ctx.session.flush()
        first, second, _third, fourth = versions_of(ctx, people.programme.id)
        head = case_head(ctx, case.id)

        assert effect_of_move(ctx, head, first, second).cautions == ()
        effect = effect_of_move(ctx, head, first, fourth)

    assert len(effect.cautions) == 1
    assert "Bail glissant" in effect.cautions[0]
    slide = next(row for row in effect.rows if "préfet" in row[0])
    assert slide[1:] == ("1er mars 2026", "1er mars 2026", False)


@pytest.mark.databases("sqlite")
def test_the_page_asks_the_database_the_same_few_questions_whatever_the_number_of_versions(
    client: StrictClient, engine: Engine, clock: FixedClock, people: People, case: Case
) -> None:
    sign_in(client, people.manager)
    application = client.application.extensions["casework"].engine
    counts = []
    for day in (3, 4):
        client.get(f"/menages/{case.id}/version")
        with counted(application) as statements:
            client.get(f"/menages/{case.id}/version")
        counts.append(len(statements))
        with system_ctx(engine, clock) as ctx:
            make_version(ctx, people.programme, date(2026, 5, day), summary=f"Encore {day}")

    assert counts[0] == counts[1] <= 12
