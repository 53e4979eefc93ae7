"""The test client refuses a defective page, whatever the test asked it for."""

from __future__ import annotations

import pytest
from flask import Flask, Response, redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.support.strict_client import DefectivePage, ServerError, StrictClient

SOUND = '<!doctype html><html lang="fr"><head><title>T</title></head><body><main><h1>T</h1>{}</main></body></html>'


@pytest.fixture
def small_client() -> StrictClient:
    app = Flask(__name__)
    app.test_client_class = StrictClient

    def answer(body: str, policy: str = "default-src 'self'") -> Response:
        return Response(body, headers={"Content-Security-Policy": policy}, mimetype="text/html")

    app.add_url_rule("/sound", "sound", lambda: answer(SOUND.format("")))
    app.add_url_rule("/defective", "defective", lambda: answer(SOUND.format("<p>None</p>")))
    app.add_url_rule("/open", "open", lambda: answer(SOUND.format(""), "default-src 'self' 'unsafe-inline'"))
    app.add_url_rule("/fragment", "fragment", lambda: answer("<p>Dupont</p>"))
    app.add_url_rule("/failing", "failing", lambda: Response(status=503))
    app.add_url_rule("/json", "json", lambda: {"value": None})

    def leave() -> WerkzeugResponse:
        return redirect("/sound")

    app.add_url_rule("/leave", "leave", leave)
    client = app.test_client()
    assert isinstance(client, StrictClient)
    return client


def test_a_sound_page_and_other_content_pass(small_client: StrictClient) -> None:
    assert small_client.get("/sound").status_code == 200
    assert small_client.get("/json").status_code == 200
    assert small_client.get("/leave").status_code == 302
    assert small_client.get("/leave", follow_redirects=True).status_code == 200


def test_a_defective_page_fails_the_test_that_opened_it(small_client: StrictClient) -> None:
    with pytest.raises(DefectivePage, match=r"GET /defective \(200 OK\)"):
        small_client.get("/defective")
    with pytest.raises(DefectivePage, match="unsafe-inline"):
        small_client.get("/open")


def test_only_htmx_gets_fragments(small_client: StrictClient) -> None:
    assert small_client.get("/fragment", headers={"HX-Request": "true"}).status_code == 200
    with pytest.raises(DefectivePage, match="0 <h1>"):
        small_client.get("/fragment")


def test_an_answer_of_5xx_fails_the_test_unless_it_is_what_the_test_is_about(small_client: StrictClient) -> None:
    with pytest.raises(ServerError, match=r"GET /failing \(503"):
        small_client.get("/failing")

    small_client.lint = False

    assert small_client.get("/failing").status_code == 503
