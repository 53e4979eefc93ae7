from __future__ import annotations

import re

from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from tests.factories import change_definition, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

URL = "/dispositifs/F-SEMIS"
COST = {
    "total_cents": 2_175_00,
    "total_period": "year",
    "diagnostic_unit_cents": 50_00,
    "accompaniment_unit_cents": 1_250_00,
    "accompaniment_unit_period": "year",
    "gla_unit_cents": 850_00,
}
SUM = {"about": "Coût global par ménage", "unit": "eur", "printed": 2_175, "terms": [[50], [1_250], [850]]}
RICH = {
    "cost": COST,
    "reconcile": [SUM],
    "cadence": [
        {"what": "home_visit", "every": 1, "unit": "week"},
        {"what": "home_visit", "every": 2, "unit": "week", "from_month": 3},
        {"what": "commission", "every": 1, "unit": "quarter"},
        {"what": "contact", "every": 10, "unit": "day"},
        {"what": "evaluation", "every": 1, "unit": "year"},
        {"what": "reassessment", "every": 3, "unit": "month"},
    ],
    "accompaniment": {"min_months": 6, "max_months": 12},
    "path": [{"stages": ["ALT", "BAIL_DIRECT"]}],
    "lease": {"order_matters": True},
    "parameters": {"effort_warn_tenths": 300},
}


def test_a_programme_is_told_in_words_with_what_is_not_verified(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        funder = make_user(ctx, Role.FUNDER_READER, programme=programme)
        stranger = make_user(ctx, Role.MANAGER)
    sign_in(client, funder)

    assert URL in client.get("/dispositifs").get_data(as_text=True)
    page = client.get(URL).get_data(as_text=True).replace("\u00a0", " ")
    assert "tous les 2 mois" in page
    assert "47 000,00 € par an" in page
    assert "À vérifier" not in page
    assert "Non vérifié : usage" in page
    assert "Aucun parcours du logement n’est précisé" in page
    assert page.count("inconnu</dd>") == 5  # the tick boxes of the form are lost
    sign_in(client, stranger)
    assert "Aucun dispositif" in client.get("/dispositifs").get_data(as_text=True)
    assert client.get(URL).status_code == 404


def test_a_typed_total_is_never_trusted(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        change_definition(ctx, programme, **RICH)
        coordinator = make_user(ctx, Role.COORDINATOR, programme=programme)
    sign_in(client, coordinator)

    page = client.get(URL).get_data(as_text=True).replace("\u00a0", " ")

    for words in ("Coût global par ménage", "50 + 1 250 + 850", "2 175 €", "2 150 €", "− 25 €"):
        assert words in page
    assert "Les financements (47 000,00 €) ne couvrent pas exactement le coût" in page
    for words in ("toutes les 2 semaines, après 3 mois", "chaque trimestre", "tous les 10 jours", "30,0 %"):
        assert words in page
    assert "de 6 à 12 mois" in page


def test_an_administrator_says_who_works_in_a_programme(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_programme(ctx)
        administrator = make_user(ctx, Role.ADMINISTRATOR)
        funder = make_user(ctx, Role.FUNDER_READER, name="Claude Préfet")
    sign_in(client, administrator)

    page = client.get("/equipes").get_data(as_text=True)
    assert f"{URL}/equipe" in page
    assert re.search(r'href="/comptes"[^>]*aria-current="page"', page)
    assert "Claude Préfet" in client.get("/equipes").get_data(as_text=True).partition("Encore sans équipe")[2]
    assert "Claude Préfet, Préfecture" in client.get(f"{URL}/equipe").get_data(as_text=True)
    for wrong in ("", "abc", "999", "9" * 30):
        assert send_form(client, f"{URL}/equipe", {"user_id": wrong}).status_code == 200
    assert send_form(client, f"{URL}/equipe", {"user_id": str(funder.id)}).status_code == 302
    assert "Retirer" in client.get(f"{URL}/equipe").get_data(as_text=True)
    assert "Encore sans équipe" not in client.get("/equipes").get_data(as_text=True)
    assert send_form(client, f"{URL}/equipe/{funder.id}/retirer", {}).status_code == 302
    assert "Personne encore" in client.get(f"{URL}/equipe").get_data(as_text=True)
    assert client.get("/dispositifs/INCONNU/equipe").status_code == 404
