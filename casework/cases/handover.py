"""What changes hands with a household: the rooms after this one declare what of theirs does."""

from collections.abc import Callable
from datetime import date

from casework.kernel.context import Ctx

# (ctx, case, from whom, to whom, since when: None for all) → how many things went over
Handover = Callable[[Ctx, int, int, int, date | None], int]
_handovers: list[Handover] = []


def declare_handover(hand_over: Handover) -> None:
    """Declare a function that gives what somebody holds of a case to another one, and returns how much that was."""
    _handovers.append(hand_over)


def hand_over(ctx: Ctx, case_id: int, from_id: int, to_id: int, since_on: date | None) -> int:
    """Give what somebody holds of a case to another one, from a day on or all of it; return how much that was."""
    return sum(give(ctx, case_id, from_id, to_id, since_on) for give in _handovers)
