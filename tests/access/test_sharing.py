"""What a convention keeps from the landlord is nowhere: every category, at every place where the landlord reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from casework.accounts.permissions import SHAREABLE
from casework.accounts.vocabulary import Category, Role
from casework.alerts.vocabulary import AlertRule
from casework.programmes.models import Programme, SharingClause, SharingConvention
from casework.programmes.vocabulary.sharing import STANDS_IN, Opening
from tests.access.requests import READ, WRITE, Door
from tests.access.vocabulary import PRIVATE, TODAY, Relation, secret_words
from tests.factories import make_convention, system_ctx

S = Role.LANDLORD_SOCIAL
# What each category shows of the own case, where it is read. Words of a list are planted, or written by that category alone.
SHOWN: dict[Category, tuple[str, ...]] = {
    Category.COMPOSITION: ("Femme seule", "1 adulte"),
    Category.CONTACTS: ("12 janvier 2026", "Dernier contact", "Visite en retard", "Vus dans les 30 jours"),
    Category.APPOINTMENTS: ("2 avril 2026",),
    Category.NOTES: ("Partagecontact", "Partagebilan"),
    Category.DIAGNOSTIC: ("Partagediagnostic", "Partagepreconisation", "Préconisation"),
    Category.BUDGET: ("Taux d’effort", "Reste à vivre", "1 200,00"),
    Category.REASSESSMENTS: ("Partageparole", "15 janvier 2026", "Réévaluation en retard"),
    Category.OBJECTIVES: ("Partageobjectif", "Payer le loyer à date"),
}
# What the landlord is a party to stays, whatever a convention says.
ALWAYS = ("Ownzephyr", "1 rue Ownvoie", "Partagemotif", "Partageavenant", "Impayé constitué")


SOME = (Category.NOTES, Category.BUDGET, Category.APPOINTMENTS, Category.COMPOSITION)
FACTS = (Category.CONTACTS, Category.REASSESSMENTS, Category.NOTES)


def _places(door: Door) -> list[str]:
    """Return where a landlord's social team reads: pages, lists, searches, lists behind figures, files."""
    place = door.world.places[Relation.OWN]
    case, review = f"/menages/{place['case_id']}", f"/bilans/{place['code']}/{TODAY.year}"
    figures = ("contacts_made", "reassessments_held", "composition")
    return [
        "/",
        case,
        f"{case}?type=contacts",
        f"{case}/diagnostics/{place['diagnostic_id']}",
        f"{case}/contrats/{place['contract_id']}",
        f"{case}/contrats/{place['contract_id']}.pdf",
        f"{case}/reevaluations/{place['reassessment_id']}",
        f"{case}/alertes",
        "/menages?tri=contact&etat=tous",
        "/menages?q=ownzephyr",
        *(f"/menages?alerte={rule}" for rule in (AlertRule.VISIT_OVERDUE, AlertRule.REASSESSMENT_OVERDUE)),
        "/alertes",
        "/alertes/closes",
        *(f"{review}/{figure}" for figure in figures),
        f"{review}.json",
    ]


@contextmanager
def convention(door: Door, openings: Mapping[Category, Opening]) -> Iterator[None]:
    """Let another convention be in force in the programme of the own case, then one that opens everything again."""
    _record(door, openings)
    try:
        yield
    finally:
        _record(door, {})


def _record(door: Door, openings: Mapping[Category, Opening]) -> None:
    with system_ctx(door.world.engine, door.world.clock) as ctx:
        programme = ctx.session.get_one(Programme, door.world.programme_ids[Relation.OWN])
        make_convention(ctx, programme, openings)


def _told(door: Door, who: str, urls: list[str]) -> dict[str, str]:
    # A filter names a rule, a breakdown a form of family: neither tells of a household.
    texts = {url: re.sub(r"<option.*?</option>", "", door.ask(who, READ, url).text) for url in urls}
    return {url: text.replace("\xa0", " ") for url, text in texts.items()}


def _found(pages: dict[str, str], words: tuple[str, ...]) -> set[str]:
    return {word for word in words if any(word in text for text in pages.values())}


def test_everything_that_a_convention_may_open_is_read_where_it_opens_it(door: Door) -> None:
    """Without this, the tests below would pass on words that stand nowhere."""
    pages = _told(door, S, _places(door))
    wanted = {word for words in SHOWN.values() for word in words}
    assert set(SHOWN) == set(Category)
    assert wanted - _found(pages, tuple(wanted)) == set()
    assert set(ALWAYS) == _found(pages, ALWAYS)


