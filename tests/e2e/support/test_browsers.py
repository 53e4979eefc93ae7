"""The browser under the tests is a real one, and sees what it must see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, expect

from tests.support.browsers import accessibility_violations, watched_context
from tests.support.live_server import LiveServer

PAGE = """<!doctype html><html lang="fr"><head><title>Essai</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"></head><body><main><h1>Essai</h1><p>Texte</p>{}</main></body></html>"""
POLICY = "default-src 'self'; img-src 'self' data:"


@pytest.fixture
def small_server() -> Iterator[LiveServer]:
    app = Flask(__name__, static_folder=None)

    def answer(extra: str) -> Response:
        return Response(PAGE.format(extra), headers={"Content-Security-Policy": POLICY}, mimetype="text/html")

    app.add_url_rule("/sound", "sound", lambda: answer(""))
    app.add_url_rule("/inline", "inline", lambda: answer("<script>document.title = 'x'</script>"))
    app.add_url_rule("/failing", "failing", lambda: answer('<script src="/failing.js"></script>'))
    app.add_url_rule("/outside", "outside", lambda: answer('<img alt="" src="http://127.0.0.1:9/x.png">'))
    app.add_url_rule("/unreadable", "unreadable", lambda: answer('<p class="pale">Gris pâle</p><input>'))
    app.add_url_rule("/broken", "broken", lambda: Response(PAGE.format(""), status=500, mimetype="text/html"))
    app.add_url_rule("/failing.js", "script", lambda: Response("nowhere.go()", mimetype="text/javascript"))
    app.add_url_rule("/style.css", "style", lambda: Response(".pale { color: #ddd }", mimetype="text/css"))
    with LiveServer(app) as server:
        yield server


def test_a_sound_page_opens_in_french(browser: Browser, small_server: LiveServer) -> None:
    with watched_context(browser, small_server.url) as context:
        page = context.new_page()
        page.goto("/sound")
        expect(page.get_by_role("heading", name="Essai")).to_be_visible()
        assert page.evaluate("navigator.language") == "fr-FR"
        assert accessibility_violations(page) == []


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/inline", "Content Security Policy"),
        ("/failing", "script error"),
        ("/outside", "another address"),
        ("/broken", "the server failed: 500"),
    ],
)
def test_what_a_page_must_not_do_fails_the_test(
    browser: Browser, small_server: LiveServer, path: str, complaint: str
) -> None:
    with (
        pytest.raises(AssertionError, match=complaint),
        watched_context(browser, small_server.url) as context,
    ):
        context.new_page().goto(path)


def test_the_audit_sees_colours_and_missing_labels(browser: Browser, small_server: LiveServer) -> None:
    with watched_context(browser, small_server.url) as context:
        page = context.new_page()
        page.goto("/unreadable")
        found = "\n".join(accessibility_violations(page))
    assert "color-contrast" in found
    assert "label (critical)" in found


def test_the_audit_sees_the_state_that_is_made_again(browser: Browser, small_server: LiveServer) -> None:
    with watched_context(browser, small_server.url) as context:
        page = context.new_page()
        page.goto("/sound")
        found = accessibility_violations(page, lambda p: p.locator("p").evaluate("e => e.innerHTML = '<input>'"))
    assert "label (critical)" in "\n".join(found)
