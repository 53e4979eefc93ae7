"""What was read before it is changed: a mark by which a change finds that somebody else came first."""

from collections.abc import Callable
from hashlib import sha256

from casework.kernel.context import Ctx
from casework.kernel.database import Base
from casework.kernel.errors import Conflict


def mark_of(said: object) -> str:
    """Return the mark of what rows say, given as a dataclass of plain values: another one as soon as one changes."""
    return sha256(repr(said).encode()).hexdigest()[:32]


def check_unchanged(ctx: Ctx, seen: str | None, said: Callable[[], object], *rows: Base) -> None:
    """Refuse to change `rows` when they no longer say what was read; who changes them at the same time waits.

    `seen` is the mark of what was read, None when nobody read it before; `said` returns what the rows say now. Raises
    Conflict.
    """
    if seen is None:
        return
    for row in rows:
        ctx.session.refresh(row, with_for_update=True)  # as the other one left them, not as this request found them
    if mark_of(said()) != seen:
        raise Conflict(
            "Ces informations ont changé depuis que vous les avez ouvertes. "
            "Comparez ci-dessous, puis enregistrez de nouveau si vos valeurs sont les bonnes."
        )
