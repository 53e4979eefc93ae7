"""`casework sweep`: the alerts that hold on a day."""

import json
from datetime import date, datetime

import click

from casework.alerts.service import Finding, sweep_programme
from casework.alerts.vocabulary import RULE_LABELS
from casework.cli_context import command_context
from casework.kernel.errors import RuleViolation
from casework.programmes.queries import find_programme

FIRST_YEAR, LAST_YEAR = 1900, 2100


@click.command("sweep", help="Affiche les alertes d’un dispositif à une date, d’après les faits connus ce jour-là.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Date (AAAA-MM-JJ) ; aujourd’hui par défaut.")
@click.option("--programme", "code", required=True, help="Code du dispositif.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par une machine.")
def sweep_command(on: datetime | None, code: str, as_json: bool) -> None:
    """Sweep a programme and print what holds."""
    if on is not None and not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise RuleViolation(
            "on", "--on : l’année doit aller de %(first)s à %(last)s.", first=FIRST_YEAR, last=LAST_YEAR
        )
    with command_context("sweep") as ctx:
        programme = find_programme(ctx, code)
        if programme is None:
            raise RuleViolation("programme", "Le dispositif « %(code)s » n’existe pas dans cette base.", code=code)
        day = on.date() if on else ctx.today
        findings = sweep_programme(ctx, programme.id, day)
    click.echo(_as_json(findings) if as_json else _as_text(findings, day))


def _as_json(findings: list[Finding]) -> str:
    rows = [{"case": f.case, "rule": f.rule, "due_on": f.due_on.isoformat(), "facts": dict(f.facts)} for f in findings]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _as_text(findings: list[Finding], day: date) -> str:
    lines = [f"{f.case}  {f.due_on:%d/%m/%Y}  {RULE_LABELS[f.rule]}" for f in findings]
    return "\n".join([*lines, f"{len(findings)} alerte(s) le {day:%d/%m/%Y}."])
