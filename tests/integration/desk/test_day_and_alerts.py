from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert, CaseSummary
from casework.cases.service import suspend_case
from casework.contacts.service import NextAppointment, plan_appointment
from casework.contacts.vocabulary import ContactKind
from casework.kernel.clock import FixedClock
from tests.factories import Stage, acting_as, make_case, make_rent_line, make_user, send_form, sign_in, system_ctx
from tests.integration.desk.conftest import People
from tests.support.strict_client import StrictClient


@pytest.fixture
def case_id(engine: Engine, clock: FixedClock, people: People) -> int:
    """Signed five months ago and never met since, with a debt of six months."""
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, people.programme, referent=people.referent, family_name="Lefèvre", lease_number="B1")
        make_rent_line(ctx, case, date(2026, 1, 1), 1_234_56)
        ctx.case_changed(case.id)
        return case.id


def _text(client: StrictClient, user: User, path: str) -> str:
    sign_in(client, user)
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _alert_id(engine: Engine, rule: str) -> int:
    with Session(engine) as session:
        return session.scalars(select(Alert.id).where(Alert.rule == rule)).one()


@pytest.mark.databases("sqlite")
def test_the_day_of_each_side_shows_what_concerns_it(client: StrictClient, people: People, case_id: int) -> None:
    for user in (people.referent, people.manager, people.social, people.coordinator):
        text = _text(client, user, "/")
        assert "Visite en retard" in text
        assert "Impayé constitué" in text
        assert "Lefèvre" in text
    assert "Lefèvre" not in _text(client, people.colleague, "/")
    assert "Lefèvre" not in _text(client, people.neighbour, "/")


@pytest.mark.databases("sqlite")
def test_the_rent_office_is_shown_the_rules_about_rents_only(
    client: StrictClient, people: People, case_id: int, engine: Engine
) -> None:
    day = _text(client, people.rents, "/")
    assert "Impayé constitué" in day
    assert "Visite en retard" not in day

    for path in ("/alertes", "/alertes?regle=VISIT_OVERDUE", f"/menages/{case_id}"):
        text = _text(client, people.rents, path)
        assert "un tous les" not in text, path  # the reason of a visit that is overdue
        assert "Noter une visite" not in text, path
    assert client.get(f"/alertes/{_alert_id(engine, 'VISIT_OVERDUE')}/reporter").status_code == 404
    assert client.get(f"/alertes/{_alert_id(engine, 'ARREARS_CONSTITUTED')}/reporter").status_code == 200


def test_the_day_and_the_accounts_count_the_same_households_in_arrears(
    client: StrictClient, people: People, engine: Engine, clock: FixedClock
) -> None:
    """Who is watched for rent: before a contract and in a pause, too, until the end."""
    with system_ctx(engine, clock) as ctx:
        for place, stage in enumerate((Stage.REFERRED, Stage.ACTIVE, Stage.ACTIVE, Stage.ENDED)):
            case = make_case(ctx, people.programme, stage=stage, referent=people.referent, lease_number=f"D{place}")
            make_rent_line(ctx, case, date(2026, 2, 1), 1_234_56)
            if place == 2:
                suspend_case(ctx, case.id, ctx.today, "Absence")
            ctx.case_changed(case.id)

    day, accounts = (_text(client, people.social, path) for path in ("/", "/loyers?comptes=constitues"))

    figures = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", day[day.index('aria-labelledby="load"') :]))
    assert (figures["Accompagnements en cours"], figures["En impayé constitué"]) == ("1", "3")
    assert accounts.count("row-link") == 3
    assert "Accompagnements en cours" not in accounts


@pytest.mark.databases("sqlite")
def test_who_has_no_day_is_led_to_their_own_page(client: StrictClient, people: People) -> None:
    sign_in(client, people.funder)

    assert client.get("/").location == "/bilans"


