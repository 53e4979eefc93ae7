from __future__ import annotations

import pytest
from flask import Flask

from casework.web.places import safe_next

HOSTILE = [
    "http://evil.example",
    "https://evil.example/menages",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "http:evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "/%09/evil.example",
    "/\t/evil.example",
    "\n//evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "@evil.example",
    "/@evil.example",
    ".evil.example",
    "/menages/../../evil.example",
    "/.//evil.example",
    "http://localhost@evil.example",
    " //evil.example",
    "\x00//evil.example",
    "menages",
    "",
    "/nowhere",
    "/menages/not-a-number",
    "/deconnexion",
    "/static/x.css",
]


@pytest.fixture
def app() -> Flask:
    app = Flask("sample")
    app.add_url_rule("/", "day", lambda: "")
    app.add_url_rule("/menages", "cases", lambda: "")
    app.add_url_rule("/menages/<int:case_id>", "case", lambda case_id: "")
    app.add_url_rule("/deconnexion", "sign_out", lambda: "", methods=["POST"])
    return app


@pytest.mark.parametrize("target", [*HOSTILE, None])
def test_a_place_elsewhere_leads_to_the_start(app: Flask, target: str | None) -> None:
    with app.test_request_context():
        assert safe_next(target, "day") == "/"


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("/", "/"),
        ("/menages", "/menages"),
        ("/menages/7", "/menages/7"),
        ("/menages?q=martin&tri=nom", "/menages?q=martin&tri=nom"),
        ("/menages?next=//evil.example", "/menages?next=//evil.example"),
        ("/menages?q=a\r\nSet-Cookie: x", "/menages"),
    ],
)
def test_a_page_of_the_application_is_kept_with_its_query(app: Flask, target: str, place: str) -> None:
    with app.test_request_context():
        assert safe_next(target, "day") == place


@pytest.mark.parametrize("host", ["casework.example", "casework.example:8000"])
def test_a_place_is_told_without_host(app: Flask, host: str) -> None:
    with app.test_request_context(headers={"Host": host}):
        assert safe_next("/menages/7", "day") == "/menages/7"
