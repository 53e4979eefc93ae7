"""Builders of organisations, users and signed-in browsers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta

from argon2 import PasswordHasher
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.accounts.models import Organisation, SignInSession, User
from casework.accounts.service import token_hash
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.kernel.context import Ctx
from casework.programmes.models import Programme, ProgrammeMember

PASSWORD = "Une phrase de passe 17"
# The smallest parameters that Argon2 takes: a test that makes twenty users must not wait for twenty hashes.
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

_EMPLOYERS = {
    Role.REFERENT: OrganisationKind.ASSOCIATION,
    Role.MANAGER: OrganisationKind.ASSOCIATION,
    Role.LANDLORD_SOCIAL: OrganisationKind.LANDLORD,
    Role.LANDLORD_RENT: OrganisationKind.LANDLORD,
    Role.COORDINATOR: OrganisationKind.OPERATOR,
    Role.FUNDER_READER: OrganisationKind.FUNDER,
    Role.ADMINISTRATOR: OrganisationKind.OPERATOR,
}
_NAMES = {
    OrganisationKind.ASSOCIATION: "Association Les Pins",
    OrganisationKind.LANDLORD: "Office du Val",
    OrganisationKind.FUNDER: "Préfecture",
    OrganisationKind.OPERATOR: "Coordination",
}


def make_organisation(ctx: Ctx, kind: OrganisationKind, name: str | None = None) -> Organisation:
    """Return the organisation of this name (one for each kind when none is given), made when it is not there yet."""
    name = name or _NAMES[kind]
    found = ctx.session.scalars(select(Organisation).where(Organisation.name == name)).one_or_none()
    if found is None:
        found = Organisation(kind=kind.value, name=name, created_at=ctx.clock.now())
        ctx.session.add(found)
        ctx.session.flush()
    return found


def make_user(
    ctx: Ctx,
    role: Role,
    *,
    programme: Programme | Sequence[Programme] = (),
    organisation: Organisation | None = None,
    name: str | None = None,
    password: str | None = PASSWORD,
) -> User:
    """Make an account, working in the programmes given, at the organisation that employs this role there.

    `password=None` makes a name that cannot sign in, as an import does.
    """
    programmes = [programme] if isinstance(programme, Programme) else list(programme)
    number = (ctx.session.scalar(select(func.count(User.id))) or 0) + 1
    user = User(
        organisation_id=_employer(ctx, role, programmes) if organisation is None else organisation.id,
        handle=f"{role.value.lower()}{number}",
        display_name=name or f"Camille {role.value.replace('_', ' ').title()} {number}",
        role=role.value,
        created_at=ctx.clock.now(),
        email=None if password is None else f"{role.value.lower()}{number}@example.org",
        password_hash=None if password is None else _CHEAP.hash(password),
    )
    ctx.session.add(user)
    ctx.session.flush()
    ctx.session.add_all([ProgrammeMember(programme_id=p.id, user_id=user.id) for p in programmes])
    ctx.session.flush()
    return user


def _employer(ctx: Ctx, role: Role, programmes: Sequence[Programme]) -> int:
    kind = _EMPLOYERS[role]
    if programmes and kind is OrganisationKind.LANDLORD:
        return programmes[0].landlord_id
    if programmes and kind is OrganisationKind.ASSOCIATION:
        return programmes[0].operator_id
    return make_organisation(ctx, kind).id


def sign_in(client: FlaskClient, user: User) -> None:
    """Make `client` a browser in which `user` is signed in, without the sign-in page and its costly hash."""
    token = _open_session(client.application, user)
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = token
        session["_fresh"] = True


def send_form(client: FlaskClient, url: str, data: Mapping[str, object] | None = None) -> TestResponse:
    """Send a form as the page itself would: with the token against forged requests."""
    with client.session_transaction() as session:
        seed = session.setdefault("csrf_token", secrets.token_hex(20))
    token = URLSafeTimedSerializer(str(client.application.secret_key), salt="wtf-csrf-token").dumps(seed)
    return client.post(url, data={**(data or {}), "csrf_token": token})


def session_cookie(app: Flask, user: User) -> tuple[str, str]:
    """Return the name and the value of the cookie of a signed-in browser, for a browser outside this process."""
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    value = serializer.dumps({"_user_id": _open_session(app, user), "_fresh": True})
    return interface.get_cookie_name(app), str(value)


def _open_session(app: Flask, user: User) -> str:
    held = app.extensions["casework"]
    now, token = held.clock.now(), secrets.token_urlsafe(32)
    with Session(held.engine) as session, session.begin():
        row = SignInSession(
            user_id=user.id,
            token_hash=token_hash(token),
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=3650),
        )
        session.add(row)
    return token
