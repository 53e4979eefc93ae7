from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.alerts.models import Alert
from casework.alerts.vocabulary import AlertRule
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.desk.closed_alerts import PAGE_OF_CLOSED, ClosedRow, closed_alerts_of_case, page_of_closed_alerts
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.web.paging import Page, Place
from tests.factories import make_case, seen_by, sign_in, system_ctx
from tests.integration.desk.conftest import People
from tests.support.statements import counted
from tests.support.strict_client import StrictClient

CASES = ("referent", "colleague")


@pytest.fixture
def case_ids(engine: Engine, clock: FixedClock, people: People) -> tuple[int, int]:
    """Two cases, of the referent and of a colleague: a visit overdue closed by a contact, a report to the CAF made."""
    with system_ctx(engine, clock) as ctx:
        made = []
        for name in CASES:
            case = make_case(ctx, people.programme, referent=getattr(people, name), family_name=name.capitalize())
            record_contact(ctx, case.id, ContactNews(ctx.today, ContactKind.VAD, ContactOutcome.REALISEE))
            _close(ctx, case.id, AlertRule.CAF_REPORT_DUE, date(2026, 2, 28), "reported:2026-03-02")
            made.append(case.id)
        return made[0], made[1]


def _close(ctx: Ctx, case_id: int, rule: AlertRule, due_on: date, fact: str, closed_on: date | None = None) -> None:
    ctx.session.add(
        Alert(
            case_id=case_id,
            programme_id=ctx.session.scalars(select(Alert.programme_id)).first() or 0,
            rule=rule.value,
            due_on=due_on,
            raised_on=due_on,
            facts={},
            closed_on=closed_on or due_on + timedelta(days=2),
            closing_fact=fact,
        )
    )
    ctx.session.flush()


def _text(client: StrictClient, user: User, path: str) -> str:
    sign_in(client, user)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.get_data(as_text=True))


def _read_whole(ctx: Ctx, rule: str = "") -> Iterator[tuple[int, ...]]:
    place = Place()
    while True:
        page = page_of_closed_alerts(ctx, rule, place)
        yield tuple(row.id for row in page.rows)
        if not page.next:
            return
        place = Place.read(page.next, None)


@pytest.mark.parametrize("path", ["/alertes/closes", "/menages/{id}/alertes"])
def test_a_closed_alert_tells_its_rule_its_dates_and_the_fact_that_closed_it(
    client: StrictClient, people: People, case_ids: tuple[int, int], path: str
) -> None:
    text = _text(client, people.referent, path.format(id=case_ids[0]))

    assert "Visite en retard" in text
    assert "Contact le 30 mars 2026." in text
    assert "Impayé signalé le 2 mars 2026." in text
    for day in ("28/02/2026", "02/03/2026"):
        assert f">{day}<" in text, day


def test_the_history_of_a_household_holds_what_is_open_beside_what_is_closed(
    client: StrictClient, people: People, case_ids: tuple[int, int]
) -> None:
    text = _text(client, people.referent, f"/menages/{case_ids[0]}/alertes")

    assert "Réévaluation en retard" in text[: text.index('id="closed"')]
    assert "Visite en retard" in text[text.index('id="closed"') :]
    assert f"/menages/{case_ids[0]}/alertes" in _text(client, people.referent, f"/menages/{case_ids[0]}")


def test_each_sees_the_closed_alerts_of_the_cases_they_reach(
    engine: Engine, clock: FixedClock, people: People, case_ids: tuple[int, int]
) -> None:
    def seen(page: Page[ClosedRow]) -> set[tuple[int, str]]:
        return {(row.case_id, row.rule) for row in page.rows}

    with system_ctx(engine, clock) as ctx:
        reach = {
            name: seen(page_of_closed_alerts(seen_by(ctx, getattr(people, name)), "", Place()))
            for name in ("referent", "colleague", "manager", "social", "rents", "coordinator", "funder", "neighbour")
        }
        of_colleague = seen(closed_alerts_of_case(seen_by(ctx, people.referent), case_ids[1], Place()))
        of_rents = seen(closed_alerts_of_case(seen_by(ctx, people.rents), case_ids[0], Place()))

    own = {(case_ids[0], rule) for rule in ("VISIT_OVERDUE", "CAF_REPORT_DUE")}
    theirs = {(case_ids[1], rule) for rule in ("VISIT_OVERDUE", "CAF_REPORT_DUE")}
    rents = {(case_id, "CAF_REPORT_DUE") for case_id in case_ids}
    assert reach == {
        "referent": own,
        "colleague": theirs,
        "manager": own | theirs,
        "social": own | theirs,
        "rents": rents,
        "coordinator": own | theirs,
        "funder": set(),
        "neighbour": set(),
    }
    assert of_colleague == set()
    assert of_rents == {(case_ids[0], "CAF_REPORT_DUE")}


