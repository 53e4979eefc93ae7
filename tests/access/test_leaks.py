"""What no page, list, search, file or refusal may give away."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from casework.accounts.permissions import permissions_of
from casework.accounts.vocabulary import Role
from casework.web.permissions import permission_of
from tests.access.requests import (
    OWNED,
    READ,
    WRITE,
    Answer,
    Door,
    explore,
    methods_of,
    nested,
    relations_of,
    same_page,
)
from tests.access.vocabulary import (
    CANARIES,
    OF_CASES,
    OF_PEOPLE,
    PRIVATE,
    ROLES,
    SAFE_WAYS,
    SENSITIVE_WORDS,
    SOCIAL,
    VISITOR,
    WHO,
    Relation,
    secret_words,
)

ASSOCIATION = (Role.REFERENT, Role.MANAGER)
FOLLOW_UP = (*ASSOCIATION, Role.LANDLORD_SOCIAL, Role.COORDINATOR)
NOT_THERE = {"code": "F-NULLE-PART", "token": secrets.token_urlsafe(16)}
NO_ID = 2**40
Pages = dict[str, dict[str, Answer]]


@pytest.fixture(scope="session")
def pages(door: Door) -> Pages:
    """Everything that each role can read."""
    found = {who: explore(door, who) for who in WHO}
    for who in WHO:
        for relation in OF_PEOPLE:
            url = f"/menages/{door.world.special['exits.undo_end'][relation]['case_id']}/fin"
            found[who][url] = door.ask(who, READ, url)
    return found


def _told(pages: Pages, who: str, words: tuple[str, ...]) -> list[str]:
    return sorted(
        f"{who} reads {word} at {url}" for url, got in pages[who].items() for word in words if word in got.text
    )


def _read(pages: Pages, who: str, words: tuple[str, ...]) -> set[str]:
    return {word for word in words if any(word in got.text for got in pages[who].values())}


@pytest.mark.parametrize("relation", [Relation.OTHER, Relation.FOREIGN, Relation.ANONYMISED])
@pytest.mark.parametrize("who", WHO)
def test_nobody_reads_of_a_household_of_another_programme_or_made_nobodys(
    pages: Pages, who: str, relation: Relation
) -> None:
    assert _told(pages, who, CANARIES[relation].identity) == []


@pytest.mark.parametrize("who", WHO)
def test_what_is_in_the_archive_is_read_by_managers_alone(pages: Pages, who: str) -> None:
    read, identity = _read(pages, who, CANARIES[Relation.RESTRICTED].identity), CANARIES[Relation.RESTRICTED].identity
    assert read == (set(identity) if who == Role.MANAGER else set())


def test_a_referent_reads_of_no_household_that_a_colleague_follows(pages: Pages) -> None:
    assert _told(pages, Role.REFERENT, CANARIES[Relation.SAME].identity) == []
    assert _read(pages, Role.REFERENT, CANARIES[Relation.OWN].identity) == set(CANARIES[Relation.OWN].identity)


@pytest.mark.parametrize("who", [Role.FUNDER_READER, Role.ADMINISTRATOR, VISITOR])
def test_who_needs_no_names_reads_none(pages: Pages, who: str) -> None:
    for relation in OF_CASES:
        assert _told(pages, who, CANARIES[relation].identity) == []


@pytest.mark.parametrize("who", [who for who in WHO if who not in ASSOCIATION])
def test_what_is_for_the_association_alone_is_read_by_nobody_else(pages: Pages, who: str) -> None:
    assert _told(pages, who, PRIVATE) == []


@pytest.mark.parametrize("who", [who for who in WHO if who not in FOLLOW_UP])
def test_the_rent_office_and_who_only_counts_read_nothing_of_the_follow_up(pages: Pages, who: str) -> None:
    assert _told(pages, who, SOCIAL) == []


@pytest.mark.parametrize("who", [Role.MANAGER, Role.LANDLORD_SOCIAL, Role.COORDINATOR])
def test_the_words_are_where_they_may_be_read(pages: Pages, who: str) -> None:
    """Without this, the tests above would pass on a world in which nothing was planted."""
    mine = (Relation.OWN, Relation.SAME, Relation.ENDED)
    expected = {*SOCIAL, *(word for relation in mine for word in CANARIES[relation].identity)}
    assert expected - _read(pages, who, tuple(expected)) == set()


def test_the_association_reads_its_own_part(pages: Pages) -> None:
    assert _read(pages, Role.MANAGER, PRIVATE) == _read(pages, Role.REFERENT, PRIVATE) == set(PRIVATE)


@pytest.mark.parametrize(("who", "team"), [(Role.LANDLORD_SOCIAL, ""), (Role.LANDLORD_RENT, "?equipe=quittancement")])
@pytest.mark.parametrize("relation", [Relation.OWN, Relation.ENDED])
def test_the_team_is_shown_what_the_landlord_reads_and_nothing_else(
    door: Door, who: str, team: str, relation: Relation
) -> None:
    for endpoint in ("desk.show_case", "confidential.reveal_address"):  # the second one's address is secret
        case_id = door.world.values(endpoint, relation, ["case_id"], who)["case_id"]
        theirs = door.ask(who, READ, f"/menages/{case_id}").text
        shown = door.ask(Role.REFERENT, READ, f"/menages/{case_id}/vue-du-bailleur{team}").text

        assert _sentences(shown) == _sentences(theirs)
        assert len(_sentences(shown)) > 10
        hidden = (*PRIVATE, *secret_words(relation), *(SOCIAL if who == Role.LANDLORD_RENT else ()))
        assert [word for word in hidden if word in shown] == []


def _sentences(page: str) -> list[str]:
    """Return what the page of a case says: facts, steps, alerts, figures and the thread."""
    main = page.partition("<main")[2]
    told = r'<(dd|strong|span class="tile-value"|p class="(?:entry-text|tile-note)")>(.*?)</'
    found = re.findall(told, main, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", words).split()) for _tag, words in found if "bailleur" not in words]


@pytest.mark.parametrize("who", WHO)
def test_what_the_team_alone_reads_is_read_by_nobody_else(pages: Pages, who: str) -> None:
    """Pages, prints, exports, searches, links and refusals: nothing but what a referent of the team asked for."""
    own = (*secret_words(Relation.OWN), *secret_words(Relation.ENDED)) if who == Role.REFERENT else ()
    words = tuple(word for relation in OF_CASES for word in secret_words(relation))

    assert _told(pages, who, tuple(word for word in words if word not in own)) == []
    for url, got in pages[who].items():
        if url.endswith("/adresse-protegee/corriger"):
            continue
        on_page = SENSITIVE_WORDS if url.endswith(("/donnees-sensibles", "/copie.zip")) else (SAFE_WAYS,)
        assert [word for word in own if word in got.text and not word.startswith(on_page)] == [], url


def test_the_secret_address_is_shown_by_a_gesture_of_the_team_and_stands_in_no_log(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    seen = {}
    for who in WHO:
        for relation in OF_PEOPLE:
            url = door.world.special["confidential.reveal_address"][relation]["case_id"]
            page = door.ask(who, WRITE, f"/menages/{url}/adresse-protegee/voir")
            seen[who, relation] = {word for word in secret_words(relation) if word in page.text}

    assert {at for at, words in seen.items() if words} == {(Role.REFERENT, Relation.OWN)}
    assert len(seen[Role.REFERENT, Relation.OWN]) == 4
    assert [word for relation in OF_PEOPLE for word in secret_words(relation) if word in caplog.text] == []


@pytest.mark.parametrize("who", WHO)
def test_no_page_fails_and_no_link_leads_to_a_closed_door(pages: Pages, who: str) -> None:
    dead = [f"{url}: {got.status}" for url, got in pages[who].items() if got.status >= 500]
    closed = [
        f"{got.linked_from} leads to {url}: {got.cell}"
        for url, got in pages[who].items()
        if got.linked_from and got.cell not in {"ok", "sign-in"}
    ]
    assert (dead, closed) == ([], [])


def test_a_rent_office_meets_no_alert_of_the_association(pages: Pages, door: Door) -> None:
    assert door.world.association_alerts
    for alert_id in door.world.association_alerts:
        for method in (READ, WRITE):
            data = {"until": "2026-04-06", "reason": "Vu"}
            assert door.ask(Role.LANDLORD_RENT, method, f"/alertes/{alert_id}/reporter", data).status == 404
    assert _told(pages, Role.LANDLORD_RENT, ("12 janvier 2026", "12/01/2026", "Dernier contact")) == []
    assert "Contact le 12 janvier 2026" in pages[Role.LANDLORD_SOCIAL]["/alertes/closes"].text
    assert pages[Role.LANDLORD_RENT]["/alertes/closes"].cell == "ok"


def test_an_object_of_another_case_is_not_found_under_ones_own(door: Door) -> None:
    wrong, tried = [], 0
    for rule in door.rules():
        for name in nested(rule):
            for method in methods_of(rule):
                for who in ROLES:
                    if door.ask(who, method, door.url(rule, Relation.OWN, who)).cell != "ok":
                        continue
                    for mine, theirs in _swaps(door, rule, name):
                        tried += 1
                        got = door.ask(who, method, door.url(rule, mine, who, **theirs))
                        if got.status != 404:
                            wrong.append(f"{rule.endpoint} {method} as {who}, {mine} with {theirs}: {got.cell}")
    assert wrong == []
    assert tried > 50


def _swaps(door: Door, rule: Rule, name: str) -> Iterator[tuple[Relation, dict[str, object]]]:
    relations = relations_of(rule)
    for mine, theirs in (*((Relation.OWN, theirs) for theirs in relations[1:]), (Relation.OTHER, Relation.OWN)):
        yield mine, door.world.values(rule.endpoint, theirs, [name], VISITOR)


def test_what_is_out_of_sight_answers_as_what_does_not_exist(door: Door) -> None:
    """The same status, the same page, and the same number of questions to the database: no time tells them apart."""
    wrong, compared = [], 0
    in_sight = {(who, relation) for who in ROLES for relation in OF_CASES if _opens(door, who, relation)}
    for rule, method, who in _reachable(door):
        absent = None
        for relation in relations_of(rule)[1:]:
            url = door.url(rule, relation, who)
            hidden = door.ask(who, method, url)
            if hidden.status != 404 or (who, relation) in in_sight:
                continue  # in sight, or of a file in sight that has nothing of the kind
            if absent is None:
                absent = _absent(door, rule, method, who)
            compared += 1
            if (404, hidden.statements, same_page(hidden.text, url)) != absent:
                wrong.append(f"{rule.endpoint} {method} as {who}, {relation}: {hidden.statements} statements")
    assert wrong == []
    assert compared > 400


def _opens(door: Door, who: str, relation: Relation) -> bool:
    return door.ask(who, READ, f"/menages/{door.world.places[relation]['case_id']}").status == 200


def _reachable(door: Door) -> Iterator[tuple[Rule, str, str]]:
    """Yield (address, method, role) of all that owns something and does not turn the role away at the guard."""
    for rule in door.rules():
        if len(relations_of(rule)) > 1:
            permission = permission_of(door.app, rule.endpoint)
            yield from (
                (rule, method, who) for method in methods_of(rule) for who in ROLES if permission in permissions_of(who)
            )


def _absent(door: Door, rule: Rule, method: str, who: str) -> tuple[int, int, str]:
    """Return the status, the statements and the page of the same address for what does not exist."""
    names = [name for name in OWNED if name in rule.arguments]
    url = door.url(rule, Relation.OWN, who, **{name: NOT_THERE.get(name, NO_ID) for name in names})
    answer = door.ask(who, method, url)
    return answer.status, answer.statements, same_page(answer.text, url)
