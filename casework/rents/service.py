"""Use cases on rent accounts."""

from datetime import date, datetime

from casework.accounts.vocabulary import Role
from casework.cases.queries import hold_case, row_of_case
from casework.cases.rules import check_not_future
from casework.cases.withdrawal import can_withdraw
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.rents.models import ArrearsReport
from casework.rents.queries import months_of, reports_of
from casework.rents.rules import check_debt_to_report, check_reported_once_a_day


def report_to_caf(ctx: Ctx, case_id: int, reported_on: date, reference: str = "") -> ArrearsReport:
    """Note that the landlord reported the arrears of a household, with the debt known on that day (CCH R824-4).

    Raises NotVisible, or RuleViolation on `reported_on`.
    """
    hold_case(ctx, case_id)  # two requests at once must not both find the day free
    check_not_future("reported_on", reported_on, ctx.today)
    months = months_of(ctx, case_id, reported_on)
    debt = months[-1].balance_cents if months else 0
    check_debt_to_report(debt)
    check_reported_once_a_day(already_reported=any(r.reported_on == reported_on for r in reports_of(ctx, case_id)))
    report = ArrearsReport(
        case_id=case_id,
        reported_on=reported_on,
        debt_cents=debt,
        author_id=ctx.actor.user_id,
        created_at=ctx.clock.now(),
        reference=reference,
    )
    ctx.session.add(report)
    ctx.case_changed(case_id, held=True)
    return report


def withdraw_report(ctx: Ctx, case_id: int, report_id: int) -> None:
    """Take a report back that was noted by mistake: what is still to be reported is asked for again.

    Whoever noted it does so on the day itself, the social team of the landlord at any time. Raises NotVisible, or
    RuleViolation when the actor may not.
    """
    hold_case(ctx, case_id)
    report = row_of_case(ctx, ArrearsReport, case_id, report_id)
    if not can_withdraw_report(ctx, report.created_at, report.author_id):
        raise RuleViolation(
            "",
            "Un signalement se retire le jour même, par qui l’a noté. Plus tard, la gestion sociale du bailleur peut le retirer.",
        )
    ctx.session.delete(report)
    ctx.case_changed(case_id, held=True)


def can_withdraw_report(ctx: Ctx, noted_at: datetime, author_id: int | None) -> bool:
    """Tell whether the actor may take back today a report that `author_id` noted."""
    decides = ctx.actor.role == Role.LANDLORD_SOCIAL
    return ctx.actor.may("rent:report") and (decides or can_withdraw(ctx, noted_at, author_id))
