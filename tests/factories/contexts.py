"""Contexts in which a test writes or looks: as the system, or as somebody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.permissions import permissions_of
from casework.confidential.queries import opened_cases_column
from casework.kernel import audit
from casework.kernel.clock import Clock
from casework.kernel.context import Actor, Ctx
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context
from casework.programmes.conventions import shares_of
from casework.programmes.queries import programme_ids_column
from casework.wiring import subscribe

SYSTEM = Actor(None, None, "SYSTEM")


@contextmanager
def system_ctx(engine: Engine, clock: Clock, use_case: str = "test") -> Iterator[Ctx]:
    """Yield a context of the system itself, wired as the application is; committed at the end of the block."""
    with _context(engine, SYSTEM, clock, use_case) as ctx:
        yield ctx


@contextmanager
def acting_as(engine: Engine, clock: Clock, user: User, use_case: str = "test") -> Iterator[Ctx]:
    """Yield a context in which `user` acts; committed at the end of the block."""
    with system_ctx(engine, clock) as looking:
        actor = _actor(looking, user)
    with _context(engine, actor, clock, use_case) as ctx:
        yield ctx


def seen_by(ctx: Ctx, user: User) -> Ctx:
    """Return the same transaction with the eyes of `user`; what it writes stays traced as the first actor's."""
    return replace(ctx, actor=_actor(ctx, user))


def _actor(ctx: Ctx, user: User) -> Actor:
    user_id = User.id.expression
    statement = select(programme_ids_column(user_id), opened_cases_column(user_id)).where(User.id == user.id)
    joined = ctx.session.execute(statement, {"now": ctx.clock.now()}).one()
    programmes, cases = (tuple(sorted(map(int, ids.split(",") if ids else ()))) for ids in joined)
    held, shares = permissions_of(user.role), shares_of(ctx, user.role, programmes)
    return Actor(user.id, user.organisation_id, user.role, programmes, held, cases, shares)


@contextmanager
def _context(engine: Engine, actor: Actor, clock: Clock, use_case: str) -> Iterator[Ctx]:
    audit.install(engine)
    events = Events()
    subscribe(events)
    with writing_context(engine, actor, clock, use_case, events) as ctx:
        yield ctx
