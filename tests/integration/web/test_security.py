"""What every answer carries and every request must bring, asked of the real endpoints, present and future."""

from __future__ import annotations

import re
from dataclasses import replace
from inspect import iscoroutinefunction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

import casework
from casework import wiring
from casework.accounts import service
from casework.accounts.models import User
from casework.accounts.permissions import PERMISSIONS
from casework.accounts.vocabulary import Role
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.errors import ConfigurationError, NotVisible, RuleViolation
from casework.settings import Settings
from casework.web.permissions import PUBLIC, permission_of
from casework.web.security import POLICY
from tests.factories import make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

pytestmark = pytest.mark.databases("sqlite")  # what is tested here is HTTP
OPEN = {"accounts.sign_in", "accounts.set_preferences", "health", "static"}


@pytest.fixture
def referent(engine: Engine, clock: FixedClock) -> User:
    with system_ctx(engine, clock) as ctx:
        return make_user(ctx, Role.REFERENT, programme=make_programme(ctx))


def _address(rule: Rule) -> str:
    """Return an address of the rule, with something that fits in each of its places."""
    found = re.sub(r"<int:[^>]+>", "1", rule.rule)
    found = re.sub(r"<string\(length=(\d+)\):[^>]+>", lambda match: "x" * int(match[1]), found)
    found = re.sub(r"<any\('?([\w-]+)[^>]*>", r"\1", found)
    return re.sub(r"<[^>]+>", "x", found)


def test_every_endpoint_says_who_may_and_only_the_door_is_open(app: Flask) -> None:
    permissions = {endpoint: permission_of(app, endpoint) for endpoint in app.view_functions}

    assert {name for name, permission in permissions.items() if permission == PUBLIC} == OPEN
    assert set(permissions.values()) <= {*PERMISSIONS, PUBLIC}


def test_no_view_is_a_coroutine_because_none_would_be_awaited(app: Flask) -> None:
    assert not [name for name, view in app.view_functions.items() if iscoroutinefunction(view)]


def test_the_application_does_not_start_with_an_endpoint_that_says_nothing(
    settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "PERMISSIONS", {name: r for name, r in PERMISSIONS.items() if name != "rent:read"})

    with pytest.raises(ConfigurationError, match=r"rents\.list_accounts"):
        casework.create_app(settings, clock)


def test_every_form_that_is_sent_without_its_token_is_refused(app: Flask, client: StrictClient, referent: User) -> None:
    sign_in(client, referent)
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]

    answers = {rule.endpoint: client.post(_address(rule), data={"x": "1"}).status_code for rule in posts}

    assert len(posts) > 20
    assert {endpoint: status for endpoint, status in answers.items() if status != 400} == {}


def test_a_token_of_another_browser_is_refused(app: Flask, client: StrictClient, referent: User) -> None:
    other = app.test_client()
    text = other.get("/connexion").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert token is not None
    sign_in(client, referent)
    client.get("/")

    answer = client.post("/preferences", data={"locale": "en", "csrf_token": token[1]})

    assert answer.status_code == 400


def test_the_forms_of_a_session_carry_one_token_and_those_of_another_session_another(
    app: Flask, client: StrictClient, referent: User
) -> None:
    def tokens(browser: FlaskClient, path: str) -> set[str]:
        text = browser.get(path).get_data(as_text=True)
        return set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', text))

    sign_in(client, referent)
    other = app.test_client()
    sign_in(other, referent)
    mine, theirs = tokens(client, "/"), tokens(other, "/")
    assert len(mine) == len(theirs) == 1
    assert mine != theirs
    assert tokens(client, "/menages") == mine

    answer = client.post("/preferences", data={"locale": "en", "csrf_token": mine.pop()})
    assert answer.status_code == 302


def test_a_session_signed_with_another_key_is_none(app: Flask, settings: Settings, clock: FixedClock) -> None:
    forged = casework.create_app(replace(settings, secret_key="another key, as long as ours is"), clock)
    with forged.test_client() as forger:
        forger.get("/connexion")
        cookie = forger.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)
    client.get("/connexion")
    own = client.get_cookie(app.config["SESSION_COOKIE_NAME"])

    assert own is not None
    assert own.value != cookie.value
    forged.extensions["casework"].engine.dispose()


def test_a_visitor_is_led_to_the_door_from_everywhere(app: Flask, client: StrictClient) -> None:
    gets = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in OPEN]

    assert len(gets) > 50
    for rule in gets:
        answer = client.get(_address(rule))
        assert answer.status_code == 302, rule.endpoint
        assert answer.location.startswith("/connexion?next=/"), rule.endpoint


