"""The jobs of the night: which they are and when they run. How a run is claimed and remembered is the scheduler's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from casework.accounts.jobs import forget_old_sign_ins
from casework.alerts.service import sweep_programme
from casework.exchange.uploads import WaitingRoom
from casework.kernel.audit_anchors import write_anchor
from casework.kernel.audit_purges import purge_readings, purge_traces
from casework.kernel.calendar import add_months
from casework.kernel.clock import PARIS, Clock
from casework.kernel.context import Actor, Ctx
from casework.kernel.events import Events
from casework.kernel.transaction import reading_context, writing_context
from casework.privacy.service import anonymise_cases, give_notices, plan_retention
from casework.programmes.queries import list_programmes
from casework.scheduler.service import Job
from casework.settings import Settings
from casework.web.sent_forms import forget_sent_forms
from casework.wiring import subscribe

SYSTEM = Actor(None, None, "SYSTEM")


def nightly_jobs(settings: Settings) -> tuple[Job, ...]:
    """Return the jobs, in the order in which they run when they are due together."""
    at = settings.nightly_sweep_at
    return (
        Job("sweep", at, sweep_programmes),
        Job("cleaning", at, partial(clean, data_dir=settings.data_dir)),
        Job("retention", at, partial(keep_to_time, anonymises=settings.anonymises)),
        Job("logs", at, partial(keep_logs, months=settings.log_months, data_dir=settings.data_dir)),
    )


def sweep_programmes(engine: Engine, clock: Clock) -> str:
    """Sweep every programme as of today, each in its own transaction: one that fails leaves the others their alerts.

    Raises ExceptionGroup when some could not be swept.
    """
    with reading_context(engine, SYSTEM, clock) as looking:
        programmes = list_programmes(looking)
    found = 0
    failures: list[Exception] = []
    for programme in programmes:
        try:
            with _transaction(engine, clock, "sweep") as ctx:
                found += len(sweep_programme(ctx, programme.id, ctx.today))
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(programmes)} programmes could not be swept", failures)
    return f"dispositifs : {len(programmes)} ; alertes : {found}"


def clean(engine: Engine, clock: Clock, data_dir: Path) -> str:
    """Delete what is kept for some days only: old sign-ins, keys of forms, and uploads about which nobody decided."""
    with _transaction(engine, clock, "cleaning") as ctx:
        forgotten = forget_old_sign_ins(ctx)
        forget_sent_forms(ctx)
    uploads = WaitingRoom(data_dir).forget_old(clock.now())
    return f"lignes de connexion effacées : {forgotten} ; envois effacés : {uploads}"


def keep_to_time(engine: Engine, clock: Clock, *, anonymises: bool) -> str:
    """Tell referents which files come to their end, and anonymise those whose time is over where that is switched on."""
    with _transaction(engine, clock, "retention") as ctx:
        plan = plan_retention(ctx)
        told = give_notices(ctx, plan)
        done = anonymise_cases(ctx, [known.case_id for known in plan.anonymised]) if anonymises else 0
    return f"préavis : {told} ; dossiers à anonymiser : {len(plan.anonymised)} ; anonymisés : {done}"


def keep_logs(engine: Engine, clock: Clock, *, months: int, data_dir: Path) -> str:
    """Delete the traces and the readings older than `months`, then note outside the database where the log ends."""
    before = datetime.combine(add_months(clock.today(), -months), time(), PARIS)
    with _transaction(engine, clock, "logs") as ctx:
        traces, readings = purge_traces(ctx, before), purge_readings(ctx, before)
    head = write_anchor(engine, clock, data_dir)
    return f"écritures effacées : {traces} ; lectures effacées : {readings} ; dernière ligne : {head.sequence}"


@contextmanager
def _transaction(engine: Engine, clock: Clock, job: str) -> Iterator[Ctx]:
    events = Events()
    subscribe(events)
    with writing_context(engine, SYSTEM, clock, f"job:{job}", events) as ctx:
        yield ctx
