"""What counts as a contact that was made, and who may take back what was noted of one."""

from datetime import date

from casework.contacts.vocabulary import MADE_KINDS, ContactKind, ContactOutcome


def is_made(kind: ContactKind, outcome: ContactOutcome) -> bool:
    """Tell whether somebody was met or spoken to: an attempt never is, whatever came of it."""
    return outcome is ContactOutcome.REALISEE and kind in MADE_KINDS


def may_withdraw(
    recorded_on: date, author_id: int | None, actor_id: int | None, today: date, *, is_manager: bool
) -> bool:
    """Tell whether a contact may be taken back: by who noted it, on the day itself; by a manager at any time."""
    return is_manager or (actor_id is not None and author_id == actor_id and recorded_on == today)
