from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from casework.accounts import passwords, service
from casework.accounts.models import SignInFailure, SignInSession, User
from casework.accounts.service import ALLOWED_BY_ADDRESS, ALLOWED_BY_EMAIL
from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from tests.factories import PASSWORD, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.strict_client import StrictClient

COOKIE = "casework"

WRONG = "L’adresse ou le mot de passe n’est pas le bon."
PAUSE = "Trop d’essais : attendez un quart d’heure"


@pytest.fixture
def user(engine: Engine, clock: FixedClock) -> User:
    with system_ctx(engine, clock) as ctx:
        return make_user(ctx, Role.REFERENT, programme=make_programme(ctx))


def _enter(client: StrictClient, email: str | None, password: str = PASSWORD, **data: str) -> tuple[int, str]:
    answer = send_form(client, "/connexion", {"email": email or "", "password": password, **data})
    return answer.status_code, answer.location or answer.get_data(as_text=True)


def _is_in(client: StrictClient) -> bool:
    return client.get("/mon-mot-de-passe").status_code == 200


def test_the_right_password_opens_and_leads_where_one_was_going(client: StrictClient, user: User) -> None:
    assert not _is_in(client)

    assert _enter(client, user.email, next="/menages?tri=nom") == (302, "/menages?tri=nom")

    assert _is_in(client)
    assert client.get("/connexion?next=/menages").location == "/menages"


@pytest.mark.databases("sqlite")
def test_a_form_that_comes_after_the_end_of_a_session_is_told_and_found_again(client: StrictClient, user: User) -> None:
    form = "/menages/orienter"

    answer = send_form(client, form, {"family_name": "Duval"})
    assert answer.location == f"/connexion?next={form}"
    assert "rien n’a été enregistré" in client.get(answer.location).get_data(as_text=True)
    assert _enter(client, user.email, next=form) == (302, form)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_nobody_is_led_elsewhere_by_signing_in(client: StrictClient, user: User, target: str) -> None:
    assert _enter(client, user.email, next=target) == (302, "/")
    assert client.get("/connexion", query_string={"next": target}).location == "/"


def test_an_address_is_known_in_any_case_and_with_blanks_around(client: StrictClient, user: User) -> None:
    assert _enter(client, f"  {(user.email or '').upper()} ")[0] == 302


@pytest.mark.parametrize("password", ["faux", f"{PASSWORD} ", PASSWORD.lower(), "\x00"])
def test_a_wrong_password_and_an_unknown_address_are_told_in_the_same_words(
    client: StrictClient, user: User, password: str
) -> None:
    status, text = _enter(client, user.email, password)
    other_status, other_text = _enter(client, "nobody\x00@example.org", password)

    assert status == other_status == 200
    assert WRONG in text
    assert WRONG in other_text
    assert f'value="{password}"' not in text
    assert not _is_in(client)


@pytest.mark.databases("sqlite")
def test_a_form_with_a_password_does_not_say_that_all_is_still_there(client: StrictClient, user: User) -> None:
    refused = _enter(client, user.email, "faux")[1]
    assert "La connexion n’a pas abouti" in refused

    sign_in(client, user)
    change = send_form(client, "/mon-mot-de-passe", {"present": "faux", "password": "Quatre mots font une phrase"})
    for page in (refused, change.get_data(as_text=True)):
        assert "un mot de passe ne reste pas dans le formulaire" in page
        assert "encore dans le formulaire" not in page


