from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import Engine, insert, select, update

from casework.accounts.vocabulary import Category
from casework.alerts.models import Alert, CaseSummary
from casework.cases.models import Case, CaseTeamMember
from casework.desk import caseload
from casework.desk.caseload import ALL_STATES, SORTS, Filters, choices, list_cases
from casework.kernel.audit import record_bulk
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.programmes.vocabulary.sharing import Opening
from casework.web.paging import Place
from tests.factories import Stage, make_case, make_convention, seen_by, sign_in, system_ctx
from tests.integration.desk.conftest import People
from tests.support.statements import counted
from tests.support.strict_client import StrictClient

NAMES = (
    ("Lefèvre", "Inès"),
    ("L’Œuvre", "Zoé"),
    ("Łukasz", "Ewa"),
    ("محمد", "سارة"),
    ("Petit", "Noël"),
    ("D’Angelo", "Luc"),
)


@pytest.fixture
def cases(engine: Engine, clock: FixedClock, people: People) -> list[int]:
    """Six households of different names, districts, states and referents."""
    with system_ctx(engine, clock) as ctx:
        made = []
        for place, (family_name, given_name) in enumerate(NAMES):
            case = make_case(
                ctx,
                people.programme,
                stage=(Stage.ACTIVE, Stage.ACTIVE, Stage.ACTIVE, Stage.ACTIVE, Stage.ENDED, Stage.REFERRED)[place],
                referent=people.colleague if place == 2 else people.referent,
                family_name=family_name,
                given_name=given_name,
                number=f"SAI-2025-{place:03d}",
                lease_number=f"BAIL/{place}",
            )
            made.append(case.id)
        return made


