"""`casework review`: the annual review as a file."""

from pathlib import Path

import click

from casework.cli_context import command_context
from casework.kernel.errors import RuleViolation, why
from casework.rendering.files import write_atomically
from casework.reports.faces import FORMATS, review_file
from casework.reports.presentation import Cover
from casework.reports.queries import annual_review, reviewed_programmes
from casework.reports.rules import is_reviewable, is_to_come
from casework.reports.vocabulary import FIRST_YEAR, LAST_YEAR


@click.command("review", help="Écrit le bilan annuel d’un dispositif dans un fichier.")
@click.option("--programme", "code", required=True, help="Code du dispositif.")
@click.option("--year", "year", required=True, help="Année du bilan, par exemple 2025.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="json", show_default=True, help="Format.")
@click.option(
    "--out",
    "out",
    default="-",
    show_default=True,
    help="Fichier à écrire\u00a0; «\u00a0-\u00a0»\u00a0: sortie standard.",
)
def review_command(code: str, year: str, form: str, out: str) -> None:
    """Write the annual review of a programme."""
    number = _year(year)
    if not Path(out).name:
        raise RuleViolation("out", "«\u00a0%(out)s\u00a0» n’est pas un nom de fichier.", out=out)
    with command_context("review") as ctx:
        programme = next((p for p in reviewed_programmes(ctx) if p.code == code), None)
        if programme is None:
            raise RuleViolation(
                "programme", "Le dispositif «\u00a0%(code)s\u00a0» n’existe pas dans cette base.", code=code
            )
        if is_to_come(number, ctx.today):
            raise RuleViolation(
                "year", "L’année %(year)s n’a pas commencé\u00a0: son bilan n’existe pas encore.", year=year
            )
        review = annual_review(ctx, programme.id, number)
        cover = Cover(programme, number, ctx.today)
    content = review_file(form, review, cover)
    if out == "-":
        click.echo(content, nl=False)
        return
    try:
        write_atomically(Path(out), content)
    except OSError as error:
        raise RuleViolation(
            "out", "«\u00a0%(out)s\u00a0» ne peut pas être écrit\u00a0: %(reason)s.", out=out, reason=why(error)
        ) from error
    click.echo(f"Le bilan {number} du dispositif {code} est écrit dans {out}.", err=True)


def _year(text: str) -> int:
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    if not is_reviewable(year):
        raise RuleViolation(
            "year",
            "«\u00a0%(year)s\u00a0» n’est pas une année de bilan\u00a0: indiquez une année de %(first)s à %(last)s.",
            year=text,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    return year
