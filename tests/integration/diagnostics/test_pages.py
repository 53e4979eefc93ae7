from __future__ import annotations

from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from tests.factories import Stage, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

FORM = {
    "made_on": "2026-03-30",
    "social_part": "Se sent seule.",
    "housing_part": "Bon état.",
    "resource_SAL": "650",
    "rent_cents": "402,00",
    "benefit_cents": "250",
    "fixed_charges_cents": "350",
    "recommendation": "ACC_LEGER",
}


def test_a_diagnostic_is_made_read_and_shared_in_part(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        case = make_case(ctx, programme, stage=Stage.REFERRED, referent=referent)
    url = f"/menages/{case.id}/diagnostic"
    sign_in(client, referent)

    assert 'value="420,00"' in client.get(url).get_data(as_text=True)
    assert send_form(client, url, FORM | {"made_on": "2026-03-31", "resource_SAL": "x"}).status_code == 200
    kept = send_form(client, url, FORM)
    text = client.get(kept.location).get_data(as_text=True)
    again = client.get(url).get_data(as_text=True)

    assert kept.status_code == 302
    assert "23,4" in text
    assert "10,00" in text
    assert "Se sent seule." in text
    assert 'value="650,00"' in again
    sign_in(client, landlord)
    shared = client.get(kept.location).get_data(as_text=True)
    assert "Bon état." in shared
    assert "Se sent seule." not in shared
    assert client.get(url).status_code == 403


def test_a_diagnostic_that_says_nothing_is_refused(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, stage=Stage.REFERRED, referent=referent)
    url = f"/menages/{case.id}/diagnostic"
    sign_in(client, referent)

    for nothing in ({"made_on": "2026-03-30", "rent_cents": "402,00"}, {"made_on": "2026-03-30", "social_part": "  "}):
        assert "ne dit encore rien" in send_form(client, url, nothing).get_data(as_text=True)
    for something in ({"resource_SAL": "0"}, {"housing_part": "Bon état."}, {"recommendation": "ACC_LEGER"}):
        assert send_form(client, url, {"made_on": "2026-03-30", **something}).status_code == 302


def test_the_figures_are_shown_before_anything_is_kept(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, stage=Stage.REFERRED, referent=referent)
    sign_in(client, referent)
    url = f"/menages/{case.id}/diagnostic/calcul"

    client.lint = False  # a part of a page, which only htmx asks for
    assert "23,4" in send_form(client, url, FORM).get_data(as_text=True)
    assert "non calculable" in send_form(client, url, {"rent_cents": "402,00"}).get_data(as_text=True)
    for unread in ({"rent_cents": "12abc"}, {"resource_SAL": "beaucoup"}, {"made_on": "hier"}):
        waiting = send_form(client, url, FORM | unread).get_data(as_text=True)
        assert "ne se lit pas" in waiting
        assert "%" not in waiting
