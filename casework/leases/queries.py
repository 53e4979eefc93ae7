"""Every SELECT on lease stages."""

from collections.abc import Sequence

from sqlalchemy import select

from casework.cases.access import declare_case_table
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.leases.models import LeaseStage

declare_case_table(LeaseStage)


def stages_of(ctx: Ctx, case_id: int) -> Sequence[LeaseStage]:
    """Return the lease stages of a case that the actor may see, newest first."""
    return ctx.session.scalars(
        select(LeaseStage)
        .where(LeaseStage.case_id == case_id, visible(ctx, LeaseStage))
        .order_by(LeaseStage.from_on.desc(), LeaseStage.id.desc())
    ).all()
