"""Real requests as every role: what answers, whether the page itself was reached, and nothing that stays."""

from __future__ import annotations

import io
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue
from pypdf import PdfReader
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

import casework
from casework.alerts.vocabulary import AlertRule
from casework.kernel.clock import FixedClock
from casework.settings import Settings
from casework.web import requests
from tests.access.vocabulary import OF_CASES, OF_PEOPLE, OF_PROGRAMMES, ROLES, TODAY, VISITOR, Relation
from tests.access.world import World, build_world
from tests.factories import session_cookie
from tests.support.databases import POSTGRESQL
from tests.support.keys import KEYS
from tests.support.postgres import APPLICATION
from tests.support.strict_client import StrictClient

READ, WRITE = "GET", "POST"
SILENT = frozenset({"HEAD", "OPTIONS"})
# Names in an address that lead to what has an owner, and the relations in which that can stand to who asks.
OWNED = {
    "case_id": OF_CASES,
    "alert_id": OF_CASES,
    "import_id": OF_PEOPLE,
    "token": OF_PEOPLE,
    "code": OF_PROGRAMMES,
}
_LINK = re.compile(r'(?:href|data-url|src)="(/[^"#]*)')
# Ninety-six entries of the catalogue open the same form: it is read for one of them.
_SAME_FORM = re.compile(r"^/dispositifs/ouvrir/(?!vierge$|2\.3\.9$)")
_YEAR = re.compile(r"^/bilans/[^/]+/(\d{4})")
_TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


class Unsaved(Session):
    """A session that does all that a commit does but keep it, so that every request finds the same world."""

    def commit(self) -> None:
        """Write everything, let the audit check it, and undo it."""
        self.flush()
        self.dispatch.before_commit(self)
        self.rollback()


@dataclass
class Answer:
    """What came back. `reached` tells whether the page itself answered, or the guard at the door.

    `statements` is how many statements were sent to the database for it, `linked_from` the page that led there, when
    one did.
    """

    status: int
    mimetype: str
    data: bytes
    location: str
    reached: bool
    statements: int = 0
    linked_from: str = ""

    @cached_property
    def text(self) -> str:
        """The words of the answer, those of a document or a workbook too."""
        return words_of(self.mimetype, self.data)

    @property
    def cell(self) -> str:
        """The answer in the words of the matrix."""
        if self.status in {403, 404}:
            return str(self.status)
        if not self.reached:
            return "sign-in" if self.status == 302 and self.location.partition("?")[0] == "/connexion" else "?"
        return "ok" if self.status in {200, 302, 303, 409} else str(self.status)


