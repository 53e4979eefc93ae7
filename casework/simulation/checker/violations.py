"""What the checker finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from casework.simulation.checker.history import History


@dataclass(frozen=True)
class Violation:
    """A rule that a history breaks: for which case and when, what the definition says, what was found."""

    rule: str
    case: str
    on: date
    says: str
    found: str


Check = Callable[[History], Iterable[Violation]]