def _found(ctx: Ctx, **filters: object) -> list[str]:
    wanted = Filters(**{"state": ALL_STATES, "sort": "nom", **filters})  # type: ignore[arg-type]
    return [row.name for row in list_cases(ctx, wanted, Place()).rows]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lefevre", "Lefèvre Inès"),
        ("LEFÈVRE ines", "Lefèvre Inès"),
        ("ines lef", "Lefèvre Inès"),
        ("oeuvre", "L’Œuvre Zoé"),
        ("lukasz", "Łukasz Ewa"),
        ("محمد", "محمد سارة"),
        ("noel", "Petit Noël"),
        ("d'angelo", "D’Angelo Luc"),
        ("dangelo", "D’Angelo Luc"),
        ("DÁNGELO luc", "D’Angelo Luc"),
        ("loeuvre", "L’Œuvre Zoé"),
        ("SAI-2025-001", "L’Œuvre Zoé"),
        ("bail/4", "Petit Noël"),
    ],
)
def test_a_household_is_found_without_accents_by_parts_by_number_and_by_lease(
    engine: Engine, clock: FixedClock, people: People, cases: list[int], text: str, name: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        assert _found(seen_by(ctx, people.manager), text=text) == [name]


def test_a_search_for_signs_of_the_database_finds_nothing(
    engine: Engine, clock: FixedClock, people: People, cases: list[int]
) -> None:
    with system_ctx(engine, clock) as ctx:
        eyes = seen_by(ctx, people.manager)
        assert _found(eyes, text="lefevre petit") == []
        assert len(_found(eyes, text="%")) in {0, 6}
        assert _found(eyes, text="x_x") == []


def test_a_short_word_is_not_found_across_two_names(
    engine: Engine, clock: FixedClock, people: People, cases: list[int]
) -> None:
    """« tno » ends Petit and begins Noël."""
    with system_ctx(engine, clock) as ctx:
        assert _found(seen_by(ctx, people.manager), text="tno") == []


def test_filters_keep_the_state_the_referent_the_district_and_the_alert(
    engine: Engine, clock: FixedClock, people: People, cases: list[int]
) -> None:
    with system_ctx(engine, clock) as ctx:
        eyes = seen_by(ctx, people.manager)
        assert len(_found(eyes, state="ACTIVE")) == 4
        assert _found(eyes, state="ENDED") == ["Petit Noël"]
        assert _found(eyes, state="REFERRED") == ["D’Angelo Luc"]
        assert _found(eyes, referent_id=people.colleague.id) == ["Łukasz Ewa"]
        assert _found(eyes, referent_id=people.funder.id) == []
        assert len(_found(eyes, district="Boiffiers")) == 6
        assert _found(eyes, district="boiffiers ") == []
        assert len(_found(eyes, rule="VISIT_OVERDUE")) == 4
        assert _found(eyes, rule="ARREARS_EARLY") == []


def test_each_sees_the_cases_they_reach_and_their_choices(
    engine: Engine, clock: FixedClock, people: People, cases: list[int]
) -> None:
    with system_ctx(engine, clock) as ctx:
        reach = {
            name: len(_found(seen_by(ctx, getattr(people, name))))
            for name in ("referent", "colleague", "manager", "social", "rents", "coordinator", "funder", "neighbour")
        }
        own = choices(seen_by(ctx, people.colleague))
        whole = choices(seen_by(ctx, people.manager))
        none = choices(seen_by(ctx, people.neighbour))

    assert reach == {
        "referent": 5,
        "colleague": 1,
        "manager": 6,
        "social": 6,
        "rents": 6,
        "coordinator": 6,
        "funder": 0,
        "neighbour": 0,
    }
    assert list(own.referents) == [(people.colleague.id, people.colleague.display_name)]
    assert {user_id for user_id, _name in whole.referents} == {people.referent.id, people.colleague.id}
    assert list(whole.districts) == list(own.districts) == ["Boiffiers"]
    assert (list(none.referents), list(none.districts)) == ([], [])


def test_a_helper_of_the_team_sees_the_case_too(
    engine: Engine, clock: FixedClock, people: People, cases: list[int]
) -> None:
    with system_ctx(engine, clock) as ctx:
        ctx.session.add(CaseTeamMember(case_id=cases[0], user_id=people.colleague.id, since_on=ctx.today))
        ctx.session.flush()

        assert _found(seen_by(ctx, people.colleague)) == ["Lefèvre Inès", "Łukasz Ewa"]


def _crowd(ctx: Ctx, people: People, count: int) -> list[int]:
    """Write summaries with many equal values, as lists of real teams have."""
    model = make_case(ctx, people.programme, referent=people.referent)
    case = ctx.session.execute(select(*Case.__table__.c).where(Case.id == model.id)).mappings().one()
    row = ctx.session.execute(select(*CaseSummary.__table__.c)).mappings().one()
    chance = random.Random(17)
    numbers = [f"X-{place}" for place in range(count)]
    ctx.session.execute(insert(Case), [{**case, "id": None, "number": number} for number in numbers])
    record_bulk(ctx, Case, "test", {"rows": count})
    ids = ctx.session.scalars(select(Case.id).where(Case.number.in_(numbers)).order_by(Case.id)).all()
    values = [
        {
            **row,
            "case_id": case_id,
            "name_key": chance.choice(("durand", "martin", "petit")),
            "next_due_on": date(2026, 4, 1) + timedelta(days=chance.randrange(3)),
            "last_contact_on": date(2026, 1, 1) + timedelta(days=chance.randrange(3)),
            "debt_cents": chance.choice((0, 100, 2_000)),
        }
        for case_id in ids
    ]
    ctx.session.execute(insert(CaseSummary), values)
    ctx.session.execute(update(CaseSummary).where(CaseSummary.case_id == model.id).values(state="ENDED"))
    return list(ids)


def _walk(ctx: Ctx, filters: Filters, *, backwards: bool) -> list[int]:
    """Return the ids in the order of the list, read page by page to its end or from its end."""
    ids: list[int] = []
    page = list_cases(ctx, filters, Place())
    if backwards:
        while page.next:
            page = list_cases(ctx, filters, Place.read(page.next, None))
    while True:
        found = [row.case_id for row in page.rows]
        ids = found + ids if backwards else ids + found
        following = page.previous if backwards else page.next
        if not following:
            return ids
        page = list_cases(ctx, filters, Place.read(None, following) if backwards else Place.read(following, None))


def test_pages_together_are_the_whole_list_forwards_and_backwards(
    engine: Engine, clock: FixedClock, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {"nom": "name_key", "echeance": "next_due_on", "contact": "last_contact_on", "dette": "debt_cents"}
    with system_ctx(engine, clock) as ctx:
        ids = _crowd(ctx, people, 20)
        eyes = seen_by(ctx, people.manager)
        rows = {row.case_id: row for row in ctx.session.scalars(select(CaseSummary))}
        monkeypatch.setattr(caseload, "SIZE", 6)
        for sort, column in columns.items():
            for descending in (False, True):
                wanted = sorted(ids, key=lambda i: (getattr(rows[i], column), i), reverse=descending)
                filters = Filters(sort=sort, descending=descending)
                assert _walk(eyes, filters, backwards=False) == wanted, (sort, descending)
                assert _walk(eyes, filters, backwards=True) == wanted, (sort, descending)
    assert set(columns) == set(SORTS)


@pytest.mark.parametrize("hostile", ["~5", "x~5", "2026-13-45~5", "9" * 30 + "~5", "1e5~5", "~~~5", "5", "٣~٣"])
def test_a_place_that_cannot_be_read_is_the_start_of_the_list_in_its_order(
    engine: Engine, clock: FixedClock, people: People, hostile: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        _crowd(ctx, people, 4)
        eyes = seen_by(ctx, people.manager)
        for sort in ("echeance", "dette"):
            start = list_cases(eyes, Filters(sort=sort), Place())
            for place in (Place.read(hostile, None), Place.read(None, hostile)):
                assert list_cases(eyes, Filters(sort=sort), place) == start


def test_many_rows_ask_no_more_questions_than_one(
    client: StrictClient, people: People, engine: Engine, clock: FixedClock
) -> None:
    app_engine = client.application.extensions["casework"].engine
    sign_in(client, people.manager)

    def questions() -> int:
        client.get("/menages")
        with counted(app_engine) as statements:
            assert client.get("/menages").status_code == 200
        return len(statements)

    with system_ctx(engine, clock) as ctx:
        make_case(ctx, people.programme, referent=people.referent)
    few = questions()
    assert few <= 8
    with system_ctx(engine, clock) as ctx:
        for number in range(50):
            make_case(ctx, people.programme, stage=Stage.REFERRED, number=f"M-{number}")
    client.get("/menages?etat=tous")
    with counted(app_engine) as many:
        text = client.get("/menages?etat=tous").get_data(as_text=True)

    assert text.count("row-link") == 50
    assert len(many) == few


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("who", ["referent", "manager", "social", "rents", "coordinator"])
def test_every_side_opens_the_list_in_every_order(
    client: StrictClient, people: People, cases: Sequence[int], who: str
) -> None:
    sign_in(client, getattr(people, who))
    for query in (
        "",
        "?etat=tous&tri=nom",
        "?tri=dette&sens=desc",
        "?tri=contact",
        "?q=lefevre",
        "?alerte=VISIT_OVERDUE",
    ):
        assert client.get(f"/menages{query}").status_code == 200


@pytest.mark.databases("sqlite")
def test_the_rent_office_does_not_learn_when_somebody_was_met(
    client: StrictClient, people: People, cases: Sequence[int]
) -> None:
    sign_in(client, people.rents)
    for query in ("", "?tri=contact", "?tri=echeance", "?alerte=VISIT_OVERDUE"):
        text = client.get(f"/menages{query}").get_data(as_text=True)
        assert "Dernier contact" not in text
        assert "en retard" not in text[text.index("<table") : text.index("</table")]
        assert 'value="VISIT_OVERDUE"' not in text


YESTERDAY, TODAY = date(2026, 3, 29), date(2026, 3, 30)


@pytest.mark.parametrize(
    ("alerts", "badges"),
    [
        ((), {"referent": "En cours", "social": "En cours", "rents": "En cours"}),
        ((("CAF_REPORT_DUE", YESTERDAY),), {"referent": "en retard", "social": "en retard", "rents": "en retard"}),
        ((("CAF_REPORT_DUE", TODAY),), {"referent": "à venir", "social": "à venir", "rents": "à venir"}),
        ((("ARREARS_CONSTITUTED", YESTERDAY),), {"referent": "alerte", "social": "alerte", "rents": "alerte"}),
        ((("CONTRACT_ENDED", YESTERDAY),), {"referent": "en retard", "social": "en retard", "rents": "En cours"}),
        ((("CONTRACT_ENDING", YESTERDAY),), {"referent": "à venir", "social": "à venir", "rents": "En cours"}),
        ((("CONTACT_LOST", YESTERDAY),), {"referent": "alerte", "social": "En cours", "rents": "En cours"}),
        (
            (("ARREARS_EARLY", YESTERDAY), ("VISIT_OVERDUE", YESTERDAY)),
            {"referent": "en retard", "social": "alerte", "rents": "alerte"},
        ),
    ],
)
def test_the_badge_follows_the_alerts_that_its_reader_may_see(
    client: StrictClient,
    engine: Engine,
    clock: FixedClock,
    people: People,
    alerts: Sequence[tuple[str, date]],
    badges: dict[str, str],
) -> None:
    """The convention closes contacts to the landlord: they are not told by a badge, either."""
    with system_ctx(engine, clock) as ctx:
        make_convention(ctx, people.programme, {Category.CONTACTS: Opening.CLOSED})
        case = make_case(ctx, people.programme, referent=people.referent, signed_on=ctx.today)
        ctx.session.add_all(
            Alert(case_id=case.id, programme_id=case.programme_id, rule=rule, due_on=on, raised_on=on, facts={})
            for rule, on in alerts
        )
        ctx.session.flush()
        ctx.session.execute(update(CaseSummary).values(open_alerts=len(alerts)))

    shown = {}
    for who in badges:
        sign_in(client, getattr(people, who))
        text = client.get("/menages").get_data(as_text=True)
        cell = text[text.index('<td class="first">') :].split("</td>")[0]
        shown[who] = re.sub("<[^>]*>", "", cell).strip()

    assert shown == badges


@pytest.mark.databases("sqlite")
def test_the_filters_that_hold_are_shown_and_each_can_be_taken_off(
    client: StrictClient, people: People, cases: Sequence[int]
) -> None:
    sign_in(client, people.manager)
    query = f"quartier=Boiffiers&alerte=VISIT_OVERDUE&referent={people.referent.id}&q=lef"
    text = unescape(client.get(f"/menages?{query}&tri=nom").get_data(as_text=True))
    applied = text[text.index('aria-label="Filtres appliqués"') :].split("</nav>")[0]

    for words in ("Recherche «\u00a0lef\u00a0»", "Visite en retard", "Boiffiers", people.referent.display_name):
        assert words in applied
    left = re.findall(r'<a[^>]* href="([^"]*)"', applied)
    assert len(left) == 5
    for kept, url in zip(
        (("quartier", "alerte", "referent"), ("quartier", "referent", "q"), ("alerte", "referent", "q")),
        left[:3],
        strict=True,
    ):
        assert {name for name in ("quartier", "alerte", "referent", "q") if f"{name}=" in url} == set(kept)
        assert "tri=nom" in url
    assert not any(f"{name}=" in left[-1] for name in ("quartier", "alerte", "referent", "q"))
    assert "Filtres appliqués" not in client.get("/menages?tri=nom").get_data(as_text=True)
