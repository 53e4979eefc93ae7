from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Category, Role
from casework.cases.models import CaseEnd, Suspension, VersionMove
from casework.cases.queries import case_head
from casework.contacts.models import Contact
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.contracts.models import Contract
from casework.desk import timeline
from casework.desk.case_queries import thread_and_details
from casework.desk.timeline import ThreadPlace, ThreadRow
from casework.diagnostics.models import Diagnostic
from casework.exits.service import EndNews, end_case
from casework.exits.vocabulary import EndReason, Outcome
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.reading import ReadingEntry
from casework.leases.models import LeaseStage
from casework.reassessments.models import Reassessment
from casework.rents.models import ArrearsReport
from tests.factories import acting_as, make_case, make_rent_line, seen_by, sign_in, system_ctx
from tests.integration.desk.conftest import People
from tests.support.statements import counted
from tests.support.strict_client import StrictClient

PRIVATE = ("CANARI-SOCIAL", "CANARI-ENTRETIEN", "CANARI-REVUE")
EVERYTHING = frozenset(Category)
SHARED = ("PART-LOGEMENT", "NOTE-PARTAGEE", "REVUE-PARTAGEE")


@pytest.fixture
def case_id(engine: Engine, clock: FixedClock, people: People) -> int:
    """A case with every kind of entry, each with its own words."""
    with system_ctx(engine, clock) as ctx:
        case = make_case(
            ctx, people.programme, referent=people.referent, family_name="Lefèvre", given_name="Inès", lease_number="B1"
        )
        now, day, author = ctx.clock.now(), ctx.today, people.referent.id
        diagnostic = ctx.session.scalars(select(Diagnostic)).one()
        diagnostic.social_part, diagnostic.housing_part = PRIVATE[0], SHARED[0]
        diagnostic.recommendation = "ACC_RENFORCE"
        make_rent_line(ctx, case, date(2026, 2, 1), 1_234_56)
        ctx.session.add_all(
            [
                Contact(
                    case_id=case.id,
                    occurred_on=day,
                    kind="VAD",
                    outcome="REALISEE",
                    created_at=now,
                    author_id=author,
                    shared_note=SHARED[1],
                    private_note=PRIVATE[1],
                ),
                Reassessment(
                    case_id=case.id,
                    held_on=day,
                    decision="POURSUITE",
                    created_at=now,
                    author_id=author,
                    shared_note=SHARED[2],
                    private_note=PRIVATE[2],
                ),
                LeaseStage(case_id=case.id, stage="BAIL_GLISSANT", from_on=day, created_at=now, note="NOTE-DU-BAIL"),
                Suspension(
                    case_id=case.id, from_on=day - timedelta(days=9), to_on=day - timedelta(days=3), reason="Absence"
                ),
                VersionMove(
                    case_id=case.id,
                    decided_on=day,
                    from_number=1,
                    to_number=2,
                    reason="MOTIF-DE-VERSION",
                    created_at=now,
                    author_id=author,
                ),
                ArrearsReport(
                    case_id=case.id,
                    reported_on=day,
                    debt_cents=700_00,
                    author_id=author,
                    created_at=now,
                    reference="CAF-17",
                ),
            ]
        )
        ctx.case_changed(case.id)
        return case.id


