from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseEnd
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.programmes.models import Programme
from casework.rents.models import RentLine
from tests.factories import make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient


def _account(ctx: Ctx, programme: Programme, *balances: int, benefit: int = 200_00) -> Case:
    case = make_case(ctx, programme, lease_number=f"B-{len(balances)}-{balances[-1] if balances else 'vide'}")
    for n, balance in enumerate(balances):
        line = RentLine(
            account_id=case.rent_account_id or 0,
            month=date(2025 if n < 12 else 2026, n % 12 + 1, 1),
            rent_cents=300_00,
            charges_cents=50_00,
            benefit_cents=benefit,
            paid_cents=0,
            balance_cents=balance,
        )
        ctx.session.add(line)
    ctx.session.flush()
    ctx.case_changed(case.id)
    return case


@pytest.mark.parametrize(
    ("balances", "benefit", "words"),
    [
        ((), 200_00, "Aucun quittancement reçu"),
        ((0,) * 14, 200_00, "Le compte est à jour."),
        ((-30_00,), 200_00, "en avance de 30,00"),
        ((*(0,) * 13, 299_99), 200_00, "Il reste 299,99"),
        ((*(0,) * 12, 300_00, 450_00), 200_00, "depuis le 31 janvier 2026"),
        ((*(0,) * 13, 5), 350_00, "à vérifier à la main"),
    ],
)
def test_an_account_says_in_words_where_it_stands(
    client: StrictClient, engine: Engine, clock: FixedClock, balances: tuple[int, ...], benefit: int, words: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        coordinator = make_user(ctx, Role.COORDINATOR, programme=programme)
        case = _account(ctx, programme, *balances, benefit=benefit)
    sign_in(client, coordinator)

    page = client.get(f"/menages/{case.id}/loyers").get_data(as_text=True)

    assert words in page.replace("\u00a0", " ")
    assert "Noter le signalement" not in page


def test_an_english_reader_finds_amounts_as_english_writes_them(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        reader = make_user(ctx, Role.COORDINATOR, programme=programme)
        reader.locale = "en"
        case = _account(ctx, programme, *(0,) * 13, 1_299_99)
    sign_in(client, reader)

    page = client.get(f"/menages/{case.id}/loyers").get_data(as_text=True)

    assert "€1,299.99" in page
    assert "1\u00a0299" not in page


def test_the_rent_office_notes_a_report_and_reads_nothing_social(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        office = make_user(ctx, Role.LANDLORD_RENT, programme=programme)
        case = _account(ctx, programme, *(0,) * 12, 300_00, 450_00)
    url = f"/menages/{case.id}/loyers"
    sign_in(client, office)

    due = client.get(url).get_data(as_text=True)
    refused = send_form(client, f"{url}/signalement", {"reported_on": "2026-03-31"}).get_data(as_text=True)
    kept = send_form(client, f"{url}/signalement", {"reported_on": "2026-03-30", "reference": "CAF-17"})
    after = client.get(url).get_data(as_text=True)

    assert "31 mars 2026 au plus tard" in due
    assert "dans l’avenir" in refused
    assert kept.location == url
    assert "CAF-17" in after
    assert "au plus tard" not in after
    for closed in ("reevaluation", "fin", "contacts/nouveau"):
        assert client.get(f"/menages/{case.id}/{closed}").status_code == 403


@pytest.mark.parametrize(
    ("ended_on", "is_due"),
    [(None, True), (date(2026, 3, 31), True), (date(2026, 3, 30), False), (date(2026, 2, 1), False)],
)
def test_nothing_is_to_be_reported_of_who_is_watched_no_longer(
    client: StrictClient, engine: Engine, clock: FixedClock, ended_on: date | None, is_due: bool
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        office = make_user(ctx, Role.LANDLORD_RENT, programme=programme)
        case = _account(ctx, programme, *(0,) * 12, 300_00, 450_00)
        if ended_on is not None:
            ctx.session.add(
                CaseEnd(
                    case_id=case.id,
                    ended_on=ended_on,
                    reason="OBJ",
                    outcome="MAINTIEN_TITRE",
                    created_at=ctx.clock.now(),
                )
            )
            ctx.case_changed(case.id)
    sign_in(client, office)

    page = client.get(f"/menages/{case.id}/loyers").get_data(as_text=True)

    assert ("au plus tard" in page) is is_due
    assert ("l’accompagnement a pris fin" in page) is not is_due


def test_the_list_keeps_what_the_address_says_and_survives_a_broken_one(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        office = make_user(ctx, Role.LANDLORD_RENT, programme=programme)
        _account(ctx, programme, *(0,) * 12, 300_00, 450_00)
        _account(ctx, programme, 0)
    sign_in(client, office)

    def text(query: str) -> str:
        return client.get(f"/loyers{query}").get_data(as_text=True)

    assert text("").count("row-link") == 2
    assert text("?comptes=constitues").count("row-link") == 1
    assert text("?comptes=autre&apres=~~~&avant=x~9").count("row-link") == 2
    assert text(f"?apres={'9' * 40}~1").count("row-link") == 2
