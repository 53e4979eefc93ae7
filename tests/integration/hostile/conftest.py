"""One application for each database; hashing is cheap, and nothing that is sent stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from casework.accounts import passwords
from tests.access.requests import READ, Door, open_door
from tests.access.vocabulary import VISITOR, WHO
from tests.support.databases import Databases

_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(scope="session")
def door(databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The application with a browser for each role, its forms guarded by their tokens as they are in service."""
    url = databases.create(database_kind)
    with open_door(url, tmp_path_factory.mktemp("door")) as door:
        door.app.config["WTF_CSRF_ENABLED"] = True
        yield door
    databases.drop(url)


@pytest.fixture(scope="session")
def tokens(door: Door) -> dict[str, str]:
    """The token of the forms for each role and for the visitor, as their pages gave it."""
    name, found = door.app.config["SESSION_COOKIE_NAME"], {}
    for who in WHO:
        page = door.ask(who, READ, "/connexion" if who == VISITOR else "/mon-mot-de-passe")
        match, cookie = _TOKEN.search(page.text), door.clients[who].get_cookie(name)
        assert match is not None
        assert cookie is not None
        found[who] = match[1]
        door.cookies[who] = (name, cookie.value)
    return found


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of passwords must not wait for thousands of real hashes."""
    monkeypatch.setattr(passwords, "_HASHER", _CHEAP)
    monkeypatch.setattr(passwords, "_NOBODY", _CHEAP.hash("nobody"))
