"""Use cases on lease stages."""

from dataclasses import dataclass
from datetime import date

from casework.cases.queries import case_head, hold_case, row_of_case
from casework.cases.rules import check_not_ended, check_not_future
from casework.cases.withdrawal import can_withdraw, noted_by, refuse_withdrawal
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.leases.models import LeaseStage
from casework.leases.queries import stages_of
from casework.leases.rules import check_after_last_stage, check_next_stage
from casework.programmes.queries import definition_of
from casework.programmes.vocabulary import STAGE_LABELS, LeaseStageCode


@dataclass(frozen=True)
class NextStage:
    """The household's new title to its home, from a day on."""

    stage: LeaseStageCode
    from_on: date
    same_dwelling: bool = True
    note: str = ""


def change_stage(ctx: Ctx, case_id: int, news: NextStage) -> LeaseStage:
    """Give a household its next lease stage.

    Raises NotVisible, or RuleViolation on `stage` or `from_on`.
    """
    head = case_head(ctx, case_id)
    definition = definition_of(ctx, head.version_id)
    known = stages_of(ctx, case_id)
    check_not_future("from_on", news.from_on, ctx.today)
    check_not_ended(head.ended_on, news.from_on, "from_on")
    check_after_last_stage(news.from_on, known[0].from_on if known else None)
    history = [stage.stage for stage in reversed(known)]
    check_next_stage(news.stage.value, history, definition.lease, STAGE_LABELS)
    stage = LeaseStage(
        case_id=case_id,
        stage=news.stage.value,
        from_on=news.from_on,
        created_at=ctx.clock.now(),
        same_dwelling=news.same_dwelling,
        note=news.note,
    )
    ctx.session.add(stage)
    ctx.case_changed(case_id)
    return stage


def withdraw_stage(ctx: Ctx, case_id: int, stage_id: int) -> None:
    """Take the last lease stage back that was noted by mistake: the one before holds again. The audit keeps what it said.

    Raises NotVisible, or RuleViolation for another one, after the end, or when the actor may not.
    """
    hold_case(ctx, case_id)
    stage = row_of_case(ctx, LeaseStage, case_id, stage_id)
    head, known = case_head(ctx, case_id), stages_of(ctx, case_id)
    if stage is not known[0]:
        raise RuleViolation("", "Seul le dernier statut se retire.")
    if head.ended_on is not None:
        raise RuleViolation("", "L’accompagnement a pris fin le %(day)s.", day=head.ended_on.strftime("%d/%m/%Y"))
    if not can_withdraw_stage(ctx, stage):
        raise refuse_withdrawal()
    ctx.session.delete(stage)
    ctx.case_changed(case_id, held=True)


def can_withdraw_stage(ctx: Ctx, stage: LeaseStage) -> bool:
    """Tell whether the actor may take this stage back today, if it is the last one."""
    return can_withdraw(ctx, stage.created_at, noted_by(ctx, LeaseStage, stage.id))
