"""`casework scheduler`: the process that runs the jobs of the night."""

import logging

import click

from casework.cli_context import prepared_engine
from casework.jobs import nightly_jobs
from casework.kernel.clock import SystemClock
from casework.scheduler.ticker import tick_until_stopped
from casework.settings import Settings


@click.command("scheduler", help="Lance le planificateur : balayage de chaque nuit, rattrapé au démarrage.")
def scheduler_command() -> None:
    """Run the jobs that are due until the process is told to stop."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("casework").setLevel(logging.INFO)
    settings = Settings.from_environment()
    engine = prepared_engine(settings)
    try:
        tick_until_stopped(engine, SystemClock(), nightly_jobs(settings))
    finally:
        engine.dispose()
