"""SELECTs on what a convention opens of one case: to who asks, and to the landlord's social team."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from casework.accounts.vocabulary import Category
from casework.cases.access import household_agrees, shared_categories
from casework.cases.models import Case
from casework.cases.queries import HEAD_WIDTH, CaseHead, head_from, head_statement
from casework.kernel.context import Actor, Ctx
from casework.kernel.errors import NotVisible
from casework.programmes.conventions import read_by_landlord_column


def head_and_landlord_reads(ctx: Ctx, case_id: int) -> tuple[CaseHead, frozenset[Category]]:
    """Return the head of a case, and the categories that the landlord's social team reads of it today.

    For pages on which one writes what may be shared. Raises NotVisible.
    """
    values = {"case_id": case_id, "today": ctx.today}
    row = ctx.session.connection().execute(_head_and_landlord_reads(ctx.actor), values).one_or_none()
    if row is None:
        raise NotVisible
    read = row[HEAD_WIDTH]
    return head_from(row), frozenset(map(Category, read.split(","))) if read else frozenset()


def reads_category(ctx: Ctx, head: CaseHead, category: Category) -> bool:
    """Tell whether the actor, who is known to see a case, reads a category of it."""
    if category not in shared_categories(ctx.actor, head.programme_id, agrees=True):
        return False
    if category in shared_categories(ctx.actor, head.programme_id, agrees=False):
        return True
    agrees = select(Case.id).where(Case.id == head.id, household_agrees(Case.id.expression))
    return ctx.session.scalar(agrees) is not None


@lru_cache(maxsize=500)
def _head_and_landlord_reads(actor: Actor) -> Select[*tuple[Any, ...]]:
    agrees = household_agrees(Case.id.expression)
    return head_statement(actor).add_columns(read_by_landlord_column(Case.programme_id.expression, agrees))