@pytest.mark.databases("sqlite")
def test_who_is_in_no_team_is_told_so_and_not_that_all_is_well(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        referent = make_user(ctx, Role.REFERENT)

    for path in ("/", "/menages", "/alertes"):
        page = _text(client, referent, path)
        assert "Vous n’êtes encore dans aucune équipe" in page, path
        assert "à jour" not in page


@pytest.mark.databases("sqlite")
def test_the_meetings_of_the_week_are_on_the_page_of_who_holds_them(
    client: StrictClient, people: People, case_id: int, engine: Engine, clock: FixedClock
) -> None:
    with acting_as(engine, clock, people.referent) as ctx:
        for days in (7, 8):
            plan_appointment(ctx, case_id, NextAppointment(ctx.today + timedelta(days=days), ContactKind.BUREAU))

    text = _text(client, people.referent, "/")

    assert "lundi 6 avril 2026" in text
    assert "mardi 7 avril 2026" not in text
    assert "lundi 6 avril 2026" not in _text(client, people.manager, "/")


def test_an_alert_that_was_put_off_leaves_the_day_until_its_date(
    client: StrictClient, people: People, case_id: int, engine: Engine, clock: FixedClock
) -> None:
    url = f"/alertes/{_alert_id(engine, 'VISIT_OVERDUE')}/reporter"
    sign_in(client, people.referent)
    away = f'href="/menages/{case_id}" data-leave'
    assert away not in client.get(url).get_data(as_text=True)
    assert away in client.get(f"{url}?next=/menages/{case_id}").get_data(as_text=True)
    refused = send_form(client, url, {"until": "2026-03-30", "reason": "Hospitalisée"})
    assert "au plus tôt" in refused.get_data(as_text=True)
    assert send_form(client, url, {"until": "2026-04-06", "reason": "   "}).status_code == 200
    assert (
        send_form(client, f"{url}?next=/alertes", {"until": "2026-04-06", "reason": "Hospitalisée"}).location
        == "/alertes"
    )

    assert "Visite en retard" not in _text(client, people.referent, "/")
    for user in (people.referent, people.social):
        for path in ("/alertes", f"/menages/{case_id}"):
            assert "Reportée au 6 avril 2026 par l’association\u00a0: Hospitalisée" in _text(client, user, path)
    assert "Hospitalisée" not in _text(client, people.rents, "/alertes")
    clock.instant += timedelta(days=7)
    assert "Visite en retard" in _text(client, people.referent, "/")


def test_an_alert_that_was_put_off_by_mistake_is_taken_back(
    client: StrictClient, people: People, case_id: int, engine: Engine
) -> None:
    url = f"/alertes/{_alert_id(engine, 'VISIT_OVERDUE')}/reporter"
    sign_in(client, people.referent)
    send_form(client, url, {"until": "2026-04-06", "reason": "Hospitalisée"})

    for user, status in (
        (people.colleague, 404),
        (people.neighbour, 404),
        (people.rents, 404),
        (people.coordinator, 403),
    ):
        sign_in(client, user)
        assert send_form(client, f"{url}/annuler", {}).status_code == status
    sign_in(client, people.referent)
    back = send_form(client, f"{url}/annuler", {"next": f"/menages/{case_id}"})

    assert back.location == f"/menages/{case_id}"
    assert "Visite en retard" in _text(client, people.referent, "/")
    assert "Hospitalisée" not in _text(client, people.referent, "/alertes")


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("rule", "who", "refusal"),
    [
        ("VISIT_OVERDUE", "social", "relève de l’association"),
        ("VISIT_OVERDUE", "referent", None),
        ("VISIT_OVERDUE", "manager", None),
        ("ARREARS_CONSTITUTED", "referent", "relève du bailleur"),
        ("ARREARS_CONSTITUTED", "manager", "relève du bailleur"),
        ("ARREARS_CONSTITUTED", "social", None),
        ("ARREARS_CONSTITUTED", "rents", None),
        ("LEASE_SLIDE_NOTICE_DUE", "social", None),
        ("LEASE_SLIDE_NOTICE_DUE", "referent", "relève du bailleur"),
    ],
)
def test_each_side_puts_off_its_own_duties_only(
    client: StrictClient,
    people: People,
    case_id: int,
    engine: Engine,
    clock: FixedClock,
    rule: str,
    who: str,
    refusal: str | None,
) -> None:
    if rule == "LEASE_SLIDE_NOTICE_DUE":
        with system_ctx(engine, clock) as ctx:
            alert = Alert(
                case_id=case_id,
                programme_id=people.programme.id,
                rule=rule,
                due_on=ctx.today,
                raised_on=ctx.today,
                facts={"stage_from_on": "2025-09-30", "period_end_on": "2026-05-30"},
            )
            ctx.session.add(alert)
    url = f"/alertes/{_alert_id(engine, rule)}/reporter"
    button = f'href="{url}?next=/alertes"'
    assert (button in _text(client, getattr(people, who), "/alertes")) is (refusal is None)
    page = client.get(url).get_data(as_text=True)
    assert ('name="until"' in page) is (refusal is None)

    answer = send_form(client, url, {"until": "2026-04-06", "reason": "Plus tard"})

    with Session(engine) as session:
        postponed_to = session.scalars(select(Alert.postponed_to).where(Alert.rule == rule)).one()
    if refusal is None:
        assert postponed_to == date(2026, 4, 6)
        side = "le bailleur" if who in {"social", "rents"} else "l’association"
        assert f"Reportée au 6 avril 2026 par {side}\u00a0: Plus tard" in _text(client, people.social, "/alertes")
    else:
        assert postponed_to is None
        assert refusal in page
        assert refusal in answer.get_data(as_text=True)


