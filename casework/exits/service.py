"""Use cases on the end of the accompaniment."""

from dataclasses import dataclass
from datetime import date

from casework.accounts.vocabulary import Role
from casework.cases.models import CaseEnd
from casework.cases.queries import case_head
from casework.cases.rules import check_not_future
from casework.contracts.queries import contract_dates, last_signed_on
from casework.exits.queries import find_end, last_steps
from casework.exits.rules import (
    check_early_end_explained,
    check_not_before_contract,
    check_not_before_last_step,
    check_not_contradictory,
    check_not_ended_yet,
    may_undo,
)
from casework.exits.vocabulary import EndReason, Outcome
from casework.households.vocabulary import Housing
from casework.kernel.audit import reason_given
from casework.kernel.clock import paris_date
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.programmes.queries import definition_of


@dataclass(frozen=True)
class EndNews:
    """Why and how an accompaniment ends, and what comes next for the household."""

    ended_on: date
    reason: EndReason
    outcome: Outcome
    next_housing: Housing | None = None
    relay: str = ""
    note: str = ""


def end_case(ctx: Ctx, case_id: int, news: EndNews) -> CaseEnd:
    """End an accompaniment. Raises NotVisible, or RuleViolation on `ended_on`, `outcome`, `note` or the whole form."""
    head = case_head(ctx, case_id)
    dates = contract_dates(ctx, case_id)
    signed_on = dates.signed_on if dates else None
    definition = definition_of(ctx, head.version_id)
    check_not_ended_yet(head.ended_on)
    check_not_future("ended_on", news.ended_on, ctx.today)
    check_not_before_contract(news.ended_on, head.referred_on, signed_on)
    check_not_before_last_step(news.ended_on, last_signed_on(ctx, case_id), *last_steps(ctx, case_id))
    check_not_contradictory(news.reason, news.outcome)
    check_early_end_explained(news.ended_on, signed_on, definition.min_months, news.note)
    end = CaseEnd(
        case_id=case_id,
        ended_on=news.ended_on,
        reason=news.reason.value,
        outcome=news.outcome.value,
        created_at=ctx.clock.now(),
        next_housing=news.next_housing.value if news.next_housing else None,
        relay=news.relay,
        note=news.note,
    )
    with reason_given(ctx, news.note):
        ctx.session.add(end)
        ctx.case_changed(case_id)
    return end


def undo_end(ctx: Ctx, case_id: int) -> None:
    """Take an end back; what it said stays in the audit.

    Raises NotVisible when there is no end, RuleViolation when it was noted before today and the actor is no manager.
    """
    case_head(ctx, case_id)
    end = find_end(ctx, case_id)
    if end is None:
        raise NotVisible
    if not can_undo(ctx, end):
        raise RuleViolation("", "Cette fin n’a pas été notée aujourd’hui : un ou une responsable peut l’annuler.")
    ctx.session.delete(end)
    ctx.case_changed(case_id)


def can_undo(ctx: Ctx, end: CaseEnd) -> bool:
    """Tell whether the actor may take this end back today."""
    return may_undo(paris_date(end.created_at), ctx.today, is_manager=ctx.actor.role == Role.MANAGER)
