"""`casework demo`: load the demonstration without starting anything."""

import click

from casework.cli_context import prepared_engine
from casework.demo.accounts import DOMAIN, PASSWORD, REFERENTS
from casework.demo.loading import load_demo
from casework.kernel.clock import SystemClock
from casework.settings import Settings


@click.command("demo", help="Charge la démonstration dans une base vide : ménages inventés, dates d’aujourd’hui.")
def demo_command() -> None:
    """Load the demonstration; refused when the database holds a programme."""
    engine = prepared_engine(Settings.from_environment())
    try:
        load_demo(engine, SystemClock())
    finally:
        engine.dispose()
    click.echo(f"La démonstration est chargée. Pour essayer : {REFERENTS[0].handle}@{DOMAIN}, « {PASSWORD} ».")
