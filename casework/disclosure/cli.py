"""`casework privacy`: how long files are kept, and what is handed out on them."""

from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import select

from casework.cases.models import Case
from casework.cli_context import command_context
from casework.disclosure.assessment import assessment
from casework.disclosure.paper import MARKDOWN, PDF, Paper, paper_file
from casework.disclosure.register import register
from casework.disclosure.service import copy_of_file
from casework.kernel.access import visible
from casework.kernel.audit import record_bulk
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation, why
from casework.privacy.cli import retention_command
from casework.rendering.files import write_atomically
from casework.settings import Settings


@click.group("privacy", help="Durées de conservation et droits des personnes.")
def privacy_commands() -> None:
    """Group the commands on privacy."""


privacy_commands.add_command(retention_command)


@privacy_commands.command("export", help="Écrit la copie d’un dossier\u00a0: un PDF et un fichier JSON dans un zip.")
@click.argument("number", metavar="DOSSIER")
@click.option("--out", "out", required=True, help="Fichier zip à écrire.")
def export_command(number: str, out: str) -> None:
    """Write the copy of the file whose number is given."""
    with command_context("privacy export") as ctx:
        found = ctx.session.scalars(select(Case.id).where(Case.number == number, visible(ctx, Case))).all()
        if len(found) != 1:
            raise RuleViolation(
                "number",
                "Le dossier «\u00a0%(number)s\u00a0» n’existe pas dans cette base, ou dans plusieurs dispositifs.",
                number=number,
            )
        _number, content = copy_of_file(ctx, found[0])
        record_bulk(ctx, Case, "export", {"cases": found[0]})
    write_out(out, content)
    click.echo("Relisez la copie avant de la remettre\u00a0: une note peut citer d’autres personnes.", err=True)


@privacy_commands.command("register", help="Écrit le registre des traitements, tiré de la configuration.")
@click.option("--out", "out", default="-", show_default=True, help="Fichier .md ou .pdf ; « - » : sortie standard.")
def register_command(out: str) -> None:
    """Write the register of processing."""
    _write_paper("privacy register", register, out)


@privacy_commands.command("dpia", help="Écrit le projet d’analyse d’impact, tiré de la configuration.")
@click.option("--out", "out", default="-", show_default=True, help="Fichier .md ou .pdf ; « - » : sortie standard.")
def dpia_command(out: str) -> None:
    """Write the draft of the impact assessment."""
    _write_paper("privacy dpia", assessment, out)


def _write_paper(use_case: str, make: Callable[[Ctx, Settings], Paper], out: str) -> None:
    settings = Settings.from_environment()
    with command_context(use_case, settings) as ctx:
        paper = make(ctx, settings)
    content = paper_file(PDF if out.lower().endswith(".pdf") else MARKDOWN, paper)
    if out == "-":
        click.echo(content, nl=False)
    else:
        write_out(out, content)


def write_out(out: str, content: bytes) -> None:
    """Write a file whole, or not at all. Raises RuleViolation when the place does not take it."""
    if not Path(out).name:
        raise RuleViolation("out", "«\u00a0%(out)s\u00a0» n’est pas un nom de fichier.", out=out)
    try:
        write_atomically(Path(out), content)
    except OSError as error:
        raise RuleViolation(
            "out", "«\u00a0%(out)s\u00a0» ne peut pas être écrit\u00a0: %(reason)s.", out=out, reason=why(error)
        ) from error
    click.echo(f"Écrit dans {out}.", err=True)
