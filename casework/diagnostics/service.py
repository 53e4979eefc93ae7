"""Use cases on diagnostics."""

from dataclasses import asdict, dataclass
from datetime import date

from casework.cases.queries import CaseHead, case_head, case_record, members_of
from casework.cases.rules import check_not_before_referral, check_not_ended, check_not_future
from casework.diagnostics.models import Diagnostic
from casework.diagnostics.rules import (
    Budget,
    BudgetFigures,
    check_benefit,
    check_says_something,
    declared_units_tenths,
    figures_of,
    units_of_people_tenths,
)
from casework.diagnostics.vocabulary import Recommendation
from casework.households.rules import Member
from casework.kernel.context import Ctx
from casework.programmes.queries import terms_by_version
from casework.programmes.terms import Terms


@dataclass(frozen=True)
class Findings:
    """What a diagnostic finds. The landlord reads the housing part, the budget and the recommendation."""

    made_on: date
    budget: Budget
    social_part: str = ""
    housing_part: str = ""
    recommendation: Recommendation | None = None
    recommendation_note: str = ""


def terms_of(ctx: Ctx, head: CaseHead, day: date) -> Terms:
    """Return the numbers of the programme in force for a case on a day."""
    return terms_by_version(ctx, head.programme_id, day)[head.version_id]


def weigh_budget(ctx: Ctx, case_id: int, budget: Budget, day: date) -> BudgetFigures:
    """Return what a budget comes to for the household as it is on `day`. Raises NotVisible."""
    household = case_record(ctx, case_id).household
    if household.people_entered:
        members = [Member(r.link, r.civility, r.born_on, r.from_on, r.to_on) for r in members_of(ctx, case_id)]
        units = units_of_people_tenths(members, day)
    else:
        units = declared_units_tenths(household.adults, household.children)
    return figures_of(budget, units, terms_of(ctx, case_head(ctx, case_id), day).remainder_days)


def record_diagnostic(ctx: Ctx, case_id: int, findings: Findings) -> Diagnostic:
    """Note a diagnostic with what its budget comes to. Several may follow one another: the latest counts.

    Raises NotVisible, or RuleViolation on `made_on`, `benefit_cents` or the whole form.
    """
    head = case_head(ctx, case_id)
    words = (findings.social_part, findings.housing_part, findings.recommendation, findings.recommendation_note)
    check_says_something(words, findings.budget)
    check_not_future("made_on", findings.made_on, ctx.today)
    check_not_before_referral("made_on", findings.made_on, head.referred_on)
    check_not_ended(head.ended_on, findings.made_on, "made_on")
    check_benefit(findings.budget)
    budget = findings.budget
    diagnostic = Diagnostic(
        case_id=case_id,
        made_on=findings.made_on,
        author_id=ctx.actor.user_id,
        created_at=ctx.clock.now(),
        social_part=findings.social_part,
        housing_part=findings.housing_part,
        resources=dict(budget.resources),
        rent_cents=budget.rent_cents,
        annexes_cents=budget.annexes_cents,
        charges_cents=budget.charges_cents,
        benefit_cents=budget.benefit_cents,
        fixed_charges_cents=budget.fixed_charges_cents,
        recommendation=findings.recommendation.value if findings.recommendation else None,
        recommendation_note=findings.recommendation_note,
        **asdict(weigh_budget(ctx, case_id, budget, findings.made_on)),
    )
    ctx.session.add(diagnostic)
    ctx.case_changed(case_id)
    return diagnostic
