"""Every SELECT on programmes and their versions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Row, String, bindparam, cast, func, select, true
from sqlalchemy.orm import aliased

from casework.accounts.models import Organisation, User
from casework.accounts.queries import declare_operator
from casework.kernel.access import declare_visibility, visible
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import comma_joined
from casework.kernel.errors import NotVisible
from casework.programmes.definition import Definition, read_definition
from casework.programmes.models import Programme, ProgrammeMember, ProgrammeVersion
from casework.programmes.terms import Terms, terms_on


def _reachable(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.role == "SYSTEM" else Programme.id.in_(actor.programme_ids)


declare_visibility(Programme, _reachable)
declare_operator(Programme.operator_id.expression)
# (version id, still open on a day) of what follows a version: this room does not know the tables of cases.
_followers: list[tuple[ColumnElement[int], Callable[[date], ColumnElement[bool]]]] = []


def declare_follower(version_id: ColumnElement[int], is_open: Callable[[date], ColumnElement[bool]]) -> None:
    """Declare what follows a version of a programme, and whether it still does on a day."""
    _followers.append((version_id, is_open))


@dataclass(frozen=True)
class VersionInForce:
    """A version of a programme, read and checked."""

    id: int
    programme_id: int
    number: int
    definition: Definition


def find_programme(ctx: Ctx, code: str) -> Programme | None:
    """Return the programme `code` when the actor works in it, or None."""
    return ctx.session.scalars(select(Programme).where(Programme.code == code, visible(ctx, Programme))).one_or_none()


def list_programmes(ctx: Ctx) -> list[Row[int, str, str, str, str]]:
    """Return (id, code, name, landlord, operator) of the programmes the actor works in, by code."""
    operator = aliased(Organisation)
    return list(
        ctx.session.execute(
            select(
                Programme.id,
                Programme.code,
                Programme.name,
                Organisation.name.label("landlord"),
                operator.name.label("operator"),
            )
            .join(Organisation, Organisation.id == Programme.landlord_id)
            .join(operator, operator.id == Programme.operator_id)
            .where(visible(ctx, Programme))
            .order_by(Programme.code, Programme.id)
        )
    )


def versions_of(ctx: Ctx, programme_id: int) -> list[VersionInForce]:
    """Return the versions of a programme, oldest first."""
    rows = ctx.session.execute(_VERSIONS, {"programme_id": programme_id}).all()
    return [VersionInForce(r.id, r.programme_id, r.number, _definition(ctx, r.id, r.number, r.digest)) for r in rows]


def open_cases_by_version(ctx: Ctx, programme_id: int) -> dict[int, int]:
    """Return how many open cases follow each version of a programme that the actor works in, by number of version.

    A figure of the whole programme, whoever asks: no case is named.
    """
    found: dict[int, int] = {}
    for version_id, is_open in _followers:
        rows = ctx.session.execute(
            select(ProgrammeVersion.number, func.count())
            .join(Programme, Programme.id == ProgrammeVersion.programme_id)
            .where(
                version_id == ProgrammeVersion.id,
                is_open(ctx.today),
                Programme.id == programme_id,
                visible(ctx, Programme),
            )
            .group_by(ProgrammeVersion.number)
            .order_by(ProgrammeVersion.number)
        )
        for number, count in rows:
            found[number] = found.get(number, 0) + count
    return found


HistoryRow = Row[int, date, datetime, str, str | None]


def version_history(ctx: Ctx, programme_id: int) -> Sequence[HistoryRow]:
    """Return (number, valid_from, created_at, reason, author) of the versions of a programme, newest first."""
    return ctx.session.execute(
        select(
            ProgrammeVersion.number,
            ProgrammeVersion.valid_from,
            ProgrammeVersion.created_at,
            ProgrammeVersion.reason,
            User.display_name.label("author"),
        )
        .join(Programme, Programme.id == ProgrammeVersion.programme_id)
        .outerjoin(User, User.id == ProgrammeVersion.created_by_id)
        .where(Programme.id == programme_id, visible(ctx, Programme))
        .order_by(ProgrammeVersion.number.desc())
    ).all()


def document_of(ctx: Ctx, version_id: int) -> dict[str, object]:
    """Return the raw definition that a version holds."""
    document = ctx.session.scalars(select(ProgrammeVersion.definition).where(ProgrammeVersion.id == version_id)).one()
    return dict(document)


def programme_to_change(ctx: Ctx, code: str) -> Programme:
    """Return a programme the actor works in; who changes it at the same time waits. Raises NotVisible."""
    found = ctx.session.scalars(
        select(Programme).where(Programme.code == code, visible(ctx, Programme)).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotVisible
    return found


VERSION_COLUMNS = (
    ProgrammeVersion.id,
    ProgrammeVersion.programme_id,
    ProgrammeVersion.number,
    ProgrammeVersion.digest,
)
VersionRow = Row[int, int, int, str]
_VERSIONS = (
    select(*VERSION_COLUMNS)
    .where(ProgrammeVersion.programme_id == bindparam("programme_id"))
    .order_by(ProgrammeVersion.number)
)
# A version never changes, so what was read once is kept, by the fingerprint of what was read.
_read: dict[str, Definition] = {}


def _definition(ctx: Ctx, version_id: int, number: int, digest: str) -> Definition:
    found = _read.get(digest)
    if found is None:
        document = ctx.session.scalars(
            select(ProgrammeVersion.definition).where(ProgrammeVersion.id == version_id)
        ).one()
        found = _read[digest] = read_definition(f"v{number}", document)
    return found


def version_on(ctx: Ctx, programme_id: int, day: date) -> VersionInForce:
    """Return the version in force on `day`: the last one that started by then, or else the first."""
    versions = versions_of(ctx, programme_id)
    started = [v for v in versions if v.definition.valid_from <= day]
    return (started or versions[:1])[-1]


def definition_of(ctx: Ctx, version_id: int) -> Definition:
    """Return the definition that a version holds; a case names the version it started with."""
    row = ctx.session.execute(
        select(ProgrammeVersion.number, ProgrammeVersion.digest).where(ProgrammeVersion.id == version_id)
    ).one()
    return _definition(ctx, version_id, row.number, row.digest)


def terms_by_version(ctx: Ctx, programme_id: int, day: date) -> dict[int, Terms]:
    """Return the terms in force on `day` for each version of a programme, by version id."""
    return terms_of(ctx, ctx.session.execute(_VERSIONS, {"programme_id": programme_id}).all(), day)


def terms_of(ctx: Ctx, versions: Iterable[VersionRow | tuple[int, int, int, str]], day: date) -> dict[int, Terms]:
    """Return the terms in force on `day` for rows of VERSION_COLUMNS, by version id."""
    found = {}
    for version_id, _programme_id, number, digest in versions:
        _definition(ctx, version_id, number, digest)
        found[version_id] = _terms(digest, day)
    return found


@lru_cache(maxsize=1_000)
def _terms(digest: str, day: date) -> Terms:
    return terms_on(_read[digest], day)


def programme_ids_column(user_id: ColumnElement[int]) -> ColumnElement[str]:
    """Return the ids of the programmes in which a user works, as a column of a SELECT on users: a text, a comma between two of them."""
    ids = comma_joined(cast(ProgrammeMember.programme_id, String))
    return select(ids).where(ProgrammeMember.user_id == user_id).scalar_subquery()
