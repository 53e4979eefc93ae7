"""Use cases on accounts: signing in and out, preferences, passwords, users."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update

from casework.accounts import queries
from casework.accounts.models import Organisation, SignInFailure, SignInSession, User
from casework.accounts.passwords import check_new_password, hash_password, needs_new_hash, verify_password
from casework.accounts.vocabulary import ACCOMPANYING, EMPLOYERS, Role
from casework.kernel.context import Ctx
from casework.kernel.database import lock_subject
from casework.kernel.errors import NotVisible, RuleViolation
from casework.kernel.text import clean_line, search_key

WINDOW = timedelta(minutes=15)
ALLOWED_BY_EMAIL = 5
ALLOWED_BY_ADDRESS = 30


def token_hash(token: str) -> str:
    """Return what is stored of a session token."""
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Attempt:
    """Somebody who wants to sign in: under which address, counted for which subjects, and what is known of them."""

    email: str
    subjects: Mapping[str, int]
    stored: str | None
    is_right: bool = False
    renewed: str | None = None


def look_up(ctx: Ctx, email: str, address: str) -> Attempt:
    """Return what is stored for who signs in as `email` from the network `address`.

    Raises RuleViolation when either was refused too often of late.
    """
    key = clean_line(email).casefold()[:200]
    subjects = {_subject(key): ALLOWED_BY_EMAIL, f"address:{address}": ALLOWED_BY_ADDRESS}
    _check_not_refused_often(ctx, subjects)
    user = queries.user_by_email(ctx.session, key)
    return Attempt(key, subjects, user.password_hash if user is not None and user.is_active else None)


def verify(attempt: Attempt, password: str) -> Attempt:
    """Return the attempt with what the password is worth, and a hash of today's parameters where the stored one is older.

    Asks no database: hashing takes long on purpose, and on SQLite who writes keeps everybody else waiting.
    """
    is_right = verify_password(password, attempt.stored)
    is_old = is_right and attempt.stored is not None and needs_new_hash(attempt.stored)
    return replace(attempt, is_right=is_right, renewed=hash_password(password) if is_old else None)


def sign_in(ctx: Ctx, attempt: Attempt, hours: int) -> str:
    """Return the token of a new session of `hours` hours for who gave the right password.

    Raises RuleViolation when it was wrong or is another one now, or when others were refused too often meanwhile. The
    refusal itself is recorded: the caller commits it.
    """
    now = ctx.clock.now()
    for number in sorted(map(_number, attempt.subjects)):
        lock_subject(ctx.session, number)  # of many who try at once, no more than allowed learn anything
    _check_not_refused_often(ctx, attempt.subjects)
    user = queries.user_by_email(ctx.session, attempt.email)
    if user is None or not user.is_active or not attempt.is_right or user.password_hash != attempt.stored:
        ctx.session.add_all([SignInFailure(subject=s, at=now) for s in attempt.subjects])
        ctx.session.execute(delete(SignInFailure).where(SignInFailure.at < now - timedelta(days=1)))
        ctx.session.flush()
        raise RuleViolation("", "L’adresse ou le mot de passe n’est pas le bon.")
    if attempt.renewed is not None:
        user.password_hash = attempt.renewed
    token = secrets.token_urlsafe(32)
    ctx.session.add(
        SignInSession(
            user_id=user.id,
            token_hash=token_hash(token),
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    return token


def sign_out(ctx: Ctx, session_id: int) -> None:
    """End a session for good."""
    ctx.session.execute(update(SignInSession).where(SignInSession.id == session_id).values(ended_at=ctx.clock.now()))


def set_preferences(ctx: Ctx, *, locale: str | None, theme: str | None, text_size: str | None) -> None:
    """Keep the language, the appearance and the text size of the actor; None leaves one as it is."""
    user = _self(ctx)
    user.locale = locale or user.locale
    user.theme = theme or user.theme
    user.text_size = text_size or user.text_size


def dismiss_hints(ctx: Ctx) -> None:
    """Remember that the actor has read the hints of the first visit."""
    _self(ctx).hints_seen = True


def change_password(ctx: Ctx, present: str, password: str) -> None:
    """Change the actor's own password and end their other sessions.

    Raises RuleViolation on `present` or `password`, which must be another one.
    """
    user = _self(ctx)
    if not verify_password(present, user.password_hash):
        raise RuleViolation("present", "Ce n’est pas votre mot de passe actuel.")
    if password == present:
        raise RuleViolation("password", "C’est votre mot de passe actuel\u00a0: choisissez-en un autre.")
    _set_password(ctx, user, password)


def give_password(ctx: Ctx, user_id: int, password: str) -> User:
    """Give somebody who forgot theirs a provisional password: they are signed out everywhere and may try again at once.

    They choose another one then, unless it was given on the command line, where people type their own.
    Raises NotVisible when there is no such account, RuleViolation when it has no address, is the actor's own, or on
    `password`.
    """
    user = account(ctx, user_id)
    if user.id == ctx.actor.user_id:
        raise RuleViolation("", "Pour votre propre compte, passez par «\u00a0Changer de mot de passe\u00a0».")
    if user.email is None:
        raise RuleViolation("", "Ce compte n’a pas d’adresse électronique\u00a0: il en faut une pour se connecter.")
    _set_password(ctx, user, password)
    ctx.session.execute(delete(SignInFailure).where(SignInFailure.subject == _subject(user.email)))
    return user


def account(ctx: Ctx, user_id: int) -> User:
    """Return an account to change. Raises NotVisible when there is none."""
    user = ctx.session.get(User, user_id)
    if user is None:
        raise NotVisible
    return user


def add_user(ctx: Ctx, *, email: str, name: str, role: str, organisation_id: int, password: str) -> User:
    """Create an account. Who works here and opens one for somebody else gives a password that these replace at once.

    Raises RuleViolation on `email`, `organisation_id`, `role` or `password`.
    """
    key = clean_line(email).casefold()
    _check_address(ctx, key)
    _check_employer(ctx, organisation_id, role)
    check_new_password(password, *search_key(name).split(), key.partition("@")[0])
    user = User(
        organisation_id=organisation_id,
        handle=_free_handle(ctx, organisation_id, key),
        display_name=name,
        role=Role(role).value,
        created_at=ctx.clock.now(),
        email=key,
        password_hash=hash_password(password),
        password_is_given=_is_given(ctx, None),
    )
    ctx.session.add(user)
    ctx.session.flush()
    return user


def revise_user(ctx: Ctx, user_id: int, *, email: str, name: str, role: str, organisation_id: int) -> tuple[User, bool]:
    """Correct an account. Return it, and whether its role or organisation is another one now: that ends its sessions.

    An account that came from a file may stay without e-mail address. Raises NotVisible when there is no such account,
    RuleViolation on `email`, `organisation_id` or `role`, among others when nobody would manage accounts any more.
    """
    user = account(ctx, user_id)
    key = clean_line(email).casefold() or None
    if key != user.email:
        _check_address(ctx, key)
    moves = (role, organisation_id) != (user.role, user.organisation_id)
    if moves:
        _check_employer(ctx, organisation_id, role)
    if role != Role.ADMINISTRATOR:
        _check_administrator_stays(ctx, user, "role")
    if organisation_id != user.organisation_id:
        user.handle = _free_handle(ctx, organisation_id, user.handle)
    user.email, user.display_name, user.role, user.organisation_id = key, name, Role(role).value, organisation_id
    ctx.session.flush()
    if moves:
        _end_sessions(ctx, user.id)
    return user, moves


def enter_colleague(ctx: Ctx, *, name: str, role: Role, organisation_id: int) -> User:
    """Enter somebody who works here and cannot sign in yet: no e-mail address and no password is known of them."""
    handle = _free_handle(ctx, organisation_id, search_key(name).replace(" ", "."))
    user = User(
        organisation_id=organisation_id,
        handle=handle,
        display_name=name,
        role=role.value,
        created_at=ctx.clock.now(),
    )
    ctx.session.add(user)
    ctx.session.flush()
    return user


def set_active(ctx: Ctx, user_id: int, *, active: bool) -> None:
    """Open or close an account; a closed one is signed out everywhere.

    Raises NotVisible when there is no such account, RuleViolation when the actor would close their own, or the last one
    that manages accounts.
    """
    user = account(ctx, user_id)
    if user.id == ctx.actor.user_id and not active:
        raise RuleViolation("", "Vous ne pouvez pas fermer votre propre compte.")
    if not active:
        _check_administrator_stays(ctx, user, "")
    user.is_active = active
    if not active:
        _end_sessions(ctx, user.id)


def _check_not_refused_often(ctx: Ctx, subjects: Mapping[str, int]) -> None:
    since = ctx.clock.now() - WINDOW
    if any(queries.failures_since(ctx.session, s, since) >= allowed for s, allowed in subjects.items()):
        raise RuleViolation(
            "", "Trop d’essais : attendez un quart d’heure, puis réessayez, ou demandez un nouveau mot de passe."
        )


def _check_address(ctx: Ctx, email: str | None) -> None:
    if email is None:
        raise RuleViolation("email", "Ce compte a besoin d’une adresse pour se connecter.")
    if queries.user_by_email(ctx.session, email) is not None:
        raise RuleViolation("email", "Un compte existe déjà avec cette adresse.")


def _check_administrator_stays(ctx: Ctx, leaving: User, field: str) -> None:
    # Held, so that two who are the last do not close each other's account.
    held = select(User.id).where(
        User.role == Role.ADMINISTRATOR.value, User.is_active.is_(True), User.password_hash.is_not(None)
    )
    if ctx.session.scalars(held.order_by(User.id).with_for_update()).all() == [leaving.id]:
        raise RuleViolation(
            field, "Personne d’autre n’administre les comptes\u00a0: donnez d’abord ce rôle à quelqu’un d’autre."
        )


def _check_employer(ctx: Ctx, organisation_id: int, role: str) -> None:
    employer = ctx.session.get(Organisation, organisation_id)
    if employer is None:
        raise RuleViolation("organisation_id", "Choisissez une organisation de la liste.")
    accompanies = role in ACCOMPANYING and queries.is_operator(ctx.session, organisation_id)
    if employer.kind not in EMPLOYERS[Role(role)] and not accompanies:
        raise RuleViolation(
            "role",
            "Ce rôle ne va pas avec «\u00a0%(name)s\u00a0»\u00a0: un rôle d’association demande qui accompagne les ménages, un rôle "
            "de bailleur un bailleur, celui de financeur un financeur.",
            name=employer.name,
        )


def _subject(email: str) -> str:
    return f"email:{sha256(email.encode()).hexdigest()}"


def _number(subject: str) -> int:
    """Return a number for a subject, by which PostgreSQL locks it."""
    return int.from_bytes(sha256(subject.encode()).digest()[:8], signed=True)


def _set_password(ctx: Ctx, user: User, password: str) -> None:
    check_new_password(password, *search_key(user.display_name).split(), (user.email or "").partition("@")[0])
    user.password_hash = hash_password(password)
    user.password_is_given = _is_given(ctx, user.id)
    _end_sessions(ctx, user.id)


def _is_given(ctx: Ctx, user_id: int | None) -> bool:
    """Tell whether a password of this user that the actor sets is known to somebody else."""
    return ctx.actor.user_id not in {None, user_id}


def _end_sessions(ctx: Ctx, user_id: int) -> None:
    ctx.session.execute(
        update(SignInSession)
        .where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
        .values(ended_at=ctx.clock.now())
    )


def _self(ctx: Ctx) -> User:
    user = ctx.session.get(User, ctx.actor.user_id) if ctx.actor.user_id is not None else None
    if user is None:
        raise NotVisible
    return user


def _free_handle(ctx: Ctx, organisation_id: int, email: str) -> str:
    base = email.partition("@")[0]
    taken = set(ctx.session.scalars(select(User.handle).where(User.organisation_id == organisation_id)))
    return next(h for h in (base, *(f"{base}{n}" for n in range(2, len(taken) + 3))) if h not in taken)
