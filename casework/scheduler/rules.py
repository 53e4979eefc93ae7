"""Which slot of a daily job is due, and what may be done with it: pure decisions."""

from datetime import datetime, time, timedelta

from casework.kernel.clock import PARIS

ATTEMPTS = 3
# A run that took longer did not end: its process is gone.
GIVEN_UP_AFTER = timedelta(hours=2)


def due_slot(now: datetime, at: str) -> str:
    """Return the slot of a job that runs every day at `at` (`HH:MM`, Paris): the last day whose time has passed.

    Only clock faces are compared, so that a day of 23 or 25 hours has one slot like any other. An hour that the
    autumn repeats may show the day before for a while: a slot that was run stays run.
    """
    here = now.astimezone(PARIS)
    today = here.date()
    passed = here.time() >= time.fromisoformat(at)
    return (today if passed else today - timedelta(days=1)).isoformat()


def may_claim(now: datetime, claimed_at: datetime, *, failed: bool, ended: bool, attempts: int) -> bool:
    """Tell whether a slot that was claimed before may be claimed anew: it failed, or nobody heard of it for too long.

    Three attempts are made, whatever became of them.
    """
    if attempts >= ATTEMPTS:
        return False
    return failed if ended else now - claimed_at > GIVEN_UP_AFTER