@pytest.mark.parametrize("path", ["/", "/connexion", "/nowhere", "/sante", "/static/css/app.css", "/menages/404"])
def test_every_answer_carries_the_headers(client: StrictClient, referent: User, path: str) -> None:
    sign_in(client, referent)

    headers = client.get(path).headers

    assert headers.getlist("Content-Security-Policy") == [POLICY]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers.get("Cache-Control") == "no-store" or path.startswith("/static")
    assert "Strict-Transport-Security" not in headers


def test_the_policy_lets_nothing_run_that_is_not_a_file_of_ours() -> None:
    directives = dict(part.strip().split(" ", 1) for part in POLICY.split(";"))

    assert directives["default-src"] == directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == directives["object-src"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert "unsafe" not in POLICY
    assert "*" not in POLICY


def test_a_file_with_its_fingerprint_is_kept_for_ever(client: StrictClient) -> None:
    text = client.get("/connexion").get_data(as_text=True)
    address = re.search(r'href="(/static/[^"]+\.css\?v=[^"]+)"', text)
    assert address is not None

    with client.get(address[1]) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("is_secure", [False, True])
def test_the_cookie_is_closed_to_scripts_and_to_other_sites(
    settings: Settings, clock: FixedClock, is_secure: bool
) -> None:
    app = casework.create_app(replace(settings, secure_cookies=is_secure), clock)
    answer = app.test_client().get("/connexion", base_url="https://casework.example")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    app.extensions["casework"].engine.dispose()

    assert cookie.startswith("__Host-casework=" if is_secure else "casework=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert ("Secure" in cookie) is is_secure
    assert ("Strict-Transport-Security" in answer.headers) is is_secure


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("casework.example", 200),
        ("evil.example", 400),
        ("casework.example.evil.example", 400),
        ("casework.example@evil.example", 400),
        ("", 400),
    ],
)
def test_only_the_hosts_of_the_settings_are_answered(
    settings: Settings, clock: FixedClock, host: str, status: int
) -> None:
    app = casework.create_app(replace(settings, trusted_hosts=("casework.example",)), clock)

    answer = app.test_client().get("/connexion", headers={"Host": host})
    app.extensions["casework"].engine.dispose()

    assert answer.status_code == status
    assert host == "casework.example" or host not in answer.get_data(as_text=True) or not host


def test_a_body_that_is_too_large_is_refused_with_a_page(
    settings: Settings, clock: FixedClock, client: StrictClient
) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 1_000

    answer = client.post("/connexion", data={"email": "x" * 2_000})

    assert answer.status_code == 413
    assert "trop lourd" in answer.get_data(as_text=True)


def test_the_limit_is_that_of_the_settings(settings: Settings, clock: FixedClock) -> None:
    app = casework.create_app(replace(settings, max_upload_mb=3), clock)
    app.extensions["casework"].engine.dispose()

    assert app.config["MAX_CONTENT_LENGTH"] == 3 * 1024 * 1024
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None


def test_no_address_holds_the_character_nought(client: StrictClient) -> None:
    assert client.get("/dispositifs/a%00b/equipe").status_code == 400
    assert client.get("/menages?q=a%00b").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/menages/99999999999999999999",
        "/menages/" + "9" * 5_000,
        "/menages/-1",
        "/menages/٧",
        "/menages/1.0",
        "/alertes/9223372036854775808/reporter",
        "/menages?quartier=%00",
        "/menages?q=%00",
        "/menages?tri=nom&apres=a%00~5",
        "/menages?tri=dette&apres=99999999999999999999999~5",
        "/menages?tri=dette&apres=" + "9" * 5_000 + "~5",
        "/menages?tri=echeance&avant=2026-13-45~5",
        "/menages?referent=99999999999999999999",
        "/menages?referent=" + "9" * 18,
        "/menages?etat=x&tri=x&sens=x&alerte=x",
        "/alertes?apres=x~1&regle=%27",
        "/menages?q=%25%27_%5c",
    ],
)
def test_no_address_breaks_the_server(client: StrictClient, referent: User, path: str) -> None:
    sign_in(client, referent)

    assert client.get(path).status_code in {200, 400, 404}


def test_what_a_request_that_fails_had_written_is_undone(
    app: Flask, client: StrictClient, engine: Engine, referent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, referent)
    written = service.set_preferences
    for error, status in ((NotVisible(), 404), (RuleViolation("", "Non."), 409)):

        def fail(ctx: object, error: Exception = error, **values: object) -> None:
            written(ctx, **values)  # type: ignore[arg-type]
            raise error

        monkeypatch.setattr(service, "set_preferences", fail)
        with Session(engine) as session:
            before = session.scalar(select(func.count(AuditEvent.id)))
        assert send_form(client, "/preferences", {"locale": "en"}).status_code == status
        with Session(engine) as session:
            assert session.get_one(User, referent.id).locale == "fr"
            assert session.scalar(select(func.count(AuditEvent.id))) == before