def _page(client: StrictClient, user: User, path: str) -> str:
    sign_in(client, user)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_the_page_tells_who_where_since_when_what_is_due_and_what_is_owed(
    client: StrictClient, people: People, case_id: int
) -> None:
    text = _page(client, people.referent, f"/menages/{case_id}")

    for words in (
        "Lefèvre",
        "Inès",
        "3 rue des Lilas",
        "Boiffiers",
        "1\u00a0234,56\u00a0€",
        "Bail glissant",
        "Qui lit cette fiche",
    ):
        assert words in text, words
    band = text[text.index('class="band"') : text.index("</dl>")]
    assert "Accompagnement renforcé" in band
    for words in (*PRIVATE, *SHARED, "NOTE-DU-BAIL", "Absence", "CAF-17", "Orientation", "MOTIF-DE-VERSION"):
        assert words in text, words


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("today", "balances", "words"),
    [
        (date(2026, 3, 30), {11: 100, 12: 200, 1: 300, 2: 450}, "en hausse de 350,00 € en trois mois"),
        (date(2026, 3, 30), {11: 100, 12: 200, 1: 300, 2: 450, 3: 900}, "en hausse de 350,00 € en trois mois"),
        (date(2026, 3, 31), {11: 100, 12: 200, 1: 300, 2: 450, 3: 900}, "en hausse de 700,00 € en trois mois"),
        (date(2026, 3, 30), {11: 500, 12: 100, 1: 100, 2: 450}, "en baisse de 50,00 € en trois mois"),
        (date(2026, 3, 30), {11: -80, 12: 0, 1: 0, 2: 30}, "en hausse de 30,00 € en trois mois"),
        (date(2026, 3, 30), {11: -80, 2: -10}, "stable sur trois mois"),
        (date(2026, 3, 30), {10: 100, 12: 200, 1: 300, 2: 450}, "dernier quittancement : février 2026"),
        (date(2026, 3, 30), {2: 450}, "dernier quittancement : février 2026"),
        (date(2026, 3, 30), {3: 450}, "aucun quittancement reçu"),
    ],
)
def test_the_debt_is_compared_with_that_of_three_months_before(
    client: StrictClient,
    engine: Engine,
    clock: FixedClock,
    people: People,
    today: date,
    balances: dict[int, int],
    words: str,
) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, people.programme, referent=people.referent, lease_number="B9")
        for month, balance in balances.items():
            make_rent_line(ctx, case, date(2025 if month > 6 else 2026, month, 1), balance * 100)
    clock.instant += today - ctx.today
    with system_ctx(engine, clock) as ctx:
        ctx.case_changed(case.id)

    text = _page(client, people.referent, f"/menages/{case.id}").replace("\u00a0", " ")

    band = text[text.index("Dette de loyer") :]
    assert words in band[: band.index("</li>")]


@pytest.mark.parametrize("who", ["social", "coordinator", "rents"])
def test_what_is_private_never_leaves_the_association(
    client: StrictClient, people: People, case_id: int, who: str
) -> None:
    for group in ("", *timeline.GROUPS, "nonsense"):
        text = _page(client, getattr(people, who), f"/menages/{case_id}?type={group}")
        assert [words for words in PRIVATE if words in text] == [], group


@pytest.mark.databases("sqlite")
def test_the_landlord_s_social_team_reads_what_is_shared(client: StrictClient, people: People, case_id: int) -> None:
    text = _page(client, people.social, f"/menages/{case_id}")

    assert [words for words in SHARED if words not in text] == []


@pytest.mark.databases("sqlite")
def test_the_rent_office_sees_neither_contacts_nor_diagnostics(
    client: StrictClient, people: People, case_id: int
) -> None:
    text = _page(client, people.rents, f"/menages/{case_id}")

    assert "1\u00a0234,56\u00a0€" in text
    for words in (
        *SHARED,
        "Dernier contact",
        "Taux d’effort",
        "Accompagnement renforcé",
        "Visite à domicile",
        "Réévaluation :",
        "Noter un contact",
    ):
        assert words not in text, words


def _thread(ctx: Ctx, case_id: int, group: str = "", place: ThreadPlace | None = None) -> list[ThreadRow]:
    return thread_and_details(ctx, case_head(ctx, case_id), group, place, EVERYTHING)[0]


def test_private_words_are_not_even_asked_of_the_database(
    engine: Engine, clock: FixedClock, people: People, case_id: int
) -> None:
    with system_ctx(engine, clock) as ctx:
        rows = _thread(seen_by(ctx, people.social), case_id)
        own = _thread(seen_by(ctx, people.referent), case_id)

    assert {row.private for row in rows} == {None}
    assert {row.private for row in own} > set(PRIVATE)
    assert {row.kind for row in own} == set(timeline.KINDS) - {"end"}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("path", ["/menages/{id}", "/menages/{id}?type=contacts", "/menages/404404"])
def test_who_does_not_reach_a_case_is_told_the_same_as_for_one_that_is_not_there(
    client: StrictClient, people: People, case_id: int, path: str
) -> None:
    answers = []
    for stranger in (people.colleague, people.neighbour):
        sign_in(client, stranger)
        answers.append(client.get(path.format(id=case_id)))
        answers.append(client.get("/menages/404404404"))

    assert {answer.status_code for answer in answers} == {404}
    texts = {answer.get_data(as_text=True) for answer in answers}
    assert len({text[text.index("<main") :] for text in texts}) == 1
    sign_in(client, people.funder)
    assert client.get(f"/menages/{case_id}").status_code == 403


