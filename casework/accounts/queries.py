"""Every SELECT on users and their sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from casework.accounts.models import Organisation, SignInFailure, SignInSession, User
from casework.accounts.permissions import permissions_of
from casework.kernel.clock import Clock
from casework.kernel.context import Actor, Ctx, Share
from casework.kernel.kept import row_of
from casework.kernel.row_security import duration, identifying

# Who accompanies the households of a programme: this room does not know the tables of programmes.
_operators: list[ColumnElement[int]] = []


@dataclass(frozen=True)
class SignedInUser:
    """Who is signed in, as the pages show it."""

    id: int
    name: str
    role: str
    organisation_id: int
    organisation_name: str
    locale: str
    theme: str
    text_size: str
    hints_seen: bool
    password_is_given: bool
    session_id: int
    programme_ids: tuple[int, ...] = ()
    opened_case_ids: tuple[int, ...] = ()
    shares: tuple[Share, ...] = ()

    def actor(self) -> Actor:
        """Return the user as the actor of a use case."""
        held = permissions_of(self.role)
        return Actor(
            self.id, self.organisation_id, self.role, self.programme_ids, held, self.opened_case_ids, self.shares
        )


_SIGNED_IN = (
    select(
        User.id,
        User.display_name,
        User.role,
        User.organisation_id,
        Organisation.name,
        User.locale,
        User.theme,
        User.text_size,
        User.hints_seen,
        User.password_is_given,
        SignInSession.id,
    )
    .join(User, User.id == SignInSession.user_id)
    .join(Organisation, Organisation.id == User.organisation_id)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now", type_=SignInSession.expires_at.type),
        User.is_active.is_(True),
    )
)
_WIDTH = len(_SIGNED_IN.selected_columns)


def session_statement(
    dialect: str, programme_ids: ColumnElement[str], opened_cases: ColumnElement[str], shares: ColumnElement[str]
) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of `user_of_session`, which every request begins with: on PostgreSQL it tells the wall, too.

    `programme_ids` gives the programmes of User.id, `opened_cases` the cases whose glass they broke and `shares` what
    conventions open to them, a comma between them: this room does not know their tables.
    """
    if dialect != "postgresql":
        return _SIGNED_IN.add_columns(opened_cases, shares, programme_ids)
    return _SIGNED_IN.add_columns(opened_cases, shares, *identifying(User.id.expression, programme_ids))


def user_of_session(
    session: Session, statement: Select[*tuple[Any, ...]], token_hash: str, clock: Clock
) -> SignedInUser | None:
    """Return the user whose live session has the token hash, or None; who is found acts from then on, for the wall."""
    connection = session.connection()
    asked = {"token_hash": token_hash, "now": clock.now(), "today": clock.today(), **duration(connection)}
    row = row_of(connection, statement, asked)
    if row is None:
        return None
    opened, shares, programmes = row[_WIDTH : _WIDTH + 3]
    values: list[Any] = [*row[:_WIDTH], _ids(programmes), _ids(opened), _shares(shares)]
    return SignedInUser(*values)


def _shares(joined: str | None) -> tuple[Share, ...]:
    # In one order: what is built once for each actor is built once.
    return tuple(Share.read(words) for words in sorted(joined.split(","))) if joined else ()


def _ids(joined: str | None) -> tuple[int, ...]:
    return tuple(sorted(set(map(int, joined.split(","))))) if joined else ()


def user_by_email(session: Session, email: str) -> User | None:
    """Return the user with this e-mail address, in lower case, or None."""
    return session.scalars(select(User).where(User.email == email)).one_or_none()


def failures_since(session: Session, subject: str, since: datetime) -> int:
    """Return how often `subject` was refused since an instant."""
    statement = select(func.count()).select_from(SignInFailure).where(SignInFailure.subject == subject)
    return session.scalar(statement.where(SignInFailure.at > since)) or 0


def declare_operator(organisation_id: ColumnElement[int]) -> None:
    """Declare a column of organisations whose people accompany households, whatever their kind."""
    _operators.append(organisation_id)


def is_operator(session: Session, organisation_id: int) -> bool:
    """Tell whether an organisation accompanies the households of a programme: some landlords do so by themselves."""
    known = (session.scalar(select(column).where(column == organisation_id).limit(1)) for column in _operators)
    return any(found is not None for found in known)


def list_users(ctx: Ctx) -> Sequence[Row[int, str, str | None, str, bool, str]]:
    """Return (id, name, e-mail, role, active, organisation) of everybody, by organisation and name."""
    return ctx.session.execute(
        select(User.id, User.display_name, User.email, User.role, User.is_active, Organisation.name)
        .join(Organisation, Organisation.id == User.organisation_id)
        .order_by(Organisation.name, User.display_name, User.id)
    ).all()


def list_organisations(ctx: Ctx) -> Sequence[Row[int, str, str]]:
    """Return (id, kind, name) of the organisations, by name."""
    return ctx.session.execute(
        select(Organisation.id, Organisation.kind, Organisation.name).order_by(Organisation.name, Organisation.id)
    ).all()
