from __future__ import annotations

import logging
import re

import pytest
from flask import Flask
from sqlalchemy import Engine

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.desk import queries
from casework.kernel.clock import FixedClock
from tests.factories import make_programme, make_user, sign_in, system_ctx
from tests.support.strict_client import StrictClient

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
def referent(engine: Engine, clock: FixedClock) -> User:
    with system_ctx(engine, clock) as ctx:
        return make_user(ctx, Role.REFERENT, programme=make_programme(ctx))


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "Nous ne trouvons pas cette page"),
        ("/menages/404404", 404, "Nous ne trouvons pas cette page"),
        ("/comptes", 403, "ne vous est pas ouverte"),
        ("/menages?q=%00", 400, "pas arrivée entière"),
    ],
)
def test_a_refusal_says_what_happened_and_what_next(
    client: StrictClient, referent: User, path: str, status: int, words: str
) -> None:
    sign_in(client, referent)

    answer = client.get(path)

    text = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert words in text
    assert "Et maintenant" in text
    assert f"Code {status}" in text


@pytest.mark.parametrize("path", ["/nowhere", "/menages/404404", "/menages/abc"])
def test_a_page_that_is_not_there_is_told_in_the_language_of_the_account_and_leads_where_its_reader_may_go(
    client: StrictClient, engine: Engine, clock: FixedClock, path: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        funder = make_user(ctx, Role.FUNDER_READER, programme=make_programme(ctx))
        funder.locale = "en"
    sign_in(client, funder)

    page = client.get(path).get_data(as_text=True)

    assert "We cannot find this page" in page or path == "/menages/404404"
    assert "Go to the home page" in page
    assert "journée" not in page
    assert "Look for the household" not in page


def test_a_wrong_method_is_told_as_a_page(client: StrictClient, referent: User) -> None:
    sign_in(client, referent)

    answer = client.get("/deconnexion")

    assert answer.status_code == 405
    assert "Code 405" in answer.get_data(as_text=True)


def test_what_fails_is_told_with_a_reference_that_is_in_the_log_and_nothing_else(
    app: Flask,
    client: StrictClient,
    referent: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(queries, "alerts_of_day", fail)
    app.testing = False
    client.lint = False  # the client would stop at the status; the page is looked at below
    sign_in(client, referent)

    with caplog.at_level(logging.ERROR):
        answer = client.get("/")

    text = answer.get_data(as_text=True)
    reference = re.search(r"<code>([0-9a-f]{8})</code>", text)
    assert answer.status_code == 500
    assert reference is not None
    assert reference[1] in caplog.text
    assert "secret of the house" not in text
    assert "Traceback" not in text
    assert answer.headers["Content-Security-Policy"]


def test_when_the_frame_of_the_page_fails_too_there_are_plain_words(
    app: Flask, client: StrictClient, referent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> dict[str, object]:
        raise RuntimeError("broken")

    app.testing = False
    client.lint = False  # what comes is no page
    app.template_context_processors[None].append(fail)

    answer = client.get("/connexion")

    assert answer.status_code == 500
    assert answer.mimetype == "text/plain"
    assert "signalez la référence" in answer.get_data(as_text=True)


def test_the_health_of_the_service_is_open_and_says_nothing_else(client: StrictClient) -> None:
    answer = client.get("/sante")

    assert answer.get_json() == {"status": "ok"}
    assert "Set-Cookie" not in answer.headers