@pytest.mark.databases("sqlite")
def test_the_other_side_does_not_take_back_what_was_put_off(
    client: StrictClient, people: People, case_id: int, engine: Engine
) -> None:
    url = f"/alertes/{_alert_id(engine, 'VISIT_OVERDUE')}/reporter"
    sign_in(client, people.referent)
    send_form(client, url, {"until": "2026-04-06", "reason": "Plus tard"})

    shown = _text(client, people.social, "/alertes")
    send_form(client, f"{url}/annuler", {})

    assert "Annuler le report" not in shown
    assert "relève de l’association" in client.get("/alertes").get_data(as_text=True)
    assert "Plus tard" in _text(client, people.referent, "/alertes")


@pytest.mark.databases("sqlite")
def test_an_alert_out_of_reach_cannot_be_put_off(
    client: StrictClient, people: People, case_id: int, engine: Engine
) -> None:
    url = f"/alertes/{_alert_id(engine, 'VISIT_OVERDUE')}/reporter"
    for user, status in ((people.colleague, 404), (people.neighbour, 404), (people.coordinator, 403)):
        sign_in(client, user)
        assert send_form(client, url, {"until": "2026-04-06", "reason": "x"}).status_code == status
    with Session(engine) as session:
        assert session.scalars(select(Alert.postponed_to).where(Alert.postponed_to.is_not(None))).all() == []


@pytest.mark.databases("sqlite")
def test_the_list_of_alerts_is_filtered_by_rule(client: StrictClient, people: People, case_id: int) -> None:
    text = _text(client, people.referent, "/alertes?regle=ARREARS_CONSTITUTED")

    assert "pour un seuil de" in text
    assert "un tous les" not in text


@pytest.mark.databases("sqlite")
def test_a_household_to_visit_is_found_by_its_name(client: StrictClient, people: People, case_id: int) -> None:
    assert "Lefèvre" in _text(client, people.referent, "/visite")
    assert "Lefèvre" in _text(client, people.referent, "/visite?q=lefevre")
    assert "Lefèvre" not in _text(client, people.referent, "/visite?q=dupont")
    assert "Lefèvre" not in _text(client, people.colleague, "/visite?q=lefevre")


@pytest.mark.databases("sqlite")
def test_whose_visit_is_due_first_comes_first_whatever_else_is_due(
    client: StrictClient, engine: Engine, clock: FixedClock, people: People, case_id: int
) -> None:
    with system_ctx(engine, clock) as ctx:
        later = make_case(ctx, people.programme, referent=people.referent, family_name="Bientôt").id
        for case, contact_due_on, next_due_on in (
            (case_id, date(2026, 4, 20), date(2026, 3, 1)),
            (later, date(2026, 4, 2), date(2026, 4, 2)),
        ):
            ctx.session.execute(
                update(CaseSummary)
                .where(CaseSummary.case_id == case)
                .values(contact_due_on=contact_due_on, next_due_on=next_due_on)
            )
    shown = _text(client, people.referent, "/visite")

    assert shown.index("Bientôt") < shown.index("Lefèvre")