@pytest.mark.parametrize("category", Category)
def test_what_a_convention_closes_is_nowhere_and_nothing_else_goes(door: Door, category: Category) -> None:
    closed = {category} | {inner for inner, places in STANDS_IN.items() if places == {category}}
    with convention(door, dict.fromkeys(closed, Opening.CLOSED)):
        pages = _told(door, S, _places(door))

    told = {
        f"{word} at {url}" for name in closed for word in SHOWN[name] for url, text in pages.items() if word in text
    }
    assert told == set()
    stay = {word for name, words in SHOWN.items() if name not in closed for word in words}
    # A note is read with what it stands in.
    lost = {"Partagecontact"} if category is Category.CONTACTS else set()
    lost |= {"Partagebilan"} if category is Category.REASSESSMENTS else set()
    assert stay - lost - _found(pages, tuple(stay)) == set()
    assert set(ALWAYS) == _found(pages, ALWAYS)


def test_without_a_convention_the_landlord_reads_no_category(door: Door) -> None:
    with convention(door, dict.fromkeys(Category, Opening.CLOSED)):
        pages = _told(door, S, _places(door))
        rent = _told(door, Role.LANDLORD_RENT, _places(door))

    words = tuple(word for name, shown in SHOWN.items() for word in shown)
    assert _found(pages, words) == _found(rent, words) == set()
    assert set(ALWAYS) == _found(pages, ALWAYS)


def test_a_convention_opens_nothing_above_the_shared_part(door: Door) -> None:
    """Even rows that no form can write: a role that is not bound, a category for which the role is none."""
    above = (*PRIVATE, *secret_words(Relation.OWN))
    with convention(door, {}):
        with system_ctx(door.world.engine, door.world.clock) as ctx:
            number = ctx.session.scalar(select(func.max(SharingConvention.id))) or 0
            ctx.session.add_all(
                SharingClause(convention_id=number, category=category, reader=reader)
                for category in Category
                for reader in Role
                if reader not in SHAREABLE[category]
            )
        pages = _told(door, S, _places(door))
        rent = _told(door, Role.LANDLORD_RENT, _places(door))
        funder = _told(door, Role.FUNDER_READER, _places(door))

    follow_up = tuple(w for name, words in SHOWN.items() if name is not Category.COMPOSITION for w in words)
    assert _found(pages, above) == set()
    assert _found(rent, (*above, *follow_up)) == _found(funder, (*above, *follow_up)) == set()


@pytest.mark.parametrize("opening", [Opening.OPEN, Opening.AGREED, Opening.CLOSED])
def test_the_team_is_shown_what_the_landlord_reads_whatever_the_convention(door: Door, opening: Opening) -> None:
    case = f"/menages/{door.world.places[Relation.OWN]['case_id']}"
    with convention(door, dict.fromkeys(SOME, opening)):
        theirs = door.ask(S, READ, case).text
        shown = door.ask(Role.REFERENT, READ, f"{case}/vue-du-bailleur").text

    for words in (*SHOWN.values(), ALWAYS):
        for word in words:
            assert (word in _facts(theirs)) == (word in _facts(shown)), word


def _facts(page: str) -> str:
    """Return what a page says of the household, without the notice about the view itself."""
    main = page.partition("<main")[2]
    return re.sub(r'<(div|aside|section) class="callout readers.*?</\1>', "", main, flags=re.DOTALL).replace(
        "\xa0", " "
    )


def test_a_convention_costs_no_statement(door: Door) -> None:
    case = f"/menages/{door.world.places[Relation.OWN]['case_id']}"
    urls = ["/menages?etat=tous", "/alertes", case]
    for who in (S, Role.COORDINATOR):
        door.ask(who, READ, case)  # the first reading of a file is noted
    whole = {(who, url): door.ask(who, READ, url).statements for who in (S, Role.COORDINATOR) for url in urls}
    assert [whole[S, url] for url in urls[:2]] == [whole[Role.COORDINATOR, url] for url in urls[:2]]
    for opening in (Opening.AGREED, Opening.CLOSED):
        with convention(door, dict.fromkeys(Category, opening)):
            assert {key: door.ask(key[0], READ, key[1]).statements for key in whole} == whole


def test_a_closed_list_behind_a_figure_and_a_closed_alert_are_not_there(door: Door) -> None:
    review = f"/bilans/{door.world.places[Relation.OWN]['code']}/{TODAY.year}"
    with convention(door, dict.fromkeys(FACTS, Opening.CLOSED)):
        for figure in ("contacts_made", "contacts_missed", "home_visits_made", "reassessments_held"):
            assert door.ask(S, READ, f"{review}/{figure}").status == 404
            assert f"{review}/{figure}" not in door.ask(S, READ, review).text
        for alert in door.world.association_alerts:
            for method in (READ, WRITE):
                data = {"until": "2026-04-06", "reason": "Vu"}
                assert door.ask(S, method, f"/alertes/{alert}/reporter", data).status == 404
