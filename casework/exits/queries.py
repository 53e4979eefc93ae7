"""Every SELECT on ends."""

from datetime import date

from sqlalchemy import ColumnElement, case, func, select

from casework.cases.access import declare_case_table
from casework.cases.models import CaseEnd
from casework.exits.vocabulary import TOLD_AS
from casework.kernel.access import visible
from casework.kernel.context import Actor, Ctx
from casework.leases.models import LeaseStage
from casework.reassessments.models import Reassessment

declare_case_table(CaseEnd)


def reason_column(actor: Actor) -> ColumnElement[str]:
    """Return the reason of an end as the actor may learn it: of a stay in hospital, others learn that it is an absence."""
    reason = CaseEnd.reason.expression
    return reason if actor.role == "SYSTEM" or actor.may("contact:read-private") else told_reason(reason)


def told_reason(reason: ColumnElement[str]) -> ColumnElement[str]:
    """Return the reason of an end as it is told to who does not read what the association keeps for itself."""
    return case({before.value: told.value for before, told in TOLD_AS.items()}, value=reason, else_=reason).label(
        "reason"
    )


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
