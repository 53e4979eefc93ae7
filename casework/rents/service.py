"""Use cases on rent accounts."""

from datetime import date

from casework.cases.queries import case_head
from casework.cases.rules import check_not_future
from casework.kernel.context import Ctx
from casework.kernel.database import lock_subject
from casework.rents.models import ArrearsReport
from casework.rents.queries import months_of, reports_of
from casework.rents.rules import check_debt_to_report, check_reported_once_a_day


def report_to_caf(ctx: Ctx, case_id: int, reported_on: date, reference: str = "") -> ArrearsReport:
    """Note that the landlord reported the arrears of a household, with the debt known on that day (CCH R824-4).

    Raises NotVisible, or RuleViolation on `reported_on`.
    """
    case_head(ctx, case_id)
    lock_subject(ctx.session, case_id)  # two requests at once must not both find the day free
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
    ctx.case_changed(case_id)
    return report
