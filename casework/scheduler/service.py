"""One tick: run every job whose slot is due and not yet run."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from casework.kernel.clock import Clock
from casework.scheduler.ledger import FAILED, claim_slot, finish_slot
from casework.scheduler.rules import due_slot

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """Something done once a day. `run` opens its own transactions and returns what is to be remembered of it."""

    name: str
    at: str
    run: Callable[[Engine, Clock], str]


def run_due_jobs(engine: Engine, clock: Clock, jobs: Iterable[Job]) -> None:
    """Run each job whose slot is due. A job that fails is told and leaves the others alone; nothing is raised."""
    for job in jobs:
        try:
            _run_if_due(engine, clock, job)
        except Exception:
            # The ledger itself cannot be reached: the next tick tries again.
            logger.exception("job %s: the ledger of runs cannot be written", job.name)


def _run_if_due(engine: Engine, clock: Clock, job: Job) -> None:
    slot = due_slot(clock.now(), job.at)
    claim = claim_slot(engine, clock, job.name, slot)
    if claim is None:
        return
    try:
        outcome = job.run(engine, clock)
    except Exception as error:
        logger.exception("job %s, slot %s, attempt %d failed", job.name, slot, claim.attempts)
        # The class only: a message may quote what somebody typed.
        outcome = f"{FAILED} : {type(error).__name__}"
    else:
        logger.info("job %s, slot %s: %s", job.name, slot, outcome)
    finish_slot(engine, clock, claim, outcome)
