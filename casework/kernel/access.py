"""The one door to confidential rows: which rows of a table an actor may see, as a condition of the SELECT."""

from collections.abc import Callable

from sqlalchemy import ColumnElement

from casework.kernel.context import Actor, Ctx
from casework.kernel.database import Base

VisibilityRule = Callable[[Actor], ColumnElement[bool]]

_rules: dict[type[Base], VisibilityRule] = {}


def declare_visibility(model: type[Base], rule: VisibilityRule) -> None:
    """Declare which rows of `model` an actor may see."""
    _rules[model] = rule


def visible(ctx: Ctx, model: type[Base]) -> ColumnElement[bool]:
    """Return the condition « the actor may see this row of `model` ».

    Raises KeyError for a table for which no room declared a rule: nothing is visible by accident.
    """
    return visible_to(ctx.actor, model)


def visible_to(actor: Actor, model: type[Base]) -> ColumnElement[bool]:
    """Return the same condition for an actor, for a statement that is built once for each of them."""
    return _rules[model](actor)
