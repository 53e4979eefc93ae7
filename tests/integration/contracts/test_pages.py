from __future__ import annotations

from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from tests.factories import Stage, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

CONTRACT = {
    "signed_on": "2026-03-01",
    "planned_end_on": "2027-03-01",
    "household_signatory": "Anne Martin",
    "association_signatory": "Camille",
    "landlord_signatory": "Dominique",
    "objectives-0-label": "Reprendre le paiement du loyer",
    "objectives-0-party": "HOUSEHOLD",
    "objectives-0-due_on": "2026-06-01",
    "objectives-1-label": "",
    "objectives-1-party": "HOUSEHOLD",
}


def test_a_contract_is_signed_read_amended_and_its_objectives_settled(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        case = make_case(ctx, programme, stage=Stage.DIAGNOSED, referent=referent)
    base = f"/menages/{case.id}"
    sign_in(client, referent)

    assert "objectives-__index__-label" in client.get(f"{base}/contrat").get_data(as_text=True)
    signed = send_form(client, f"{base}/contrat", CONTRACT)
    text = client.get(signed.location).get_data(as_text=True)
    assert "Reprendre le paiement du loyer" in text
    assert "Dominique" in text
    assert client.get(f"{base}/contrat").location == signed.location
    assert "avenant" in send_form(client, f"{base}/contrat", CONTRACT).get_data(as_text=True)

    objective = text.split("/objectifs/")[1].partition('"')[0]
    assert client.get(f"{base}/objectifs/{objective}").status_code == 200
    assert send_form(client, f"{base}/objectifs/{objective}", {"state": "MET", "settled_on": ""}).status_code == 200
    assert send_form(client, f"{base}/objectifs/{objective}", {"state": "MET", "settled_on": "2026-03-30"}).location

    assert client.get(f"{base}/avenant").status_code == 200
    assert send_form(client, f"{base}/avenant", {"signed_on": "2026-03-01"}).status_code == 200
    amended = send_form(client, f"{base}/avenant", {"signed_on": "2026-03-20", "planned_end_on": "2027-09-01"})
    assert "Avenant" in client.get(amended.location).get_data(as_text=True)

    sign_in(client, landlord)
    assert "Faire un avenant" not in client.get(signed.location).get_data(as_text=True)
    assert client.get(f"{base}/avenant").status_code == 403


def test_each_missing_party_and_objective_is_named_where_it_is_missing(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, stage=Stage.DIAGNOSED, referent=referent)
    url = f"/menages/{case.id}/contrat"
    sign_in(client, referent)

    bare = send_form(client, url, {"signed_on": "2026-03-01"}).get_data(as_text=True)
    without_objective = send_form(client, url, CONTRACT | {"objectives-0-label": "", "objectives-0-due_on": ""})
    due_of_nothing = send_form(client, url, CONTRACT | {"objectives-0-label": ""}).get_data(as_text=True)

    for party in ("household", "association", "landlord"):
        assert f'href="#{party}_signatory"' in bare
    assert 'href="#objectives-0-label"' in without_objective.get_data(as_text=True)
    assert 'href="#objectives-0-due_on"' in due_of_nothing


def test_without_a_diagnostic_or_a_contract_the_page_says_what_comes_first(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, stage=Stage.REFERRED, referent=referent)
    sign_in(client, referent)

    assert "Le diagnostic vient d’abord" in client.get(f"/menages/{case.id}/contrat").get_data(as_text=True)
    assert "pas encore de contrat" in client.get(f"/menages/{case.id}/avenant").get_data(as_text=True)