@dataclass
class Door:
    """The application as every role meets it."""

    app: Flask
    world: World
    clients: dict[str, StrictClient] = field(default_factory=dict)
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def rules(self) -> list[Rule]:
        """Return every address of the application, in a fixed order."""
        return sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))

    def url(self, rule: Rule, relation: Relation, who: str = VISITOR, **swapped: object) -> str:
        """Return the address of an object that stands in `relation` to `who`, some of its names swapped for others."""
        names = [name for name in sorted(rule.arguments) if name not in swapped]
        values = self.world.values(rule.endpoint, relation, names, who) | swapped
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, values, append_unknown=False)

    def ask(self, who: str, method: str, url: str, data: Mapping[str, str] | None = None) -> Answer:
        """Send a request as `who` (a role, or the visitor); a POST without data is an empty form. Nothing stays."""
        return self._answer(who, url, method=method, data=(data or {}) if method == WRITE else None)

    def send(self, who: str, url: str, body: bytes, content_type: str, token: str) -> Answer:
        """Post any body at all as `who`, the token of the forms beside it. Nothing stays."""
        headers = {"X-CSRFToken": token}
        return self._answer(who, url, method=WRITE, data=body, content_type=content_type, headers=headers)

    def call(self, who: str, method: str, path: bytes, query: bytes = b"") -> Answer:
        """Send a request to the bytes of an address, which may be none that a browser writes. Nothing stays."""
        raw = {"PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
        return self._answer(who, "/", method=method, environ_overrides=raw)

    def _answer(self, who: str, url: str, **sent: Any) -> Answer:
        self.reached.clear()
        self.sent.clear()
        client = self.clients[who]
        if who in self.cookies:
            client.set_cookie(*self.cookies[who])  # the request before may have signed this browser out
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(requests, "Session", Unsaved)
            response = client.open(url, **sent)
        body = response.get_data()
        response.close()  # a static file stays open otherwise
        location = response.headers.get("Location", "")
        return Answer(response.status_code, response.mimetype or "", body, location, bool(self.reached), len(self.sent))


def explore(door: Door, who: str, most: int = 1_500) -> dict[str, Answer]:
    """Return what `who` gets from every page: each address in every relation, searches, and each link from there on."""
    first = [
        door.url(rule, relation, who)
        for rule in door.rules()
        if READ in methods_of(rule)
        for relation in relations_of(rule)
    ]
    first += [f"{where}?q={words}" for where in ("/menages", "/visite") for words in ("zephyr", "2025")]
    first += ["/menages?etat=tous", "/loyers?comptes=tous"]
    first += [f"/alertes?regle={rule}" for rule in AlertRule]
    waiting = deque((url, "") for url in first)
    seen: dict[str, Answer] = {}
    while waiting:
        url, linked_from = waiting.popleft()
        if url in seen or url.startswith("/static/") or _is_long_ago(url) or _SAME_FORM.match(url):
            continue
        assert len(seen) < most, "the pages go on and on"
        seen[url] = door.ask(who, READ, url)
        seen[url].linked_from = linked_from
        if seen[url].mimetype == "text/html":
            waiting += [(unescape(link), url) for link in _LINK.findall(seen[url].text)]
    return seen


def _is_long_ago(url: str) -> bool:
    """Tell whether an address is about a year before the world began: empty reviews, back to the first of all."""
    year = _YEAR.search(url)
    return year is not None and int(year[1]) < TODAY.year - 1


def words_of(mimetype: str, data: bytes) -> str:
    """Return what a reader of a page, a document, a workbook or an archive reads."""
    if mimetype == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return data.decode("utf-8", "replace")


def methods_of(rule: Rule) -> list[str]:
    """Return the methods that an address answers, the two that every address answers left out."""
    return sorted((rule.methods or set()) - SILENT)


def relations_of(rule: Rule) -> tuple[Relation, ...]:
    """Return the relations in which the object of an address may stand to who asks."""
    return next((relations for name, relations in OWNED.items() if name in rule.arguments), (Relation.NONE,))


def nested(rule: Rule) -> list[str]:
    """Return the names of an address that stand under a case or a programme."""
    owner = {"case_id", "code"} & rule.arguments
    return sorted(name for name in rule.arguments - owner if name.endswith("_id")) if owner else []


def same_page(body: str, url: str) -> str:
    """Return a page without what differs between any two requests: the token, and the address asked for."""
    return _TOKEN.sub("", body).replace(url, "")


@contextmanager
def open_door(url: str, folder: Path) -> Iterator[Door]:
    """Open the application over the database at `url`, filled with the world; what requests change is undone."""
    clock = FixedClock.on(TODAY)
    # Behind both walls: on PostgreSQL the application works under a role that owns nothing.
    role = APPLICATION if url.startswith(POSTGRESQL) else None
    settings = Settings(url, folder, "a key for tests only", database_role=role, keys=KEYS)
    app = casework.create_app(settings, clock)
    app.testing = True
    app.test_client_class = StrictClient
    app.config["WTF_CSRF_ENABLED"] = False
    engine = app.extensions["casework"].engine
    door = Door(app, build_world(engine, clock, folder))
    for who in (*ROLES, VISITOR):
        client = app.test_client()
        assert isinstance(client, StrictClient)
        client.lint = False  # thousands of pages, which other tests read one by one; a 5xx is a cell that is wrong
        door.clients[who] = client
    door.cookies = {role: session_cookie(app, door.world.users[role]) for role in ROLES}
    event.listen(engine, "before_cursor_execute", lambda *call: door.sent.append(call[2]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "dispatch_request", _noting(app, door.reached))
        yield door
    engine.dispose()


def _noting(app: Flask, reached: list[str]) -> Callable[[], ResponseReturnValue]:
    dispatch = app.dispatch_request

    def dispatch_request() -> ResponseReturnValue:
        if request.routing_exception is None:
            reached.append(str(request.endpoint))
        return dispatch()

    return dispatch_request
