"""Work that somebody else does at the same time, over a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.database import create_engine_for
from tests.factories import system_ctx

T = TypeVar("T")
BEGINS_WITHIN = 20


@contextmanager
def elsewhere(
    database_url: str, clock: FixedClock, begin: threading.Event | threading.Barrier, work: Callable[[Ctx], T]
) -> Iterator[Future[T]]:
    """Do `work` in a transaction of another thread once `begin` lets it; yield what it will return or raise."""

    def begin_and_work() -> T:
        own = create_engine_for(database_url)
        try:
            begin.wait(BEGINS_WITHIN)
            with system_ctx(own, clock) as ctx:
                return work(ctx)
        finally:
            own.dispose()

    with ThreadPoolExecutor(max_workers=1) as others:
        yield others.submit(begin_and_work)