@pytest.mark.databases("sqlite")
def test_the_rent_office_is_told_of_rents_only(client: StrictClient, people: People, case_ids: tuple[int, int]) -> None:
    rents = "Impayé signalé le 2 mars 2026."
    others = ("Visite en retard", "Réévaluation", "Contact le")
    closed, own = "/alertes/closes", f"/menages/{case_ids[0]}/alertes"
    paths = (closed, f"{closed}?regle=VISIT_OVERDUE", own)

    read = {path: _text(client, people.rents, path) for path in paths}
    of_referent = {path: _text(client, people.referent, path) for path in paths}

    assert [path for path in paths if rents not in read[path]] == []
    assert [(path, words) for path in paths for words in others if words in read[path]] == []
    # They are there to be read.
    told = {path: {words for words in (rents, *others) if words in of_referent[path]} for path in paths}
    assert told[own] == {rents, *others}
    assert {rents, "Contact le"} <= told[closed]
    assert "Contact le" in told[paths[1]]
    assert rents not in told[paths[1]]


@pytest.mark.databases("sqlite")
def test_who_does_not_reach_a_case_reads_nothing_of_its_alerts(
    client: StrictClient, people: People, case_ids: tuple[int, int]
) -> None:
    own, closed = f"/menages/{case_ids[0]}/alertes", "/alertes/closes"

    def answers(user: User) -> tuple[int, int]:
        sign_in(client, user)
        return client.get(own).status_code, client.get(closed).status_code

    assert answers(people.referent) == (200, 200)
    assert answers(people.colleague) == (404, 200)
    assert answers(people.neighbour) == (404, 200)
    assert answers(people.funder) == (403, 403)


def test_closed_alerts_are_read_to_the_first_page_by_page_and_back(
    engine: Engine, clock: FixedClock, people: People, case_ids: tuple[int, int]
) -> None:
    with system_ctx(engine, clock) as ctx:
        for number in range(2 * PAGE_OF_CLOSED):
            due_on = date(2024, 1, 1) + timedelta(days=number)
            # Three are closed on each day: the number of the alert settles which comes first.
            _close(ctx, case_ids[0], AlertRule.VISIT_OVERDUE, due_on, "suspended", date(2025, 1, 1 + number // 5))
        eyes = seen_by(ctx, people.manager)
        pages = list(_read_whole(eyes))
        last = page_of_closed_alerts(eyes, "", Place.read(None, f"2024-01-01~{pages[-1][-1]}"))
        of_rule = [alert_id for page in _read_whole(eyes, "CAF_REPORT_DUE") for alert_id in page]
        everything = ctx.session.execute(select(Alert.id, Alert.closed_on).where(Alert.closed_on.is_not(None))).all()

    read = [alert_id for page in pages for alert_id in page]
    assert [len(page) for page in pages] == [PAGE_OF_CLOSED, PAGE_OF_CLOSED, 4]
    assert read == [row.id for row in sorted(everything, key=lambda row: (row.closed_on, row.id), reverse=True)]
    assert [row.id for row in last.rows] == read[-PAGE_OF_CLOSED:]
    assert len(of_rule) == 2


@pytest.mark.databases("sqlite")
def test_pages_of_closed_alerts_lead_to_one_another(
    client: StrictClient, people: People, case_ids: tuple[int, int], engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        for number in range(PAGE_OF_CLOSED):
            _close(ctx, case_ids[0], AlertRule.CAF_REPORT_DUE, date(2024, 1, 1) + timedelta(days=number), "case_gone")
    for path in ("/alertes/closes", f"/menages/{case_ids[0]}/alertes"):
        first = _text(client, people.referent, f"{path}?regle=CAF_REPORT_DUE")
        assert 'rel="prev"' not in first
        following = first.split('rel="next" href="')[1].split('"')[0]
        second = _text(client, people.referent, following)
        assert 'rel="prev"' in second
        assert 'rel="next"' not in second
        assert ("regle=CAF_REPORT_DUE" in following) == path.startswith("/alertes")


@pytest.mark.parametrize("path", ["/alertes/closes", "/menages/{id}/alertes"])
def test_many_closed_alerts_ask_no_more_questions_than_few(
    client: StrictClient, people: People, case_ids: tuple[int, int], engine: Engine, clock: FixedClock, path: str
) -> None:
    app_engine, url = client.application.extensions["casework"].engine, path.format(id=case_ids[0])
    sign_in(client, people.manager)
    client.get(url)
    with counted(app_engine) as few:
        client.get(url)
    with system_ctx(engine, clock) as ctx:
        for number in range(2 * PAGE_OF_CLOSED):
            _close(ctx, case_ids[0], AlertRule.VISIT_OVERDUE, date(2024, 1, 1) + timedelta(days=number), "suspended")
    with counted(app_engine) as many:
        client.get(url)

    assert len(many) == len(few)
    assert len(few) <= 9


@pytest.mark.databases("sqlite")
def test_who_has_no_closed_alert_is_told_so(client: StrictClient, people: People) -> None:
    assert "Aucune alerte close" in _text(client, people.referent, "/alertes/closes")
