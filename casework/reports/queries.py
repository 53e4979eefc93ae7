"""Every SELECT of the annual review: a constant number of them, whatever the number of households."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from casework.accounts.vocabulary import Category
from casework.alerts.models import CaseSummary
from casework.cases.access import is_wholly_closed, is_wholly_open, shared_condition
from casework.cases.models import Case, CaseEnd
from casework.contacts.models import Contact
from casework.contacts.vocabulary import MADE_KINDS, MISSED_OUTCOMES, ContactKind, ContactOutcome
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.exits.queries import reason_column
from casework.households.models import Household
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible
from casework.programmes.queries import list_programmes
from casework.reassessments.models import Reassessment
from casework.reports.rules import (
    BREAKDOWNS,
    FIGURES,
    NONE,
    AnnualReview,
    CaseFacts,
    Tally,
    Year,
    behind,
    date_that_counts,
    group_small_counts,
    is_reviewable,
    review_of,
)
from casework.reports.vocabulary import CATEGORY_OF_FIGURE, SMALL_COUNT

READ = "review:read"
READ_CASES = "review:read-cases"


@dataclass(frozen=True)
class ReviewedProgramme:
    """The programme of a review, as its first page names it."""

    id: int
    code: str
    name: str
    landlord: str
    operator: str


@dataclass(frozen=True)
class CaseBehind:
    """A case that a figure counts: the date for which it counts, and how many it counts for.

    It has neither number nor name when its file is closed to who asks: in the restricted archive, or anonymised; nor a
    date and a number of its own, when a convention does not open them.
    """

    id: int
    number: str
    name: str
    on: date | None
    count: int | None


def sees_cases(ctx: Ctx) -> bool:
    """Tell whether the actor may open the list behind a figure, and so learn small numbers."""
    return ctx.actor.role == "SYSTEM" or ctx.actor.may(READ_CASES)


def reviewed_programmes(ctx: Ctx) -> list[ReviewedProgramme]:
    """Return the programmes whose review the actor may read, by code."""
    if not (sees_cases(ctx) or ctx.actor.may(READ)):
        return []
    return [ReviewedProgramme(*row) for row in list_programmes(ctx)]


def annual_review(ctx: Ctx, programme_id: int, year: int) -> AnnualReview:
    """Return the review of `year` of one programme, small numbers grouped for who may not see the households.

    Raises NotVisible when the actor reads no review of this programme, or the year is none.
    """
    review = review_of(_facts(ctx, programme_id, year), year)
    if sees_cases(ctx):
        if is_wholly_open(ctx.actor, Category.COMPOSITION):
            return review
        return replace(review, composition=group_small_counts(review.composition))
    return replace(
        review,
        composition=group_small_counts(review.composition),
        housing_at_entry=group_small_counts(review.housing_at_entry),
        referral_source=group_small_counts(review.referral_source),
        end_reasons=group_small_counts(review.end_reasons),
        outcomes=group_small_counts(review.outcomes),
        # The median of one household's stay is that household's stay.
        median_duration_days_of_left=(review.median_duration_days_of_left if review.left >= SMALL_COUNT else None),
    )


def cases_behind(ctx: Ctx, programme_id: int, year: int, figure: str, code: str | None = None) -> list[CaseBehind]:
    """Return the cases behind a figure, or behind one code of a breakdown, the latest date first.

    Raises NotVisible when there is no such figure, or the actor may not see the households behind figures.
    """
    if not sees_cases(ctx) or (figure not in BREAKDOWNS and (code is not None or figure not in FIGURES)):
        raise NotVisible
    category = CATEGORY_OF_FIGURE.get(figure)
    if category is not None and is_wholly_closed(ctx.actor, category):
        raise NotVisible
    found = behind(_facts(ctx, programme_id, year), year, figure, code)
    names = _names(ctx, programme_id, category)
    # A day or a number tells who it is about as well as a name does.
    hides = category is not None and not is_wholly_open(ctx.actor, category)
    cases = [
        CaseBehind(facts.case_id, "", "", None, None)
        if hides and facts.case_id not in names
        else CaseBehind(facts.case_id, *names.get(facts.case_id, ("", "")), date_that_counts(facts, figure), count)
        for facts, count in found
    ]
    return sorted(cases, key=lambda c: (c.on is None, -(c.on or date.min).toordinal(), c.number, c.id))


def _counted(ctx: Ctx, programme_id: int) -> ColumnElement[bool]:
    """Return the condition on the cases that the review counts.

    It counts the whole programme for whoever reads reviews of it, so that a figure is the same for all of them and for
    ever: files that were closed since count as they did. Raises NotVisible for who reads none.
    """
    actor = ctx.actor
    if actor.role != "SYSTEM" and (programme_id not in actor.programme_ids or not (actor.may(READ) or sees_cases(ctx))):
        raise NotVisible
    return Case.programme_id == programme_id


def _facts(ctx: Ctx, programme_id: int, year: int) -> list[CaseFacts]:
    if not is_reviewable(year):
        raise NotVisible
    of_year, scope = Year.of(year), _counted(ctx, programme_id)
    diagnosed = {row.case_id: row.made_on for row in ctx.session.execute(_diagnostics(scope, of_year))}
    contacts = {row.case_id: row for row in ctx.session.execute(_contacts(scope, of_year))}
    held = {row.case_id: Tally(row.number, row.last_on) for row in ctx.session.execute(_reassessments(scope, of_year))}
    return [
        CaseFacts(
            row.id,
            row.referred_on,
            diagnosed.get(row.id),
            row.signed_on,
            row.ended_on,
            row.adults,
            row.children,
            row.composition,
            row.housing_at_entry,
            row.referral_source,
            row.reason,
            row.outcome,
            *_contact_tallies(contacts.get(row.id)),
            held.get(row.id, NONE),
        )
        for row in ctx.session.execute(_cases(scope, reason_column(ctx.actor)))
    ]


def _contact_tallies(row: Row[*tuple[Any, ...]] | None) -> tuple[Tally, Tally, Tally]:
    if row is None:
        return NONE, NONE, NONE
    return Tally(row.made, row.made_on), Tally(row.visits, row.visit_on), Tally(row.missed, row.missed_on)


def _cases(scope: ColumnElement[bool], reason: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    """Return the cases that count, each with its first contract and its end."""
    signed = (
        select(Contract.case_id, func.min(Contract.signed_on).label("signed_on"))
        .join(Case, Case.id == Contract.case_id)
        .where(scope)
        .group_by(Contract.case_id)
        .subquery()
    )
    return (
        select(
            Case.id,
            Case.referred_on,
            signed.c.signed_on,
            CaseEnd.ended_on,
            Household.adults,
            Household.children,
            Household.composition,
            Case.housing_at_entry,
            Case.referral_source,
            reason,
            CaseEnd.outcome,
        )
        .join(Household, Household.id == Case.household_id)
        .outerjoin(signed, signed.c.case_id == Case.id)
        .outerjoin(CaseEnd, CaseEnd.case_id == Case.id)
        .where(scope)
        .order_by(Case.id)
    )


def _dated_in(column: InstrumentedAttribute[date], year: Year) -> ColumnElement[bool]:
    return column.between(year.first, year.last)


def _diagnostics(scope: ColumnElement[bool], year: Year) -> Select[*tuple[Any, ...]]:
    return (
        select(Diagnostic.case_id, func.min(Diagnostic.made_on).label("made_on"))
        .join(Case, Case.id == Diagnostic.case_id)
        .where(scope, _dated_in(Diagnostic.made_on, year))
        .group_by(Diagnostic.case_id)
    )


def _reassessments(scope: ColumnElement[bool], year: Year) -> Select[*tuple[Any, ...]]:
    return (
        select(Reassessment.case_id, func.count().label("number"), func.max(Reassessment.held_on).label("last_on"))
        .join(Case, Case.id == Reassessment.case_id)
        .where(scope, _dated_in(Reassessment.held_on, year))
        .group_by(Reassessment.case_id)
    )


def _contacts(scope: ColumnElement[bool], year: Year) -> Select[*tuple[Any, ...]]:
    made = and_(Contact.outcome == ContactOutcome.REALISEE, Contact.kind.in_(sorted(MADE_KINDS)))
    visit = and_(Contact.outcome == ContactOutcome.REALISEE, Contact.kind == ContactKind.VAD)
    missed = Contact.outcome.in_(sorted(MISSED_OUTCOMES))
    columns = [
        column
        for name, condition in (("made", made), ("visits", visit), ("missed", missed))
        for column in (
            func.count(case((condition, 1))).label(name),
            func.max(case((condition, Contact.occurred_on))).label(f"{name.removesuffix('s')}_on"),
        )
    ]
    return (
        select(Contact.case_id, *columns)
        .join(Case, Case.id == Contact.case_id)
        .where(scope, _dated_in(Contact.occurred_on, year), or_(made, missed))
        .group_by(Contact.case_id)
    )


def opens_list(ctx: Ctx, figure: str) -> bool:
    """Tell whether the actor may open the list behind a figure."""
    category = CATEGORY_OF_FIGURE.get(figure)
    return sees_cases(ctx) and (category is None or not is_wholly_closed(ctx.actor, category))


def _names(ctx: Ctx, programme_id: int, category: Category | None) -> dict[int, tuple[str, str]]:
    """Return {case: (number, name)} of the cases in sight; one without a summary as yet has its number for a name.

    With a category, of the cases of which the actor reads it.
    """
    shared = true() if category is None else shared_condition(ctx.actor, Case.id.expression, category)
    rows = ctx.session.execute(
        select(Case.id, Case.number, func.coalesce(CaseSummary.name, Case.number).label("name"))
        .outerjoin(CaseSummary, CaseSummary.case_id == Case.id)
        .where(Case.programme_id == programme_id, visible(ctx, Case), shared)
    )
    return {row.id: (row.number, row.name) for row in rows}


def first_years(ctx: Ctx, programme_ids: list[int]) -> dict[int, int]:
    """Return, for each of some programmes the actor works in, the year of its first referral."""
    rows = ctx.session.execute(
        select(Case.programme_id, func.min(Case.referred_on).label("first_on"))
        .where(Case.programme_id.in_(programme_ids))
        .group_by(Case.programme_id)
    )
    return {row.programme_id: row.first_on.year for row in rows}
