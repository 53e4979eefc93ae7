from __future__ import annotations

import pytest
from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from casework.programmes.catalogue import catalogue_codes
from tests.factories import make_user, sign_in, system_ctx
from tests.support.strict_client import StrictClient

URL = "/dispositifs/catalogue"


@pytest.fixture
def coordinator(client: StrictClient, engine: Engine, clock: FixedClock) -> StrictClient:
    with system_ctx(engine, clock) as ctx:
        user = make_user(ctx, Role.COORDINATOR)
    sign_in(client, user)
    return client


def page(client: StrictClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("\u00a0", " ")


def test_the_catalogue_is_searched_and_filtered_by_its_address(coordinator: StrictClient) -> None:
    whole = page(coordinator, URL)
    kept = page(coordinator, f"{URL}?mot=Annecy&theme=access&objet=access&public=isolated&statut=BAIL_DIRECT")

    assert "96 dispositifs" in whole
    assert all(f'href="{URL}/{code}"' in whole for code in catalogue_codes())
    assert kept.count(f'href="{URL}/2') <= 1
    assert "Retirer ce filtre" in kept
    assert "Aucun dispositif ici" in page(coordinator, f"{URL}?mot=introuvable")
    assert "96 dispositifs" in page(coordinator, f"{URL}?theme=nothing&objet=x&public=x&statut=x")


@pytest.mark.parametrize("code", catalogue_codes())
def test_every_entry_has_its_page(coordinator: StrictClient, code: str) -> None:
    assert f"Entrée {code} du catalogue" in page(coordinator, f"{URL}/{code}")


def test_what_is_no_entry_has_no_page(coordinator: StrictClient) -> None:
    for code in ("9.9", "national", "guide", "..%2Fnational"):
        assert coordinator.get(f"{URL}/{code}").status_code == 404


def test_the_guide_s_table_stands_beside_what_the_catalogue_counts(coordinator: StrictClient) -> None:
    told = page(coordinator, f"{URL}/tableau")

    assert told.count("égal</span>") == 11
    assert "différent" not in told
    assert told.count("4 568") == 2
    for words in ("50 + 1 250 + 850", "2 175 €", "2 150 €", "− 25 €", "101 dossiers"):
        assert words in told


def test_an_administrator_reaches_the_catalogue_from_the_teams(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        administrator = make_user(ctx, Role.ADMINISTRATOR)
    sign_in(client, administrator)

    assert f'href="{URL}"' in page(client, "/equipes")
    assert 'href="/equipes"' in page(client, URL)
