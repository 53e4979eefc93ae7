"""Taking back what was noted on a case by mistake: one rule for contacts, lease stages and reassessments."""

from datetime import datetime

from sqlalchemy import Row, select

from casework.accounts.vocabulary import Role
from casework.cases.rules import may_withdraw
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import paris_date
from casework.kernel.context import Ctx
from casework.kernel.database import Base
from casework.kernel.errors import RuleViolation


def can_withdraw(ctx: Ctx, noted_at: datetime, author_id: int | None) -> bool:
    """Tell whether the actor may take back today what `author_id` noted."""
    is_manager = ctx.actor.role == Role.MANAGER
    return may_withdraw(paris_date(noted_at), author_id, ctx.actor.user_id, ctx.today, is_manager=is_manager)


def refuse_withdrawal() -> RuleViolation:
    """Return the rule that says who may take back what."""
    return RuleViolation(
        "", "Ce qui a été noté se retire le jour même, par qui l’a noté. Un ou une responsable peut le retirer."
    )


def noted_by(ctx: Ctx, model: type[Base], row_id: int) -> int | None:
    """Return who noted a row whose table does not say it, as far as the actor may know; None for an import."""
    noting = noting_of(ctx, model, row_id)
    return noting.actor_id if noting is not None else None


def noting_of(ctx: Ctx, model: type[Base], row_id: int) -> Row[int, int | None, str] | None:
    """Return (id, actor_id, use_case) of the trace that a row left when it was noted; None for an import."""
    return ctx.session.execute(
        select(AuditEvent.id, AuditEvent.actor_id, AuditEvent.use_case)
        .where(
            AuditEvent.entity == model.__tablename__,
            AuditEvent.entity_id == row_id,
            AuditEvent.operation == "insert",
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
