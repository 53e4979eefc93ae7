"""SELECTs of the conventions on sharing: what the landlord of a programme reads of the shared part, and since when.

Without a convention that has started, the landlord reads no category at all.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, bindparam, case, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from casework.accounts.models import User
from casework.accounts.permissions import BOUND_BY_CONVENTION, SHAREABLE
from casework.accounts.vocabulary import Category, Role
from casework.kernel.access import visible
from casework.kernel.context import Ctx, Share
from casework.kernel.database import comma_joined, constant, one_of
from casework.programmes.models import Programme, ProgrammeMember, SharingClause, SharingConvention
from casework.programmes.vocabulary.sharing import Opening

Openings = Mapping[tuple[Category, Role], Opening]
# Every (category, reader) that a convention decides on, in the order of the pages.
CLAUSES = tuple((category, reader) for category in Category for reader in Role if reader in SHAREABLE[category])
_TODAY = bindparam("today", type_=SharingConvention.from_on.type)


@dataclass(frozen=True)
class Convention:
    """A version of the convention of a programme; `author` is None when the service took over what was shared."""

    id: int
    programme_id: int
    number: int
    from_on: date
    reference: str
    reason: str
    created_at: datetime
    author: str | None
    openings: Openings


def conventions_of(ctx: Ctx, programme_id: int) -> list[Convention]:
    """Return the conventions of a programme that the actor works in, newest first."""
    reached = select(Programme.id).where(Programme.id == programme_id, visible(ctx, Programme))
    return _conventions(ctx, SharingConvention.programme_id.in_(reached))


def conventions_in_force(ctx: Ctx, programme_ids: Sequence[int]) -> dict[int, Convention]:
    """Return the convention in force today of each of some programmes that has one, for papers about the service."""
    owner: InstrumentedAttribute[int] = SharingConvention.programme_id
    found = _conventions(ctx, owner.in_(programme_ids))
    return {
        programme_id: present
        for programme_id in programme_ids
        if (present := in_force_on([c for c in found if c.programme_id == programme_id], ctx.today)) is not None
    }


def _conventions(ctx: Ctx, condition: ColumnElement[bool]) -> list[Convention]:
    rows = ctx.session.execute(
        select(SharingConvention, User.display_name)
        .outerjoin(User, User.id == SharingConvention.created_by_id)
        .where(condition)
        .order_by(SharingConvention.number.desc(), SharingConvention.id)
    ).all()
    clauses: dict[int, dict[tuple[Category, Role], Opening]] = defaultdict(dict)
    ids: InstrumentedAttribute[int] = SharingClause.convention_id
    for clause in ctx.session.scalars(select(SharingClause).where(ids.in_([row[0].id for row in rows]))):
        opening = Opening.AGREED if clause.needs_agreement else Opening.OPEN
        clauses[clause.convention_id][Category(clause.category), Role(clause.reader)] = opening
    return [
        Convention(
            id=row.id,
            programme_id=row.programme_id,
            number=row.number,
            from_on=row.from_on,
            reference=row.reference,
            reason=row.reason,
            created_at=row.created_at,
            author=author,
            openings={pair: clauses[row.id].get(pair, Opening.CLOSED) for pair in CLAUSES},
        )
        for row, author in rows
    ]


def in_force_on(conventions: Sequence[Convention], day: date) -> Convention | None:
    """Return the one in force on `day` among the conventions of a programme, newest first; None when none started."""
    return next((convention for convention in conventions if convention.from_on <= day), None)


def _is_in_force() -> ColumnElement[bool]:
    """Return the condition on SharingConvention; its parameter is `today`."""
    other = aliased(SharingConvention)
    last = select(func.max(other.number)).where(
        other.programme_id == SharingConvention.programme_id, other.from_on <= _TODAY
    )
    return SharingConvention.number == last.scalar_subquery()


def shares_column(user_id: ColumnElement[int], role: ColumnElement[str]) -> ColumnElement[str]:
    """Return what conventions open to a user of a landlord, as a column of a SELECT on users: a text of `Share.read`.

    Its parameter `today` is a date. For other roles nothing is looked up.
    """
    flag, colon = case((SharingClause.needs_agreement, constant("1")), else_=constant("0")), constant(":")
    word = cast(SharingConvention.programme_id, String) + colon + SharingClause.category + colon + flag
    found = (
        select(comma_joined(word))
        .select_from(SharingClause)
        .join(SharingConvention, SharingConvention.id == SharingClause.convention_id)
        .join(ProgrammeMember, ProgrammeMember.programme_id == SharingConvention.programme_id)
        .where(ProgrammeMember.user_id == user_id, SharingClause.reader == role, _is_in_force())
    )
    return case((one_of(role, BOUND_BY_CONVENTION), found.scalar_subquery()))


def shares_of(ctx: Ctx, role: str, programme_ids: Sequence[int]) -> tuple[Share, ...]:
    """Return what the conventions of some programmes open to a role of the landlord today."""
    owner: InstrumentedAttribute[int] = SharingConvention.programme_id
    rows = ctx.session.execute(
        select(SharingConvention.programme_id, SharingClause.category, SharingClause.needs_agreement)
        .join(SharingConvention, SharingConvention.id == SharingClause.convention_id)
        .where(owner.in_(programme_ids), SharingClause.reader == role, _is_in_force())
        .order_by(SharingConvention.programme_id, SharingClause.category),
        {"today": ctx.today},
    )
    return tuple(Share(*row) for row in rows)


def read_by_landlord_column(programme_id: ColumnElement[int], agrees: ColumnElement[bool]) -> ColumnElement[str]:
    """Return the categories that the landlord's social team reads of a case, as a column: a text, a comma between two.

    `agrees` is the condition « the household agreed to sharing »; the parameter `today` is a date.
    """
    return (
        select(comma_joined(SharingClause.category.expression))
        .select_from(SharingClause)
        .join(SharingConvention, SharingConvention.id == SharingClause.convention_id)
        .where(
            SharingConvention.programme_id == programme_id,
            SharingClause.reader == Role.LANDLORD_SOCIAL.value,
            _is_in_force(),
            or_(SharingClause.needs_agreement.is_(False), agrees),
        )
        .scalar_subquery()
    )
