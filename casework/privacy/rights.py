"""Use cases and SELECTs on what people ask of their data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Row, ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute

from casework.cases.access import declare_case_table
from casework.cases.models import Case
from casework.cases.queries import case_head, row_of_case
from casework.cases.rules import check_not_future
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.database import one_of
from casework.kernel.errors import NotVisible, RuleViolation
from casework.kernel.levels import Level
from casework.privacy.models import RightsRequest
from casework.privacy.rules import answer_due_on
from casework.privacy.service import check_is_of_team
from casework.privacy.vocabulary import Decision, Right

TOLD_BEFORE = timedelta(days=7)

declare_case_table(RightsRequest, level=Level.S1)


@dataclass(frozen=True)
class Answer:
    """What was decided on a request, when the person was told, and in what words."""

    decision: Decision
    answered_on: date
    words: str


def record_request(ctx: Ctx, case_id: int, kind: Right, received_on: date, words: str) -> RightsRequest:
    """Note what a person asks. Raises NotVisible, or RuleViolation on `received_on`."""
    case_head(ctx, case_id)
    check_is_of_team(ctx, case_id)
    check_not_future("received_on", received_on, ctx.today)
    request = RightsRequest(
        case_id=case_id,
        kind=kind.value,
        received_on=received_on,
        due_on=answer_due_on(received_on),
        created_at=ctx.clock.now(),
        author_id=ctx.actor.user_id,
        words=words,
    )
    ctx.session.add(request)
    ctx.session.flush()
    return request


def answer_request(ctx: Ctx, case_id: int, request_id: int, answer: Answer) -> None:
    """Note what was decided and told. A limitation that is granted closes the file to writing until it is lifted.

    Raises NotVisible, or RuleViolation on `answered_on`, `answer` or the whole.
    """
    request = get_request(ctx, case_id, request_id)
    if request.decision is not None:
        raise RuleViolation("", "Cette demande a déjà reçu sa réponse.")
    check_not_future("answered_on", answer.answered_on, ctx.today)
    if answer.answered_on < request.received_on:
        raise RuleViolation("answered_on", "La réponse ne peut pas précéder la demande.")
    if answer.decision is not Decision.GRANTED and not answer.words.strip():
        raise RuleViolation("answer", "Écrivez pourquoi : la personne a le droit de le savoir, et de saisir la CNIL.")
    request.decision, request.answered_on = answer.decision.value, answer.answered_on
    request.answer, request.answered_by = answer.words, ctx.actor.user_id
    ctx.session.flush()


def lift_limitation(ctx: Ctx, case_id: int, request_id: int, lifted_on: date) -> None:
    """Open a file to writing again; the person was told before (GDPR art. 18 (3)).

    Raises NotVisible, or RuleViolation on `lifted_on`.
    """
    request = get_request(ctx, case_id, request_id)
    if not is_held(request):
        raise NotVisible
    check_not_future("lifted_on", lifted_on, ctx.today)
    if request.answered_on is not None and lifted_on < request.answered_on:
        raise RuleViolation("lifted_on", "La limitation ne peut pas être levée avant d’avoir commencé.")
    request.lifted_on = lifted_on
    ctx.session.flush()


def is_held(request: RightsRequest) -> bool:
    """Tell whether a request is a limitation that holds."""
    granted = request.decision in {Decision.GRANTED, Decision.PARTLY}
    return request.kind == Right.LIMITATION and granted and request.lifted_on is None


def requests_of(ctx: Ctx, case_id: int) -> Sequence[RightsRequest]:
    """Return what was asked about a case that the actor may see, newest first."""
    return ctx.session.scalars(
        select(RightsRequest)
        .where(RightsRequest.case_id == case_id, visible(ctx, RightsRequest))
        .order_by(RightsRequest.received_on.desc(), RightsRequest.id.desc())
    ).all()


def get_request(ctx: Ctx, case_id: int, request_id: int) -> RightsRequest:
    """Return a request, as a row to change. Raises NotVisible."""
    check_is_of_team(ctx, case_id)
    return row_of_case(ctx, RightsRequest, case_id, request_id, for_update=True)


def requests_to_answer(ctx: Ctx) -> Sequence[Row[int, int, str, date, str]]:
    """Return (id, case id, kind, due, number) of the requests that are overdue or due within a week, soonest first."""
    return ctx.session.execute(
        select(RightsRequest.id, RightsRequest.case_id, RightsRequest.kind, RightsRequest.due_on, Case.number)
        .join(Case, Case.id == RightsRequest.case_id)
        .where(
            RightsRequest.decision.is_(None),
            RightsRequest.due_on <= ctx.today + TOLD_BEFORE,
            visible(ctx, RightsRequest),
        )
        .order_by(RightsRequest.due_on, RightsRequest.id)
    ).all()


def limited_since(case_id: InstrumentedAttribute[int]) -> ScalarSelect[date | None]:
    """Return the day since which a limitation holds, as a column beside a case; null when none does."""
    return (
        select(func.min(RightsRequest.answered_on))
        .where(
            RightsRequest.case_id == case_id,
            one_of(RightsRequest.kind, [Right.LIMITATION]),
            one_of(RightsRequest.decision, [Decision.GRANTED, Decision.PARTLY]),
            RightsRequest.lifted_on.is_(None),
        )
        .correlate(Case)
        .scalar_subquery()
    )
