"""The ledger of runs, on both databases."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.kernel.clock import Clock, FixedClock
from casework.kernel.database import create_engine_for
from casework.scheduler.ledger import claim_slot, finish_slot
from casework.scheduler.models import JobRun
from casework.scheduler.rules import ATTEMPTS, GIVEN_UP_AFTER
from casework.scheduler.service import Job, run_due_jobs

NIGHT = datetime(2026, 3, 29, 3, 0, tzinfo=UTC)


class Counted:
    """A job that counts its runs, and fails the first `failures` times."""

    def __init__(self, failures: int = 0) -> None:
        self.runs = 0
        self.failures = failures

    def __call__(self, _engine: Engine, _clock: Clock) -> str:
        self.runs += 1
        if self.runs <= self.failures:
            raise RuntimeError("a household’s name")
        return "fait"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NIGHT)


@pytest.fixture
def runs(engine: Engine) -> Callable[[], list[tuple[str, str, str | None, int]]]:
    def read() -> list[tuple[str, str, str | None, int]]:
        with Session(engine) as session:
            rows = session.execute(select(JobRun.job, JobRun.slot, JobRun.outcome, JobRun.attempts).order_by(JobRun.id))
            return [(row.job, row.slot, row.outcome, row.attempts) for row in rows]

    return read


def test_a_slot_runs_once_however_often_the_ticker_ticks(
    engine: Engine, clock: FixedClock, runs: Callable[[], object]
) -> None:
    work = Counted()
    for _tick in range(3):
        run_due_jobs(engine, clock, [Job("sweep", "04:15", work)])
        clock.instant += timedelta(seconds=20)

    assert work.runs == 1
    assert runs() == [("sweep", "2026-03-29", "fait", 1)]


def test_a_slot_that_was_missed_runs_at_the_start(
    engine: Engine, clock: FixedClock, runs: Callable[[], object]
) -> None:
    clock.instant = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    run_due_jobs(engine, clock, [Job("sweep", "04:15", Counted())])

    assert runs() == [("sweep", "2026-03-28", "fait", 1)]


def test_the_next_night_is_another_slot(engine: Engine, clock: FixedClock, runs: Callable[[], object]) -> None:
    work = Counted()
    for hours in (0, 24, 0):
        clock.instant += timedelta(hours=hours)
        run_due_jobs(engine, clock, [Job("sweep", "04:15", work)])

    assert runs() == [("sweep", "2026-03-29", "fait", 1), ("sweep", "2026-03-30", "fait", 1)]


def test_a_job_that_fails_is_tried_three_times_and_no_more(
    engine: Engine, clock: FixedClock, runs: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    work = Counted(failures=9)
    with caplog.at_level(logging.CRITICAL):
        for _tick in range(5):
            run_due_jobs(engine, clock, [Job("sweep", "04:15", work)])

    assert work.runs == ATTEMPTS == 3
    assert runs() == [("sweep", "2026-03-29", "échec : RuntimeError", 3)]


def test_a_job_that_fails_leaves_the_others_alone_and_may_recover(
    engine: Engine, clock: FixedClock, runs: Callable[[], object]
) -> None:
    jobs = [Job("sweep", "04:15", Counted(failures=1)), Job("cleaning", "04:15", Counted())]
    run_due_jobs(engine, clock, jobs)
    first = runs()
    run_due_jobs(engine, clock, jobs)

    assert first == [
        ("sweep", "2026-03-29", "échec : RuntimeError", 1),
        ("cleaning", "2026-03-29", "fait", 1),
    ]
    assert runs() == [("sweep", "2026-03-29", "fait", 2), ("cleaning", "2026-03-29", "fait", 1)]


def test_a_run_whose_process_died_is_taken_over_after_two_hours(engine: Engine, clock: FixedClock) -> None:
    assert claim_slot(engine, clock, "sweep", "2026-03-29") is not None
    clock.instant += GIVEN_UP_AFTER
    assert claim_slot(engine, clock, "sweep", "2026-03-29") is None
    clock.instant += timedelta(seconds=1)
    taken = claim_slot(engine, clock, "sweep", "2026-03-29")

    assert taken is not None
    assert taken.attempts == 2


def test_who_comes_back_after_a_takeover_does_not_overwrite_its_outcome(
    engine: Engine, clock: FixedClock, runs: Callable[[], object]
) -> None:
    slow = claim_slot(engine, clock, "sweep", "2026-03-29")
    clock.instant += GIVEN_UP_AFTER + timedelta(seconds=1)
    taken = claim_slot(engine, clock, "sweep", "2026-03-29")
    assert slow is not None
    assert taken is not None
    finish_slot(engine, clock, taken, "fait")
    finish_slot(engine, clock, slow, "trop tard")

    assert runs() == [("sweep", "2026-03-29", "fait", 2)]


@pytest.mark.parametrize("before", ["nothing", "a failure"])
def test_two_schedulers_at_once_run_a_slot_once(
    database_url: str, engine: Engine, clock: FixedClock, before: str
) -> None:
    if before == "a failure":
        failed = claim_slot(engine, clock, "sweep", "2026-03-29")
        assert failed is not None
        finish_slot(engine, clock, failed, "échec : RuntimeError")
    work = Counted()
    together = threading.Barrier(4)

    def scheduler() -> None:
        own = create_engine_for(database_url)
        together.wait()
        run_due_jobs(own, clock, [Job("sweep", "04:15", work)])
        own.dispose()

    threads = [threading.Thread(target=scheduler) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert work.runs == 1


def test_a_ledger_out_of_reach_does_not_stop_the_ticker(
    empty_database_url: str, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    engine = create_engine_for(empty_database_url)
    work = Counted()
    run_due_jobs(engine, clock, [Job("sweep", "04:15", work)])
    engine.dispose()

    assert work.runs == 0
    assert "ledger of runs cannot be written" in caplog.text
