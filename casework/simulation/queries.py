"""Every SELECT of the simulator: what the programme holds before it starts."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseEnd
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.leases.models import LeaseStage
from casework.programmes.models import ProgrammeMember
from casework.simulation.headcount import Occupancy
from casework.simulation.life import ACCESS, HOUSED_AT_ENTRY, MAINTAIN


def colleagues(ctx: Ctx, programme_id: int, role: Role) -> Sequence[User]:
    """Return the active users of a role who work in a programme, by id."""
    return ctx.session.scalars(
        select(User)
        .join(ProgrammeMember, ProgrammeMember.user_id == User.id)
        .where(ProgrammeMember.programme_id == programme_id, User.role == role.value, User.is_active.is_(True))
        .order_by(User.id)
    ).all()


def places_taken(ctx: Ctx, programme_id: int) -> list[Occupancy]:
    """Return the places of the households that a programme has or had, in the order of their cases."""
    stages: dict[int, list[str]] = {}
    for row in ctx.session.execute(
        select(LeaseStage.case_id, LeaseStage.stage)
        .join(Case, Case.id == LeaseStage.case_id)
        .where(Case.programme_id == programme_id, visible(ctx, LeaseStage))
        .order_by(LeaseStage.from_on, LeaseStage.id)
    ):
        stages.setdefault(row.case_id, []).append(row.stage)
    rows = ctx.session.execute(
        select(Case.id, Case.referred_on, Case.housing_at_entry, CaseEnd.ended_on)
        .outerjoin(CaseEnd, CaseEnd.case_id == Case.id)
        .where(Case.programme_id == programme_id, visible(ctx, Case))
        .order_by(Case.id)
    )
    return [
        Occupancy(
            row.referred_on,
            row.ended_on,
            MAINTAIN if row.housing_at_entry in HOUSED_AT_ENTRY else ACCESS,
            tuple(stages.get(row.id, ())),
        )
        for row in rows
    ]


def first_referral_on(ctx: Ctx, programme_id: int) -> date | None:
    """Return the day of the first referral to a programme, None without one."""
    return ctx.session.scalar(
        select(func.min(Case.referred_on)).where(Case.programme_id == programme_id, visible(ctx, Case))
    )


def case_numbers(ctx: Ctx, programme_id: int) -> Sequence[str]:
    """Return the numbers of the cases of a programme, oldest case first."""
    return ctx.session.scalars(
        select(Case.number).where(Case.programme_id == programme_id, visible(ctx, Case)).order_by(Case.id)
    ).all()
