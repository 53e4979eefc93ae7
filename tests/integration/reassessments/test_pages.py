from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.accounts.vocabulary import Role
from casework.contracts.models import Contract, Objective
from casework.kernel.clock import FixedClock
from casework.reassessments.models import Reassessment
from casework.reassessments.vocabulary import Domain
from tests.factories import Stage, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

LEVELS = {f"level_{domain.value.lower()}": "2" for domain in Domain}
FORM = LEVELS | {
    "held_on": "2026-03-02",
    "decision": "POURSUITE",
    "private_note": "Fatigue.",
    "shared_note": "Loyer payé.",
}


def test_a_reassessment_is_held_beside_the_one_before_and_shared_in_part(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        case = make_case(ctx, programme, referent=referent, signed_on=date(2026, 1, 10))
        contract_id = ctx.session.scalars(select(Contract.id)).one()
        objective = Objective(case_id=case.id, contract_id=contract_id, label="Ouvrir <les> droits", party="HOUSEHOLD")
        ctx.session.add(objective)
        ctx.session.flush()
    url = f"/menages/{case.id}/reevaluation"
    sign_in(client, referent)

    assert "C’est la première réévaluation" in client.get(url).get_data(as_text=True)
    refused = send_form(client, url, FORM | {"held_on": "2026-01-09", "level_budget": "9"}).get_data(as_text=True)
    late = send_form(client, url, FORM | {"held_on": "2026-01-09"}).get_data(as_text=True)
    unsaid = send_form(client, url, FORM | {"held_on": "2026-02-02", f"objective_{objective.id}": "\u00a0"})
    still = client.get(url).get_data(as_text=True)
    kept = send_form(client, url, FORM | {f"objective_{objective.id}": "MET"})
    again = client.get(url).get_data(as_text=True)
    ending = send_form(client, url, FORM | {"held_on": "2026-03-20", "decision": "FIN", "level_budget": "3"})
    shown = client.get(ending.location).get_data(as_text=True)

    assert "Choisissez un niveau de 1 à 4." in refused
    assert "Le contrat est signé le 10/01/2026" in late
    assert "Fatigue." in late  # what was typed is not lost
    assert unsaid.location == f"/menages/{case.id}"
    assert "Ouvrir &lt;les&gt; droits" in still  # nothing was said of it: it stays open
    assert kept.location == f"/menages/{case.id}"
    assert "2 – Aide régulière, le 2 mars 2026" in again
    assert "Ouvrir &lt;les&gt; droits" not in again  # settled
    assert "Fatigue." in shown
    assert "changé" in shown
    assert f"/menages/{case.id}/fin" in shown
    sign_in(client, landlord)
    shared = client.get(ending.location).get_data(as_text=True)
    assert "Loyer payé." in shared
    assert "Fatigue." not in shared
    assert client.get(url).status_code == 403


def test_an_extension_leads_to_the_amendment(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        case = make_case(ctx, programme, signed_on=date(2026, 1, 10))
    sign_in(client, manager)

    kept = send_form(client, f"/menages/{case.id}/reevaluation", FORM | {"decision": "PROLONGATION"})

    assert "Faire l’avenant" in client.get(kept.location).get_data(as_text=True)


def test_the_same_form_sent_twice_holds_one_reassessment(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        case = make_case(ctx, programme, signed_on=date(2026, 1, 10))
    sign_in(client, manager)

    answers = [send_form(client, f"/menages/{case.id}/reevaluation", FORM).status_code for _ in range(2)]

    assert answers == [302, 200]
    with system_ctx(engine, clock) as ctx:
        assert len(ctx.session.scalars(select(Reassessment.id)).all()) == 1


@pytest.mark.databases("sqlite")
def test_without_a_contract_the_page_says_so_at_once_and_leads_to_it(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, stage=Stage.DIAGNOSED, referent=referent)
    url = f"/menages/{case.id}/reevaluation"
    sign_in(client, referent)

    page = client.get(url).get_data(as_text=True)

    assert "Il n’y a pas encore de contrat" in page
    assert f'href="/menages/{case.id}/contrat"' in page
    assert 'name="held_on"' not in page
    typed = send_form(client, url, FORM).get_data(as_text=True)
    assert "signez d’abord le contrat tripartite" in typed
    assert "Fatigue." in typed
