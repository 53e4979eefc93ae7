"""Whatever becomes of a request, its connection to the database goes back to the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, Response
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.desk import queries
from casework.kernel.clock import FixedClock
from casework.web.permissions import public
from casework.web.requests import request_session
from tests.factories import make_programme, make_user, sign_in, system_ctx
from tests.support.strict_client import StrictClient


@pytest.fixture
def referent(engine: Engine, clock: FixedClock) -> User:
    with system_ctx(engine, clock) as ctx:
        return make_user(ctx, Role.REFERENT, programme=make_programme(ctx))


@pytest.fixture
def lent(app: Flask) -> Callable[[], int]:
    """How many connections the application has out."""
    pool = app.extensions["casework"].engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/menages", 200),
        ("HEAD", "/menages", 200),
        ("GET", "/menages/404404", 404),
        ("GET", "/comptes", 403),
        ("POST", "/menages/404404/contacts/nouveau", 400),
        ("GET", "/static/css/base.css", 200),
    ],
)
def test_a_connection_comes_back_whatever_the_answer(
    client: StrictClient, referent: User, lent: Callable[[], int], method: str, path: str, status: int
) -> None:
    sign_in(client, referent)
    answer = client.open(path, method=method)

    assert (answer.status_code, lent()) == (status, 0)


def test_it_comes_back_when_a_page_or_its_commit_fails(
    client: StrictClient, referent: User, lent: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError

    client.application.testing, client.lint = False, False  # a failure is what this is about
    sign_in(client, referent)
    with monkeypatch.context() as patch:
        patch.setattr(queries, "alerts_of_day", fail)
        assert (client.get("/").status_code, lent()) == (500, 0)
    client.application.config["WTF_CSRF_ENABLED"] = False
    with monkeypatch.context() as patch:
        patch.setattr("sqlalchemy.orm.Session.commit", fail)
        assert (client.post("/deconnexion").status_code, lent()) == (500, 0)
    assert client.post("/deconnexion").status_code == 302


def test_who_waits_for_an_answer_does_not_wait_for_that(
    client: StrictClient, referent: User, lent: Callable[[], int]
) -> None:
    sign_in(client, referent)
    client.lint = False  # reading the page to check it would be reading it to its end
    answer = client.get("/menages", buffered=False)

    assert lent() == 1
    answer.close()
    assert lent() == 0


def test_it_comes_back_from_a_file_that_the_server_sends_by_itself(
    app: Flask, client: StrictClient, lent: Callable[[], int]
) -> None:
    def file() -> Response:
        request_session().connection()
        return Response(iter([b"of the server"]), direct_passthrough=True, mimetype="text/plain")

    app.add_url_rule("/file", "file", public(file))

    assert client.get("/file", buffered=False).status_code == 200
    assert lent() == 0
