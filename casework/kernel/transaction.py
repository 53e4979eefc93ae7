"""One transaction for each request, command or job; committed here and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from casework.kernel import audit
from casework.kernel.clock import Clock
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import reading
from casework.kernel.events import Events


@contextmanager
def writing_context(engine: Engine, actor: Actor, clock: Clock, use_case: str, events: Events) -> Iterator[Ctx]:
    """Yield a context whose work is committed at the end, or undone whole when an error leaves the block.

    `use_case` names the endpoint, command or job in the audit. Raises MissingAudit when a write left no trace.
    """
    with Session(engine, expire_on_commit=False, autoflush=False) as session:
        audit.bind(session, actor, clock, use_case)
        with session.begin():
            yield Ctx(actor, clock, session, events)
            session.flush()


@contextmanager
def reading_context(engine: Engine, actor: Actor, clock: Clock) -> Iterator[Ctx]:
    """Yield a context that only reads: what is written in it is undone."""
    with Session(reading(engine), expire_on_commit=False, autoflush=False) as session:
        audit.bind(session, actor, clock, "reading")
        yield Ctx(actor, clock, session)
