"""The decision that moves a case to another version of its programme."""

from casework.cases import queries
from casework.cases.models import VersionMove
from casework.cases.queries import case_to_change
from casework.cases.rules import check_version_move
from casework.kernel.audit import reason_given
from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict
from casework.programmes.queries import versions_of


def move_case_to_version(ctx: Ctx, case_id: int, number: int, reason: str, present_number: int) -> VersionMove:
    """Let a case go on under version `number` of its programme from today on, by a decision with its motive.

    `present_number` is the version that who decides has seen it follow. Raises NotVisible, RuleViolation on `number`
    or `reason`, Conflict when the case follows another version by now.
    """
    case = case_to_change(ctx, case_id)
    versions = versions_of(ctx, case.programme_id)
    present = next(version for version in versions if version.id == case.programme_version_id)
    if present.number != present_number:
        raise Conflict(
            "Ce ménage suit maintenant la version %(number)s\u00a0: cela vient d’être décidé. Rechargez la page, "
            "puis décidez de nouveau s’il le faut.",
            number=present.number,
        )
    chosen = next((version for version in versions if version.number == number), None)
    starts_on = None if chosen is None else chosen.definition.valid_from
    check_version_move(number, present.number, starts_on, reason, queries.ended_on(ctx, case_id), ctx.today)
    move = VersionMove(
        case_id=case_id,
        decided_on=ctx.today,
        from_number=present.number,
        to_number=number,
        reason=reason,
        created_at=ctx.clock.now(),
        author_id=ctx.actor.user_id,
    )
    with reason_given(ctx, reason):
        case.programme_version_id = versions[number - 1].id
        ctx.session.add(move)
        ctx.case_changed(case_id)
    return move
