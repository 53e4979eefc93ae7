"""A form that comes twice is kept once: each is printed with a key of its own.

A connection that drops in a stairwell, a reload of the answer, a second press without JavaScript: the same form arrives
again, word for word. The second one changes nothing and leads where the first one led.
"""

import re
import secrets
from datetime import timedelta

from sqlalchemy import CursorResult, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from casework.kernel.clock import Clock
from casework.kernel.context import Ctx
from casework.kernel.late import write_late
from casework.web.models import SentForm

FIELD = "form_key"
KEPT = timedelta(days=3)
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


class AlreadySent(Exception):
    """The form was kept before; `location` is the page to which that led, "" when it led nowhere."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def new_key() -> str:
    """Return the key of one more form."""
    return secrets.token_urlsafe(16)


def is_key(text: str) -> bool:
    """Tell whether a page may have printed a form with this key; nothing tells forms without one apart."""
    return _KEY.fullmatch(text) is not None


def kept_location(session: Session, key: str) -> str | None:
    """Return where the sender of a form that was kept before was led; None for one that was not."""
    return session.scalar(select(SentForm.location).where(SentForm.key == key)) if is_key(key) else None


def refuse_kept(session: Session, key: str) -> None:
    """Raise AlreadySent for a form that was kept before."""
    location = kept_location(session, key)
    if location is not None:
        raise AlreadySent(location)


def note_kept(session: Session, clock: Clock, key: str, location: str) -> None:
    """Note, at the commit, that a form is kept and where its sender is led.

    Of two that arrive at once the second waits there for the first, and IntegrityError is raised.
    """
    write_late(session, _NOTE, {"form_key": key, "form_sent_at": clock.now(), "form_location": location})


_NOTE = insert(SentForm).values(
    key=bindparam("form_key"), sent_at=bindparam("form_sent_at"), location=bindparam("form_location")
)


def forget_sent_forms(ctx: Ctx) -> int:
    """Delete the keys of forms that nobody will send again; return how many."""
    result = ctx.session.execute(delete(SentForm).where(SentForm.sent_at < ctx.clock.now() - KEPT))
    return result.rowcount if isinstance(result, CursorResult) else 0