def test_an_ended_case_tells_its_end(
    client: StrictClient, people: People, case_id: int, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        news = EndNews(ctx.today, EndReason.OBJ, Outcome.MAINTIEN_TITRE, note="Le ménage est autonome.")
        end_case(ctx, case_id, news)

    text = _page(client, people.referent, f"/menages/{case_id}")

    assert "Terminé" in text
    assert "Fin de l’accompagnement" in text


@pytest.mark.parametrize(
    ("path", "when_running", "when_ended"),
    [
        ("", "en cours</span>", None),
        ("/equipe", "Suspendre l’accompagnement", None),
        ("/version", None, "L’accompagnement a pris fin"),
        ("/bail", "jusqu’au 30 septembre 2026", "Accompagnement terminé"),
        ("/contrats", "Faire un avenant", None),
    ],
)
@pytest.mark.parametrize(("days", "has_ended"), [(1, False), (0, True)])
def test_an_end_that_is_to_come_ends_nothing_yet(
    client: StrictClient,
    people: People,
    case_id: int,
    engine: Engine,
    clock: FixedClock,
    days: int,
    has_ended: bool,
    path: str,
    when_running: str | None,
    when_ended: str | None,
) -> None:
    with system_ctx(engine, clock) as ctx:
        end = CaseEnd(
            case_id=case_id,
            ended_on=ctx.today + timedelta(days=days),
            reason="OBJ",
            outcome="MAINTIEN_TITRE",
            created_at=ctx.clock.now(),
        )
        ctx.session.add(end)
        ctx.case_changed(case_id)
        contract_id = ctx.session.scalars(select(Contract.id)).first()

    address = path.replace("/contrats", f"/contrats/{contract_id}")
    text = _page(client, people.manager, f"/menages/{case_id}{address}")

    for words, is_said in ((when_running, not has_ended), (when_ended, has_ended)):
        assert words is None or (words in text) is is_said, words


def test_what_an_end_tells_of_somebodys_health_is_the_associations_to_read(
    client: StrictClient, people: People, case_id: int, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        end_case(ctx, case_id, EndNews(ctx.today, EndReason.HOSP, Outcome.MAINTIEN_TITRE))

    texts = {user.role: _page(client, user, f"/menages/{case_id}") for user in people.who_reach_cases()}

    told = {role: "hospitalisation" in text.lower() for role, text in texts.items()}
    absent = {role: "absence de longue durée" in text for role, text in texts.items()}
    assert {role for role, is_told in told.items() if is_told} == {Role.REFERENT, Role.MANAGER}
    assert {role for role, is_told in absent.items() if is_told} == {Role.LANDLORD_SOCIAL, Role.COORDINATOR}


def test_a_rent_office_does_not_read_where_somebody_came_from_nor_why_they_left(
    client: StrictClient, people: People, case_id: int, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        end_case(ctx, case_id, EndNews(ctx.today, EndReason.OBJ, Outcome.MAINTIEN_TITRE))

    read, unread = (_page(client, user, f"/menages/{case_id}") for user in (people.social, people.rents))

    for words in ("Logé à l’entrée", "Orientation\u00a0:", "objectifs atteints"):
        assert words in read
        assert words not in unread
    assert "Fin de l’accompagnement" in unread


def _note_many(ctx: Ctx, case_id: int, count: int) -> None:
    for number in range(count):
        contact = Contact(
            case_id=case_id,
            occurred_on=ctx.today - timedelta(days=number // 3),
            kind="TEL",
            outcome="REALISEE",
            created_at=ctx.clock.now(),
            shared_note=f"appel {number}",
        )
        ctx.session.add(contact)
    ctx.session.flush()


def test_the_thread_is_read_to_its_beginning_page_by_page(
    engine: Engine, clock: FixedClock, people: People, case_id: int
) -> None:
    with system_ctx(engine, clock) as ctx:
        _note_many(ctx, case_id, 2 * timeline.SIZE + 7)
        eyes = seen_by(ctx, people.referent)
        read, place = [], None
        while True:
            rows = _thread(eyes, case_id, place=place)
            shown = rows[: timeline.SIZE]
            read += [(row.on, row.rank, row.entry_id) for row in shown]
            if len(rows) <= timeline.SIZE:
                break
            place = ThreadPlace(shown[-1].on, shown[-1].rank, shown[-1].entry_id)

    assert read == sorted(read, reverse=True)
    assert len(read) == len(set(read)) == 2 * timeline.SIZE + 7 + 9
    assert len(read) > 2 * timeline.SIZE


def test_a_filter_of_the_thread_shows_its_kinds_only(
    engine: Engine, clock: FixedClock, people: People, case_id: int
) -> None:
    with system_ctx(engine, clock) as ctx:
        eyes = seen_by(ctx, people.referent)
        whole = {row.kind for row in _thread(eyes, case_id)}
        shown = {group: {row.kind for row in _thread(eyes, case_id, group)} for group in timeline.GROUPS}

    assert len(whole) > 1
    assert len(shown) > 1
    assert shown == {group: whole & set(kinds) for group, kinds in timeline.GROUPS.items()}
    assert [group for group, kinds in shown.items() if not kinds] == []


@pytest.mark.databases("sqlite")
def test_a_place_that_cannot_be_read_shows_the_newest(client: StrictClient, people: People, case_id: int) -> None:
    for before in (
        "",
        "x",
        "2026-03-01",
        "2026-03-01~7~0",
        "2026-03-01~7~x",
        "2026-02-30~1~1",
        "~~~",
        "2026-03-01~999~1",
    ):
        assert SHARED[1] in _page(client, people.referent, f"/menages/{case_id}?avant={before}"), before


def test_the_page_of_a_long_history_asks_no_more_questions_than_that_of_a_short_one(
    client: StrictClient, people: People, case_id: int, engine: Engine, clock: FixedClock
) -> None:
    app_engine = client.application.extensions["casework"].engine
    sign_in(client, people.referent)
    client.get(f"/menages/{case_id}")
    with counted(app_engine) as few:
        client.get(f"/menages/{case_id}")
    with system_ctx(engine, clock) as ctx:
        _note_many(ctx, case_id, 200)
        ctx.session.add_all(
            Contract(case_id=case_id, kind="AVENANT", signed_on=ctx.today, created_at=ctx.clock.now()) for _ in range(5)
        )
        ctx.case_changed(case_id)
    with counted(app_engine) as many:
        client.get(f"/menages/{case_id}")

    assert len(many) == len(few)
    assert len(few) <= 12


def test_noting_a_contact_changes_what_is_due_at_once(
    client: StrictClient, people: People, case_id: int, engine: Engine, clock: FixedClock
) -> None:
    clock.instant += timedelta(days=40)
    with system_ctx(engine, clock) as ctx:
        ctx.case_changed(case_id)
    assert "Visite en retard" in _page(client, people.referent, "/")

    with system_ctx(engine, clock) as ctx:
        record_contact(ctx, case_id, ContactNews(ctx.today, ContactKind.VAD, ContactOutcome.REALISEE))

    assert "Visite en retard" not in _page(client, people.referent, "/")


def test_who_opens_a_case_is_noted_and_who_is_refused_is_not(
    client: StrictClient, engine: Engine, people: People, case_id: int
) -> None:
    for _ in range(2):
        _page(client, people.social, f"/menages/{case_id}")
    sign_in(client, people.neighbour)
    assert client.get(f"/menages/{case_id}").status_code == 404

    with Session(engine) as session:
        log = session.execute(select(ReadingEntry.user_id, ReadingEntry.case_id, ReadingEntry.what)).all()
    assert log == [(people.social.id, case_id, "CASE")]


@pytest.mark.databases("sqlite")
def test_every_link_of_the_thread_says_of_which_entry_it_is(
    client: StrictClient, engine: Engine, clock: FixedClock, people: People, case_id: int
) -> None:
    with acting_as(engine, clock, people.referent) as ctx:  # two on one day
        for _again in range(2):
            record_contact(ctx, case_id, ContactNews(ctx.today, ContactKind.VAD, ContactOutcome.REALISEE))
    sign_in(client, people.referent)

    page = unescape(client.get(f"/menages/{case_id}").get_data(as_text=True))

    heads = re.findall(r'<p class="entry-head">.*?</p>', page, re.DOTALL)
    links = [re.sub("<[^>]*>", "", link) for head in heads for link in re.findall(r"<a .*?</a>", head)]
    assert "Corriger – Visite à domicile, 30 mars 2026 (2)" in links
    assert any(link.startswith("Ouvrir – Réévaluation") for link in links)
    assert len(links) == len(set(links)) > 4


@pytest.mark.databases("sqlite")
def test_there_is_no_landmark_beside_a_page_that_has_nothing_there(
    client: StrictClient, engine: Engine, people: People, case_id: int
) -> None:
    with Session(engine) as session:
        reassessment = session.scalars(select(Reassessment)).one()
    sign_in(client, people.referent)

    assert "<aside" in client.get(f"/menages/{case_id}").get_data(as_text=True)
    alone = client.get(f"/menages/{case_id}/reevaluations/{reassessment.id}")
    assert alone.status_code == 200
    assert "<aside" not in alone.get_data(as_text=True)
