"""A form that comes twice is kept once: each is printed with a key of its own.

A connection that drops in a stairwell, a reload of the answer, a second press without JavaScript: the same form arrives
again, word for word. The second one changes nothing and leads where the first one led.
"""

import re
import secrets
from datetime import timedelta
from functools import cache

from sqlalchemy import CursorResult, bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from casework.kernel.audit import send_with_traces
from casework.kernel.clock import Clock
from casework.kernel.context import Ctx
from casework.kernel.database import insert_into
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


def claim(session: Session, clock: Clock, key: str) -> bool:
    """Note that the form with this key is being kept; False for one without a key, which nothing tells apart.

    Of two that arrive at once the second waits for the first. Raises AlreadySent when it was kept before.
    """
    if not _KEY.fullmatch(key):
        return False
    connection = session.connection()
    sent = {"key": key, "sent_at": clock.now(), "location": ""}
    if connection.execute(_claiming(connection.dialect.name), sent).scalar_one_or_none() is None:
        raise AlreadySent(session.scalar(select(SentForm.location).where(SentForm.key == key)) or "")
    return True


@cache
def _claiming(dialect: str) -> ReturningInsert[str]:
    return insert_into(dialect, SentForm).on_conflict_do_nothing().returning(SentForm.__table__.c.key)


def note_location(session: Session, key: str, location: str) -> None:
    """Note where the sender of a form is led."""
    send_with_traces(session, _NOTE, {"form": key, "leads_to": location})


_NOTE = update(SentForm).where(SentForm.key == bindparam("form")).values(location=bindparam("leads_to"))


def forget_sent_forms(ctx: Ctx) -> int:
    """Delete the keys of forms that nobody will send again; return how many."""
    result = ctx.session.execute(delete(SentForm).where(SentForm.sent_at < ctx.clock.now() - KEPT))
    return result.rowcount if isinstance(result, CursorResult) else 0
