"""Every SELECT on ends."""

from datetime import date

from sqlalchemy import func, select

from casework.cases.access import declare_case_table
from casework.cases.models import CaseEnd
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.leases.models import LeaseStage
from casework.reassessments.models import Reassessment

declare_case_table(CaseEnd)


def find_end(ctx: Ctx, case_id: int) -> CaseEnd | None:
    """Return the end of a case that the actor may see, None while it goes on."""
    return ctx.session.scalars(select(CaseEnd).where(CaseEnd.case_id == case_id, visible(ctx, CaseEnd))).one_or_none()


def last_steps(ctx: Ctx, case_id: int) -> tuple[date | None, date | None]:
    """Return the dates of the last reassessment and of the last lease stage of a case that the actor may see."""
    reassessed_on = ctx.session.scalar(
        select(func.max(Reassessment.held_on)).where(Reassessment.case_id == case_id, visible(ctx, Reassessment))
    )
    stage_from_on = ctx.session.scalar(
        select(func.max(LeaseStage.from_on)).where(LeaseStage.case_id == case_id, visible(ctx, LeaseStage))
    )
    return reassessed_on, stage_from_on