def test_an_unknown_address_costs_the_same_work(
    client: StrictClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []

    def verify(password: str, stored: str | None) -> bool:
        seen.append(stored)
        return False

    monkeypatch.setattr(service, "verify_password", verify)
    _enter(client, user.email)
    _enter(client, "nobody@example.org")

    assert seen == [user.password_hash, None]


@pytest.mark.parametrize("has_old_cookie", [False, True])
def test_others_write_while_a_password_is_verified(
    client: StrictClient,
    user: User,
    engine: Engine,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    has_old_cookie: bool,
) -> None:
    """SQLite has one writer: a visitor must not be able to keep everybody waiting by typing passwords."""
    if has_old_cookie:
        sign_in(client, user)
        with system_ctx(engine, clock) as ctx:
            service.set_active(ctx, user.id, active=False)
            service.set_active(ctx, user.id, active=True)
    wrote: list[str] = []

    def write() -> None:
        with system_ctx(engine, clock) as ctx:
            ctx.session.add(SignInFailure(subject="elsewhere", at=clock.now()))

    def verify(password: str, stored: str | None) -> bool:
        write()
        wrote.append(password)
        return passwords.verify_password(password, stored)

    def renew(password: str) -> str:
        write()
        wrote.append(password)
        return passwords.hash_password(password)

    if engine.dialect.name == "sqlite":  # who would have to wait for a writer says so at once
        event.listen(
            engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=0"), insert=True
        )
    monkeypatch.setattr(service, "verify_password", verify)
    monkeypatch.setattr(service, "hash_password", renew)

    assert WRONG in _enter(client, user.email, "faux")[1]
    assert _enter(client, user.email)[0] == 302
    assert wrote == ["faux", PASSWORD, PASSWORD]


def test_of_many_who_guess_at_once_no_more_are_answered_than_one_after_the_other(
    app: Flask, user: User, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = ALLOWED_BY_EMAIL + 3
    all_verify = threading.Barrier(together)

    def verify(_password: str, _stored: str | None) -> bool:
        all_verify.wait(20)
        return False

    def guess(number: int) -> str:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        return send_form(client, "/connexion", {"email": user.email, "password": "faux"}).get_data(as_text=True)

    monkeypatch.setattr(service, "verify_password", verify)
    with ThreadPoolExecutor(together) as guessing:
        pages = list(guessing.map(guess, range(together)))

    assert sum(WRONG in page for page in pages) == ALLOWED_BY_EMAIL
    assert sum(PAUSE in page for page in pages) == together - ALLOWED_BY_EMAIL
    with Session(engine) as session:
        subject = f"email:{sha256((user.email or '').encode()).hexdigest()}"
        counted = select(func.count(SignInFailure.id)).where(SignInFailure.subject == subject)
        assert session.scalar(counted) == ALLOWED_BY_EMAIL


def test_a_password_that_is_changed_while_it_is_verified_opens_nothing(
    client: StrictClient, user: User, engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(password: str, stored: str | None) -> bool:
        with system_ctx(engine, clock) as ctx:
            service.give_password(ctx, user.id, "Quatre mots font une phrase")
        return passwords.verify_password(password, stored)

    monkeypatch.setattr(service, "verify_password", verify)

    assert WRONG in _enter(client, user.email)[1]


def test_without_a_stored_password_a_hash_is_computed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    class Hasher:
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return True  # even the password of nobody opens nothing

    monkeypatch.setattr(passwords, "_HASHER", Hasher())

    assert not passwords.verify_password("x", None)
    assert checked == [passwords._NOBODY]


def test_a_cookie_kept_from_before_the_sign_out_opens_nothing(app: Flask, client: StrictClient, user: User) -> None:
    sign_in(client, user)
    kept = client.get_cookie(COOKIE)
    assert kept is not None
    assert _is_in(client)

    assert send_form(client, "/deconnexion").location == "/connexion"

    thief = app.test_client()
    thief.set_cookie(COOKIE, kept.value)
    assert thief.get("/mon-mot-de-passe").status_code == 302
    assert not _is_in(client)


def test_a_session_ends_after_its_hours(client: StrictClient, user: User, clock: FixedClock) -> None:
    _enter(client, user.email)
    clock.instant += timedelta(hours=12) - timedelta(seconds=1)
    assert _is_in(client)
    clock.instant += timedelta(seconds=1)

    assert not _is_in(client)


def test_the_cookie_holds_a_token_whose_hash_alone_is_stored(client: StrictClient, user: User, engine: Engine) -> None:
    _enter(client, user.email)
    with client.session_transaction() as session:
        token = session["_user_id"]

    with Session(engine) as database:
        stored = database.scalars(select(SignInSession.token_hash)).one()
    assert token not in stored
    assert stored == service.token_hash(token)


def test_a_session_of_before_the_sign_in_does_not_live_on(client: StrictClient, user: User) -> None:
    client.get("/connexion")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session.get("csrf_token")
    _enter(client, user.email)

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before or before is None


def test_a_token_issued_before_the_sign_in_dies_with_it(client: StrictClient, user: User) -> None:
    page = client.get("/connexion").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    data = {"email": user.email, "password": PASSWORD, "csrf_token": token[1]}
    assert client.post("/connexion", data=data).status_code == 302
    client.get("/")

    assert client.post("/deconnexion", data={"csrf_token": token[1]}).status_code == 400
    assert _is_in(client)


def test_a_closed_account_is_out_at_once_and_cannot_come_back(
    client: StrictClient, user: User, engine: Engine, clock: FixedClock
) -> None:
    sign_in(client, user)
    with system_ctx(engine, clock) as ctx:
        service.set_active(ctx, user.id, active=False)

    assert not _is_in(client)
    assert WRONG in _enter(client, user.email)[1]

    with system_ctx(engine, clock) as ctx:
        service.set_active(ctx, user.id, active=True)
    assert not _is_in(client)  # the old session stays ended
    assert _enter(client, user.email)[0] == 302


def test_a_name_out_of_a_file_cannot_sign_in(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        make_user(ctx, Role.REFERENT, password=None)

    assert "nécessaire" in _enter(client, "")[1]
    assert WRONG in _enter(client, "referent1")[1]


def test_guessing_at_one_account_is_slowed_down_wherever_it_comes_from(
    app: Flask, client: StrictClient, user: User, clock: FixedClock
) -> None:
    for number in range(ALLOWED_BY_EMAIL):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert WRONG in _enter(client, user.email, "faux")[1]
    client.environ_base["REMOTE_ADDR"] = "192.0.2.99"

    assert PAUSE in _enter(client, user.email)[1]  # even the right password waits
    assert PAUSE in _enter(client, (user.email or "").upper())[1]
    clock.instant += timedelta(minutes=15)
    assert _enter(client, user.email)[0] == 302


def test_guessing_from_one_address_is_slowed_down_whatever_the_account(
    client: StrictClient, user: User, clock: FixedClock, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "verify_password", lambda password, stored: password == PASSWORD)
    for number in range(ALLOWED_BY_ADDRESS):
        assert WRONG in _enter(client, f"nobody{number}@example.org", "faux")[1]

    assert PAUSE in _enter(client, user.email)[1]
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert _enter(client, user.email)[0] == 302
    with Session(engine) as session:
        assert session.scalar(select(func.count(SignInFailure.id))) == 2 * ALLOWED_BY_ADDRESS


def test_a_refusal_keeps_no_address_in_clear(client: StrictClient, user: User, engine: Engine) -> None:
    _enter(client, user.email, "faux")

    with Session(engine) as session:
        subjects = session.scalars(select(SignInFailure.subject)).all()
    assert len(subjects) == 2
    assert all("@" not in subject for subject in subjects)


def test_a_hash_of_older_parameters_is_renewed_at_the_sign_in(client: StrictClient, user: User, engine: Engine) -> None:
    _enter(client, user.email)

    with Session(engine) as session:
        stored = session.get_one(User, user.id).password_hash
    assert stored != user.password_hash
    assert not passwords.needs_new_hash(stored or "")
    assert passwords.verify_password(PASSWORD, stored)
