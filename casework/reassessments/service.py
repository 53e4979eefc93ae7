"""Use cases on reassessments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from casework.cases.queries import case_head, ended_on, hold_case, row_of_case
from casework.cases.rules import check_not_ended, check_not_future
from casework.cases.withdrawal import can_withdraw, refuse_withdrawal
from casework.contracts.queries import contract_dates
from casework.contracts.vocabulary import ObjectiveState
from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict, RuleViolation
from casework.reassessments.models import Reassessment
from casework.reassessments.queries import held_on_day, last_reassessment, objectives_settled_by, open_objectives
from casework.reassessments.rules import check_contract_signed, check_levels, check_once_a_day
from casework.reassessments.vocabulary import Decision, Domain


@dataclass(frozen=True)
class ReassessmentNews:
    """What comes out of a reassessment. The landlord reads everything but `private_note`.

    `objectives` says what became of open objectives, by their id; those that are not named stay as they are.
    """

    held_on: date
    decision: Decision
    levels: Mapping[Domain, int] = field(default_factory=dict)
    household_words: str = ""
    shared_note: str = ""
    private_note: str = ""
    objectives: Mapping[int, ObjectiveState] = field(default_factory=dict)


def hold_reassessment(ctx: Ctx, case_id: int, news: ReassessmentNews) -> Reassessment:
    """Note a reassessment, and with it what became of the objectives of the contract.

    Raises NotVisible, RuleViolation on `held_on` or on the level of a domain, or Conflict when an objective was
    settled meanwhile.
    """
    # Two requests at once must not both find the day free, nor an objective open.
    hold_case(ctx, case_id)
    head = case_head(ctx, case_id)
    dates = contract_dates(ctx, case_id)
    check_not_future("held_on", news.held_on, ctx.today)
    check_contract_signed("held_on", news.held_on, dates.signed_on if dates else None)
    check_not_ended(head.ended_on, news.held_on, "held_on")
    check_once_a_day("held_on", already_held=held_on_day(ctx, case_id, news.held_on))
    check_levels(news.levels)
    reassessment = Reassessment(
        case_id=case_id,
        held_on=news.held_on,
        decision=news.decision.value,
        created_at=ctx.clock.now(),
        author_id=ctx.actor.user_id,
        levels={domain.value: level for domain, level in news.levels.items()},
        household_words=news.household_words,
        shared_note=news.shared_note,
        private_note=news.private_note,
    )
    ctx.session.add(reassessment)
    _settle_objectives(ctx, case_id, news)
    ctx.case_changed(case_id, held=True)
    return reassessment


def withdraw_reassessment(ctx: Ctx, case_id: int, reassessment_id: int) -> None:
    """Take the last reassessment back that was noted by mistake; the objectives that it settled are open again.

    The audit keeps what it said, but for the words of the private note. Raises NotVisible, or RuleViolation for another
    one, after the end, or when the actor may not.
    """
    hold_case(ctx, case_id)
    reassessment = row_of_case(ctx, Reassessment, case_id, reassessment_id)
    last = last_reassessment(ctx, case_id)
    if last is None or last.id != reassessment_id:
        raise RuleViolation("", "Seule la dernière réévaluation se retire.")
    if not can_withdraw(ctx, reassessment.created_at, reassessment.author_id):
        raise refuse_withdrawal()
    check_not_ended(ended_on(ctx, case_id), ctx.today, "")
    for objective in objectives_settled_by(ctx, reassessment):
        objective.state, objective.settled_on = ObjectiveState.OPEN.value, None
    ctx.session.delete(reassessment)
    ctx.case_changed(case_id, held=True)


def can_withdraw_reassessment(ctx: Ctx, case_id: int, reassessment_id: int) -> bool:
    """Tell whether the actor may take this reassessment back today. Raises NotVisible."""
    last = last_reassessment(ctx, case_id)
    row = row_of_case(ctx, Reassessment, case_id, reassessment_id)
    return last is not None and last.id == row.id and can_withdraw(ctx, row.created_at, row.author_id)


def _settle_objectives(ctx: Ctx, case_id: int, news: ReassessmentNews) -> None:
    still_open = {objective.id: objective for objective in open_objectives(ctx, case_id)}
    for objective_id, state in news.objectives.items():
        if state is ObjectiveState.OPEN:
            continue
        objective = still_open.get(objective_id)
        if objective is None:
            raise Conflict("Un objectif a changé depuis l’ouverture de cette page. Rechargez-la pour le voir.")
        objective.state = state.value
        objective.settled_on = news.held_on
