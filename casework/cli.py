"""The command `casework`."""

import gettext
import os
import sys
from importlib import import_module
from typing import NoReturn

import click
from sqlalchemy.exc import OperationalError

from casework.kernel.errors import CaseworkError, why
from casework.kernel.paths import PACKAGE
from casework.wiring import subscribe

# command → the function that runs it; a command loads only what it needs.
COMMANDS = {
    "serve": "casework.commands.serve:serve_command",
    "scheduler": "casework.commands.scheduler:scheduler_command",
    "db": "casework.commands.database:database_commands",
    "keys": "casework.commands.keys:keys_commands",
    "audit": "casework.commands.audit:audit_commands",
    "user": "casework.accounts.cli:user_commands",
    "import": "casework.exchange.cli:import_command",
    "sweep": "casework.alerts.cli:sweep_command",
    "review": "casework.reports.cli:review_command",
    "catalogue": "casework.programmes.cli:catalogue_commands",
    "privacy": "casework.disclosure.cli:privacy_commands",
    "simulate": "casework.simulation.cli:simulate_command",
    "demo": "casework.demo.cli:demo_command",
}


class LazyGroup(click.Group):
    """A group whose commands are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, loaded."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 -- the table above names commands only
        return command


@click.group(cls=LazyGroup, help="Suivi des ménages en logement accompagné.")
@click.pass_context
def casework(context: click.Context) -> None:
    """Run a command."""
    context.obj = subscribe


def main() -> None:
    """Run the command line; what the application or the machine refuses is told in one line, with exit status 2."""
    _speak_french()
    try:
        casework(standalone_mode=True)
    except CaseworkError as error:
        _refuse(error.text())
    except OperationalError as error:
        detail = str(error.orig).strip().partition("\n")[0]
        _refuse(f"la base ne répond pas, ou pas assez vite ({detail}) : rien n’est enregistré. Recommencez.")
    except OSError as error:
        place = f"« {error.filename} »" if error.filename else "l’entrée ou la sortie"
        _refuse(f"{place} n’est pas utilisable : {why(error)}.")


def _refuse(told: str) -> NoReturn:
    click.echo(f"casework : {told}", err=True)
    sys.exit(2)


def _speak_french() -> None:
    """Give click the French for its own words; it asks gettext, and gettext asks the environment for the language."""
    os.environ["LANGUAGE"] = "fr"
    gettext.bindtextdomain("click", PACKAGE / "translations")
    gettext.textdomain("click")
