"""SELECTs on who works in a programme. Those who manage accounts reach every programme here, and only here."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, and_, or_, select

from casework.accounts.models import Organisation, User
from casework.accounts.vocabulary import ACCOMPANYING, LANDLORD_ROLES, Role
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible
from casework.programmes.models import Programme, ProgrammeMember

# They come from other organisations than the programme's own.
OUTSIDERS = (Role.COORDINATOR.value, Role.FUNDER_READER.value)

Member = Row[int, str, str, str, bool]
_MEMBER = select(User.id, User.display_name, User.role, Organisation.name.label("organisation"), User.is_active).join(
    Organisation, Organisation.id == User.organisation_id
)


def all_programmes(ctx: Ctx) -> Sequence[Programme]:
    """Return every programme, by code. Raises NotVisible for those who do not manage accounts."""
    _check_manages(ctx)
    return ctx.session.scalars(select(Programme).order_by(Programme.code, Programme.id)).all()


def managed_programme(ctx: Ctx, code: str) -> Programme:
    """Return a programme to those who manage accounts. Raises NotVisible to others, or when there is none."""
    _check_manages(ctx)
    found = ctx.session.scalars(select(Programme).where(Programme.code == code)).one_or_none()
    if found is None:
        raise NotVisible
    return found


def members_of(ctx: Ctx, programme_id: int) -> Sequence[Member]:
    """Return (id, name, role, organisation, active) of those who work in a programme, by organisation and name."""
    return ctx.session.execute(
        _MEMBER.join(ProgrammeMember, ProgrammeMember.user_id == User.id)
        .where(ProgrammeMember.programme_id == programme_id)
        .order_by(Organisation.name, User.display_name, User.id)
    ).all()


def without_team(ctx: Ctx) -> Sequence[Member]:
    """Return those who can sign in and work in no programme, administrators aside, by organisation and name.

    Raises NotVisible for those who do not manage accounts.
    """
    _check_manages(ctx)
    return ctx.session.execute(
        _MEMBER.where(
            User.is_active.is_(True),
            User.email.is_not(None),
            User.role != Role.ADMINISTRATOR.value,
            User.id.not_in(select(ProgrammeMember.user_id)),
        ).order_by(Organisation.name, User.display_name, User.id)
    ).all()


def may_work_in() -> ColumnElement[bool]:
    """Return the condition that a User may work in a Programme: each side on its own, coordinators and funders in any.

    A landlord that accompanies the households of one programme reads no more of another than a landlord does.
    """
    return or_(
        and_(User.role.in_(sorted(ACCOMPANYING)), User.organisation_id == Programme.operator_id),
        and_(User.role.in_(sorted(LANDLORD_ROLES)), User.organisation_id == Programme.landlord_id),
        User.role.in_(OUTSIDERS),
    )


def candidates_for(ctx: Ctx, programme: Programme) -> Sequence[Member]:
    """Return those who may join a programme: of its landlord and association, coordinators, funders."""
    members = select(ProgrammeMember.user_id).where(ProgrammeMember.programme_id == programme.id)
    return ctx.session.execute(
        _MEMBER.join(Programme, Programme.id == programme.id)
        .where(User.is_active.is_(True), may_work_in(), User.id.not_in(members))
        .order_by(Organisation.name, User.display_name, User.id)
    ).all()


def _check_manages(ctx: Ctx) -> None:
    if not ctx.actor.may("account:manage"):
        raise NotVisible
