from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from tests.factories import make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

FORM = {"ended_on": "2026-03-30", "reason": "OBJ", "outcome": "MAINTIEN_TITRE", "next_housing": "", "relay": "Secteur"}


def test_an_end_is_noted_read_and_taken_back_on_its_day(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, referent=referent, signed_on=date(2026, 1, 10))
    url = f"/menages/{case.id}/fin"
    sign_in(client, referent)

    refused = send_form(client, url, FORM | {"ended_on": "2026-01-09", "reason": ""}).get_data(as_text=True)
    early = send_form(client, url, FORM | {"ended_on": "2026-01-09"}).get_data(as_text=True)
    assert "Ce champ est nécessaire." in refused
    assert "avant la signature du contrat" in early
    planned = {"planned_on": "2026-04-02", "at_time": "", "planned_kind": "VAD"}
    send_form(client, f"/menages/{case.id}/rendez-vous", planned)
    assert send_form(client, url, FORM).location == f"/menages/{case.id}"
    page = client.get(f"/menages/{case.id}").get_data(as_text=True)
    assert "1 rendez-vous reste dans l’agenda" in page
    assert f'href="{url}"' in page  # what was noted of the end, and the way to take it back
    assert "la prochaine fois" not in client.get(f"/menages/{case.id}/contacts/nouveau").get_data(as_text=True)
    assert "Annuler cette fin" in client.get(url).get_data(as_text=True)
    assert send_form(client, f"{url}/annuler", {}).status_code == 302
    assert "Enregistrer la fin" in client.get(url).get_data(as_text=True)


def test_the_day_after_a_referent_asks_a_manager(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, referent=referent, signed_on=date(2026, 1, 10))
    url = f"/menages/{case.id}/fin"
    sign_in(client, referent)
    send_form(client, url, FORM)
    clock.instant = FixedClock.on(date(2026, 3, 31)).instant

    assert "un ou une responsable peut" in client.get(url).get_data(as_text=True)
    assert send_form(client, f"{url}/annuler", {}).status_code == 409
    assert "Objectifs atteints" in client.get(url).get_data(as_text=True)
