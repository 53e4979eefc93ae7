"""Every SELECT on diagnostics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from casework.accounts.models import User
from casework.accounts.vocabulary import Category
from casework.cases.access import declare_case_table, shared_column, shared_condition
from casework.diagnostics.models import Diagnostic
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible

declare_case_table(Diagnostic, "made_on", category=Category.DIAGNOSTIC)


@dataclass(frozen=True)
class DiagnosticSheet:
    """A diagnostic as the actor may read it: `social_part` is None for those outside the association.

    `is_budget_shared`: a convention opens the budget to who asks; if not, there is none here.
    """

    id: int
    made_on: date
    author: str | None
    social_part: str | None
    housing_part: str
    resources: dict[str, Any]
    rent_cents: int
    annexes_cents: int
    charges_cents: int
    benefit_cents: int
    fixed_charges_cents: int
    resources_cents: int | None
    units_tenths: int | None
    effort_tenths: int | None
    remainder_cents: int | None
    recommendation: str | None
    recommendation_note: str
    is_budget_shared: bool


# What a budget comes to, and what stands in its place for who does not read it.
_BUDGET: tuple[tuple[InstrumentedAttribute[Any], object], ...] = (
    (Diagnostic.resources, {}),
    (Diagnostic.rent_cents, 0),
    (Diagnostic.annexes_cents, 0),
    (Diagnostic.charges_cents, 0),
    (Diagnostic.benefit_cents, 0),
    (Diagnostic.fixed_charges_cents, 0),
    (Diagnostic.resources_cents, None),
    (Diagnostic.units_tenths, None),
    (Diagnostic.effort_tenths, None),
    (Diagnostic.remainder_cents, None),
)


def _is_budget_shared(ctx: Ctx) -> ColumnElement[bool]:
    return shared_condition(ctx.actor, Diagnostic.case_id.expression, Category.BUDGET)


def get_diagnostic(ctx: Ctx, case_id: int, diagnostic_id: int) -> DiagnosticSheet:
    """Return a diagnostic of a case; its social part is asked of the database only for those who may read it.

    Raises NotVisible when there is none, or not for this actor.
    """
    is_shared = _is_budget_shared(ctx)
    row = ctx.session.execute(
        select(
            Diagnostic.id,
            Diagnostic.made_on,
            User.display_name,
            Diagnostic.social_part if ctx.actor.may("contact:read-private") else literal(None),
            Diagnostic.housing_part,
            *(shared_column(is_shared, column.expression, instead) for column, instead in _BUDGET),
            Diagnostic.recommendation,
            Diagnostic.recommendation_note,
            is_shared.label("is_budget_shared"),
        )
        .outerjoin(User, User.id == Diagnostic.author_id)
        .where(Diagnostic.id == diagnostic_id, Diagnostic.case_id == case_id, visible(ctx, Diagnostic))
    ).one_or_none()
    if row is None:
        raise NotVisible
    values: tuple[Any, ...] = tuple(row)
    return DiagnosticSheet(*values)


def list_diagnostics(ctx: Ctx, case_id: int) -> Sequence[Row[int, date, str | None, int | None]]:
    """Return (id, made_on, recommendation, effort_tenths) of the diagnostics of a case, the one that counts first."""
    return ctx.session.execute(
        select(
            Diagnostic.id,
            Diagnostic.made_on,
            Diagnostic.recommendation,
            shared_column(_is_budget_shared(ctx), Diagnostic.effort_tenths.expression),
        )
        .where(Diagnostic.case_id == case_id, visible(ctx, Diagnostic))
        .order_by(Diagnostic.made_on.desc(), Diagnostic.id.desc())
    ).all()


def first_diagnosed_on(ctx: Ctx, case_id: int) -> date | None:
    """Return the date of the first diagnostic of a case, None when there is none."""
    return ctx.session.scalar(
        select(func.min(Diagnostic.made_on)).where(Diagnostic.case_id == case_id, visible(ctx, Diagnostic))
    )
