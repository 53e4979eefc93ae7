"""APScheduler as a ticker and nothing more: when a job is due is decided by our own slots, in the database.

Its own schedules would run a job twice in the night of the autumn, forget one that was due while the machine was
off, and share nothing between two processes.
"""

import signal
from collections.abc import Sequence
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import Engine

from casework.kernel.clock import Clock
from casework.scheduler.service import Job, run_due_jobs

EVERY_SECONDS = 20


def tick_until_stopped(engine: Engine, clock: Clock, jobs: Sequence[Job]) -> None:
    """Run what is due now and then every twenty seconds, until SIGINT or SIGTERM; a run that has begun is ended."""
    scheduler = BlockingScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
    scheduler.add_job(
        run_due_jobs,
        "interval",
        (engine, clock, jobs),
        seconds=EVERY_SECONDS,
        next_run_time=clock.now(),
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    scheduler.start()
