"""Typed events inside the process: how a lower room hears of what a higher one did, in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casework.kernel.context import Ctx


@dataclass(frozen=True)
class CaseChanged:
    """Facts of one case changed: its summary and its alerts are to be computed anew.

    `held` says that the transaction already keeps others from computing this case. `echo`: the change was made in
    another case of the same household. `met_on`: all that is new is a contact that was made, on this day.
    """

    case_id: int
    held: bool = False
    echo: bool = False
    met_on: date | None = None


Handler = Callable[["Ctx", CaseChanged], None]


class Events:
    """The subscriptions of one application."""

    def __init__(self) -> None:
        self._handlers: list[Handler] = []

    def subscribe(self, handler: Handler) -> None:
        """Call `handler` in the transaction of each change of a case."""
        self._handlers.append(handler)

    def emit(self, ctx: "Ctx", event: CaseChanged) -> None:
        """Tell every subscriber of `event`; an error of one of them undoes the whole transaction."""
        for handler in self._handlers:
            handler(ctx, event)
