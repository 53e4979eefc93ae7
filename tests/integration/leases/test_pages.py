from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from tests.factories import (
    Stage,
    change_definition,
    make_case,
    make_programme,
    make_user,
    send_form,
    sign_in,
    system_ctx,
)
from tests.support.strict_client import StrictClient

SLIDING = {"stage": "BAIL_GLISSANT", "from_on": "2025-08-05", "same_dwelling": "y"}


def test_the_page_shows_the_path_and_the_examinations_of_a_sliding_lease(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        case = make_case(ctx, programme)
    url = f"/menages/{case.id}/bail"
    sign_in(client, landlord)

    assert "Aucun statut noté" in client.get(url).get_data(as_text=True)
    assert "Choisissez dans la liste." in send_form(client, url, SLIDING | {"stage": "CHATEAU"}).get_data(as_text=True)
    assert "dans l’avenir" in send_form(client, url, SLIDING | {"from_on": "2026-03-31"}).get_data(as_text=True)
    assert send_form(client, url, SLIDING).status_code == 302
    page = client.get(url).get_data(as_text=True)

    assert "jusqu’au 5 août 2026" in page
    assert "le 5 juin 2026 au plus tard" in page
    assert "ne se note pas ici" not in page
    clock.instant += timedelta(days=70)  # 8 June: the answer is due, and an alert leads here
    sign_in(client, landlord)
    assert "L’alerte se ferme quand le ménage change de statut" in client.get(url).get_data(as_text=True)


def test_the_order_of_the_path_is_told_and_kept(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        path = [{"stages": ["ALT", "BAIL_GLISSANT", "BAIL_DIRECT"]}]
        change_definition(ctx, programme, path=path, lease={"order_matters": True})
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        case = make_case(ctx, programme)
    url = f"/menages/{case.id}/bail"
    sign_in(client, manager)

    send_form(client, url, SLIDING)
    back = send_form(client, url, {"stage": "ALT", "from_on": "2026-03-01"}).get_data(as_text=True)
    send_form(client, url, {"stage": "BAIL_DIRECT", "from_on": "2026-03-02"})
    done = client.get(url).get_data(as_text=True)

    assert "Peuvent suivre" in back
    assert "on ne revient pas en arrière" in back
    assert "Fin du parcours" in done


def test_after_the_end_the_path_is_only_read(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        case = make_case(ctx, programme, stage=Stage.ENDED)
    sign_in(client, manager)

    assert "il ne change plus" in client.get(f"/menages/{case.id}/bail").get_data(as_text=True)
