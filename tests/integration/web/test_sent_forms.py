from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import CaseTeamMember
from casework.confidential.address_service import protect_address
from casework.contacts.models import Contact
from casework.kernel.clock import FixedClock
from casework.settings import Settings
from casework.web.models import SentForm
from casework.web.sent_forms import new_key
from tests.factories import make_case, make_programme, make_user, send_form, session_cookie, sign_in, system_ctx
from tests.support.strict_client import StrictClient

PETIT = Path(__file__).parents[2] / "data" / "petit"
SOUND = {"occurred_on": "2026-03-30", "kind": "TEL", "outcome": "REALISEE", "shared_note": "Appel du matin"}


@pytest.fixture
def place(engine: Engine, clock: FixedClock) -> tuple[User, str]:
    """A referent, and the address of the form of one of their households."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        return referent, f"/menages/{make_case(ctx, programme, referent=referent).id}/contacts/nouveau"


def _contacts(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Contact)) or 0


def test_a_form_that_comes_twice_is_kept_once_and_leads_to_the_same_page(
    client: StrictClient, place: tuple[User, str], engine: Engine
) -> None:
    referent, url = place
    sign_in(client, referent)
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(url).get_data(as_text=True))
    assert key is not None

    first = send_form(client, url, SOUND | {"form_key": key[1]})
    second = send_form(client, url, SOUND | {"form_key": key[1]})

    assert (first.status_code, second.status_code) == (302, 302)
    assert second.location == first.location == url.removesuffix("/contacts/nouveau")
    assert _contacts(engine) == 1
    told = client.get(second.location).get_data(as_text=True)
    assert "rien n’a été noté deux fois" in told
    assert f'data-kept-form="{key[1]}"' in told
    assert "data-kept-form" not in client.get(second.location).get_data(as_text=True)


def test_the_answer_to_the_second_is_as_closed_as_that_to_the_first(
    client: StrictClient, place: tuple[User, str]
) -> None:
    referent, url = place
    sign_in(client, referent)
    key = {"form_key": new_key()}
    first, second = (send_form(client, url, SOUND | key) for _ in range(2))

    assert set(second.headers.keys()) == set(first.headers.keys())
    assert second.headers["Content-Security-Policy"]


def test_what_another_form_said_is_said_still(client: StrictClient, place: tuple[User, str]) -> None:
    referent, url = place
    sign_in(client, referent)
    key, other = {"form_key": new_key()}, {"form_key": new_key()}
    client.get(send_form(client, url, SOUND | key).location)
    send_form(client, url, SOUND | other)  # and the connection is lost before the page comes
    told = client.get(send_form(client, url, SOUND | key).location).get_data(as_text=True)

    assert f'data-kept-form="{other["form_key"]}"' in told
    assert f'data-kept-form="{key["form_key"]}"' in told


def test_files_that_come_twice_are_put_down_once(
    client: StrictClient, engine: Engine, clock: FixedClock, settings: Settings
) -> None:
    with system_ctx(engine, clock) as ctx:
        manager = make_user(ctx, Role.MANAGER, programme=make_programme(ctx))
    sign_in(client, manager)
    key = new_key()
    for _ in range(2):
        files = [(BytesIO(path.read_bytes()), path.name) for path in sorted(PETIT.glob("*.csv"))]
        send_form(client, "/import", {"programme": "F-SEMIS", "files": files, "form_key": key})

    assert len(list((settings.data_dir / "imports").iterdir())) == 1


def test_an_import_that_is_confirmed_twice_leads_to_what_went_in(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        manager = make_user(ctx, Role.MANAGER, programme=make_programme(ctx))
    sign_in(client, manager)
    files = [(BytesIO(path.read_bytes()), path.name) for path in sorted(PETIT.glob("*.csv"))]
    preview = send_form(client, "/import", {"programme": "F-SEMIS", "files": files}).location

    first, second = _twice(client, preview, {})

    assert first.startswith("/import/")
    assert second == first


def test_what_the_first_of_two_did_away_with_is_no_missing_page_for_the_second(
    client: StrictClient, engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, referent=referent)
        protect_address(ctx, case.id, "Par la permanence du mardi")
    sign_in(client, referent)
    protection, rights = (f"/menages/{case.id}/{place}" for place in ("adresse-protegee", "droits"))

    assert _twice(client, f"{protection}/lever", {"reason": "Le danger est passé.", "restore": "y"}) == [protection] * 2

    asked = {"kind": "LIMITATION", "received_on": "2026-03-30", "words": "Ne plus rien écrire."}
    assert _twice(client, rights, asked) == [rights] * 2
    answer = {"decision": "GRANTED", "answered_on": "2026-03-30", "answer": ""}
    assert _twice(client, f"{rights}/1", answer) == [rights] * 2
    assert send_form(client, f"{protection}/lever", {"form_key": new_key()}).status_code == 404  # nothing came before


def _twice(client: StrictClient, url: str, data: Mapping[str, object]) -> list[str]:
    """Send the same form twice; return where its sender is led each time."""
    key = {"form_key": new_key()}
    answers = [send_form(client, url, {**data, **key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302], answers[-1].get_data(as_text=True)
    return [answer.location for answer in answers]


def test_every_form_is_printed_with_a_key_of_its_own(client: StrictClient, place: tuple[User, str]) -> None:
    referent, url = place
    sign_in(client, referent)
    keys = [re.findall(r'name="form_key" value="([\w-]{22})"', client.get(url).get_data(as_text=True)) for _ in "ab"]

    assert [len(found) for found in keys] == [1, 1]
    assert keys[0] != keys[1]


def test_two_forms_with_the_same_words_are_two(client: StrictClient, place: tuple[User, str], engine: Engine) -> None:
    referent, url = place
    sign_in(client, referent)
    for _ in range(2):
        send_form(client, url, SOUND | {"form_key": new_key()})

    assert _contacts(engine) == 2


def test_a_form_that_was_refused_can_be_sent_again(
    client: StrictClient, place: tuple[User, str], engine: Engine
) -> None:
    referent, url = place
    sign_in(client, referent)
    key = {"form_key": new_key()}
    for refused in ({"occurred_on": "2026-03-31"}, {"kind": ""}):
        assert send_form(client, url, SOUND | refused | key).status_code == 200
    with Session(engine) as session:
        assert session.scalars(select(SentForm)).all() == []

    assert send_form(client, url, SOUND | key).status_code == 302
    assert _contacts(engine) == 1


@pytest.mark.parametrize("key", ["", "x", "é" * 22, "a" * 23, "a b" * 9, "a" * 5000])
def test_a_key_that_no_page_printed_is_no_key(
    client: StrictClient, place: tuple[User, str], engine: Engine, key: str
) -> None:
    referent, url = place
    sign_in(client, referent)
    for _ in range(2):
        assert send_form(client, url, SOUND | {"form_key": key}).status_code == 302

    assert _contacts(engine) == 2


def test_the_second_of_two_leads_on_where_the_first_stands_in_its_way(
    client: StrictClient, place: tuple[User, str], engine: Engine
) -> None:
    referent, url = place
    url = url.replace("/contacts/nouveau", "/fin")
    sign_in(client, referent)
    end = {"ended_on": "2026-03-30", "reason": "OBJ", "outcome": "MAINTIEN_TITRE"}
    key = {"form_key": new_key()}
    first, second = (send_form(client, url, end | key) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert second.location == first.location
    assert "rien n’a été noté deux fois" in client.get(second.location).get_data(as_text=True)
    assert send_form(client, url, end | {"form_key": new_key()}).status_code == 200


def test_the_second_of_two_leads_on_where_its_sender_no_longer_sees_the_case(
    client: StrictClient, place: tuple[User, str], engine: Engine
) -> None:
    referent, url = place
    sign_in(client, referent)
    key = {"form_key": new_key()}
    first = send_form(client, url, SOUND | key)
    with engine.begin() as connection:
        connection.execute(delete(CaseTeamMember))
    second = send_form(client, url, SOUND | key)

    assert (first.status_code, second.status_code) == (302, 302)
    assert second.location == first.location
    assert send_form(client, url, SOUND | {"form_key": new_key()}).status_code == 404


def test_of_two_that_arrive_at_once_one_is_kept(app: Flask, place: tuple[User, str], engine: Engine) -> None:
    referent, url = place
    name, value = session_cookie(app, referent)
    key, start = new_key(), Barrier(4)

    def send() -> str:
        client = StrictClient(app)
        client.set_cookie(name, value)
        start.wait(timeout=30)
        return send_form(client, url, SOUND | {"form_key": key}).location

    with ThreadPoolExecutor(4) as pool:
        locations = {future.result() for future in [pool.submit(send) for _ in range(4)]}

    assert locations == {url.removesuffix("/contacts/nouveau")}
    assert _contacts(engine) == 1
