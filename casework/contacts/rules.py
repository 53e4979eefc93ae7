"""Who may take back what was noted of a contact."""

from datetime import date


def may_withdraw(
    recorded_on: date, author_id: int | None, actor_id: int | None, today: date, *, is_manager: bool
) -> bool:
    """Tell whether a contact may be taken back: by who noted it, on the day itself; by a manager at any time."""
    return is_manager or (actor_id is not None and author_id == actor_id and recorded_on == today)
