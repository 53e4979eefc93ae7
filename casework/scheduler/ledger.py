"""The ledger of runs: claim a slot, and say what came of it. Each in a transaction of its own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select, update

from casework.kernel.clock import Clock
from casework.kernel.context import Actor
from casework.kernel.database import upsert
from casework.kernel.events import Events
from casework.kernel.transaction import reading_context, writing_context
from casework.scheduler.models import JobRun
from casework.scheduler.rules import may_claim

FAILED = "échec"
SYSTEM = Actor(None, None, "SYSTEM")


@dataclass(frozen=True)
class Claim:
    """The right to run a slot: this attempt, no other."""

    run_id: int
    attempts: int


def claim_slot(engine: Engine, clock: Clock, job: str, slot: str) -> Claim | None:
    """Return the right to run a slot, None when it was run, is being run, or failed too often."""
    now = clock.now()
    wanted = select(JobRun).where(JobRun.job == job, JobRun.slot == slot)
    # Nearly every tick finds its slot done: looking first takes no lock from those who work.
    with reading_context(engine, SYSTEM, clock) as looking:
        known = looking.session.scalars(wanted).one_or_none()
        if known is not None and not _may_claim(known, now):
            return None
    with writing_context(engine, SYSTEM, clock, f"scheduler:{job}", Events()) as ctx:
        statement = upsert(ctx.session, JobRun).values(job=job, slot=slot, claimed_at=now, attempts=1)
        inserted = ctx.session.scalar(
            statement.on_conflict_do_nothing(index_elements=["job", "slot"]).returning(JobRun.id)
        )
        if inserted is not None:
            return Claim(inserted, 1)
        # Who claims the same slot at the same time waits here, and then reads the new attempt.
        run = ctx.session.scalars(wanted.with_for_update()).one()
        if not _may_claim(run, now):
            return None
        run.claimed_at, run.finished_at, run.outcome = now, None, None
        run.attempts += 1
        return Claim(run.id, run.attempts)


def _may_claim(run: JobRun, now: datetime) -> bool:
    failed = run.outcome is not None and run.outcome.startswith(FAILED)
    return may_claim(now, run.claimed_at, failed=failed, ended=run.finished_at is not None, attempts=run.attempts)


def finish_slot(engine: Engine, clock: Clock, claim: Claim, outcome: str) -> None:
    """Note what came of a run, unless another scheduler has taken the slot over in the meantime."""
    finished_at = clock.now()
    with writing_context(engine, SYSTEM, clock, "scheduler", Events()) as ctx:
        ctx.session.execute(
            update(JobRun)
            .where(JobRun.id == claim.run_id, JobRun.attempts == claim.attempts)
            .values(finished_at=finished_at, outcome=outcome[:200])
        )
