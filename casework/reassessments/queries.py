"""Every SELECT on reassessments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, literal, select, tuple_

from casework.accounts.models import User
from casework.accounts.vocabulary import Category
from casework.cases.access import declare_case_table, shared_column, shared_condition
from casework.cases.withdrawal import noting_of
from casework.contracts.models import Objective
from casework.contracts.vocabulary import ObjectiveState
from casework.kernel.access import visible
from casework.kernel.audit import AuditEvent
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible
from casework.reassessments.models import Reassessment

declare_case_table(Reassessment, category=Category.REASSESSMENTS)


@dataclass(frozen=True)
class ReassessmentView:
    """A reassessment as the actor may read it: `private_note` is empty for those who may not.

    `is_note_shared`: a convention opens the shared note to who asks; if not, it is empty here.
    """

    id: int
    held_on: date
    decision: str
    levels: dict[str, int]
    household_words: str
    shared_note: str
    private_note: str
    author: str | None
    is_note_shared: bool


def get_reassessment(ctx: Ctx, case_id: int, reassessment_id: int) -> ReassessmentView:
    """Return a reassessment of a case. Raises NotVisible when there is none, or not for this actor."""
    found = _first(ctx, _of_case(ctx, case_id).where(Reassessment.id == reassessment_id))
    if found is None:
        raise NotVisible
    return found


def last_reassessment(ctx: Ctx, case_id: int) -> ReassessmentView | None:
    """Return the last reassessment of a case, None when none was held yet."""
    return _first(ctx, _of_case(ctx, case_id))


def reassessment_before(ctx: Ctx, case_id: int, later: ReassessmentView) -> ReassessmentView | None:
    """Return the reassessment of the case that came before `later`, None when it is the first."""
    here = tuple_(Reassessment.held_on, Reassessment.id)
    return _first(ctx, _of_case(ctx, case_id).where(here < tuple_(later.held_on, later.id)))


def held_on_day(ctx: Ctx, case_id: int, day: date) -> bool:
    """Tell whether the case has a reassessment of that day."""
    statement = select(Reassessment.id).where(
        Reassessment.case_id == case_id, Reassessment.held_on == day, visible(ctx, Reassessment)
    )
    return ctx.session.scalars(statement.limit(1)).first() is not None


def open_objectives(ctx: Ctx, case_id: int) -> Sequence[Objective]:
    """Return the objectives of a case that are still open, the earliest due date first, then those without one."""
    return ctx.session.scalars(
        select(Objective)
        .where(
            Objective.case_id == case_id,
            Objective.state == ObjectiveState.OPEN.value,
            visible(ctx, Objective),
        )
        .order_by(Objective.due_on.is_(None), Objective.due_on, Objective.id)
    ).all()


def objectives_settled_by(ctx: Ctx, reassessment: Reassessment) -> Sequence[Objective]:
    """Return the objectives of which the form of a reassessment said last what became of them, by what the audit says.

    What was decided of an objective on its own page stands, on the same day, too.
    """
    event = AuditEvent.__table__.c
    noted = noting_of(ctx, Reassessment, reassessment.id)
    if noted is None:
        return []
    changes = ctx.session.execute(
        select(event.entity_id, event.id, event.actor_id, event.use_case)
        .where(
            event.entity == Objective.__tablename__, event.case_id == reassessment.case_id, event.operation == "update"
        )
        .order_by(event.id)
    )
    last = {change.entity_id: change for change in changes}
    settled = ctx.session.scalars(
        select(Objective)
        .where(
            Objective.case_id == reassessment.case_id,
            Objective.settled_on == reassessment.held_on,
            visible(ctx, Objective),
        )
        .order_by(Objective.id)
    )
    of_form = (noted.actor_id, noted.use_case)
    return [
        objective
        for objective in settled
        if objective.id in last
        and last[objective.id].id > noted.id
        and (last[objective.id].actor_id, last[objective.id].use_case) == of_form
    ]


def _of_case(ctx: Ctx, case_id: int) -> Select[*tuple[Any, ...]]:
    private = Reassessment.private_note if ctx.actor.may("contact:read-private") else literal("")
    is_shared = shared_condition(ctx.actor, Reassessment.case_id.expression, Category.NOTES)
    return (
        select(
            Reassessment.id,
            Reassessment.held_on,
            Reassessment.decision,
            Reassessment.levels,
            Reassessment.household_words,
            shared_column(is_shared, Reassessment.shared_note.expression, ""),
            private,
            User.display_name,
            is_shared.label("is_note_shared"),
        )
        .outerjoin(User, User.id == Reassessment.author_id)
        .where(Reassessment.case_id == case_id, visible(ctx, Reassessment))
        .order_by(Reassessment.held_on.desc(), Reassessment.id.desc())
    )


def _first(ctx: Ctx, statement: Select[*tuple[Any, ...]]) -> ReassessmentView | None:
    row = ctx.session.execute(statement.limit(1)).one_or_none()
    return None if row is None else ReassessmentView(*row)
