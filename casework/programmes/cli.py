"""`casework catalogue`: the definitions shipped with the application."""

import json

import click

from casework.programmes.catalogue import catalogue
from casework.programmes.definition.evidence import Reconciliation
from casework.programmes.export import export_definition
from casework.programmes.figures import figure
from casework.programmes.tables import Disagreement, GuideLine, disagreements, guide_table
from casework.programmes.vocabulary import CATEGORY_LABELS


@click.group("catalogue", help="Les dispositifs du catalogue.")
def catalogue_commands() -> None:
    """Group the commands on the catalogue."""


@catalogue_commands.command("export", help="Affiche ce que dit chaque dispositif du catalogue.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par une machine.")
def export_command(as_json: bool) -> None:
    """Print every definition."""
    definitions = catalogue()
    if as_json:
        click.echo(json.dumps([export_definition(d) for d in definitions], ensure_ascii=False, indent=1))
        return
    for d in definitions:
        click.echo(f"{d.id:8} {d.title}")


@catalogue_commands.command("table", help="Le tableau du guide, recalculé, et ce qui ne s’accorde pas dans les fiches.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par une machine.")
def table_command(as_json: bool) -> None:
    """Print the guide's table from our data, and what does not reconcile inside a sheet."""
    definitions = catalogue()
    lines, gaps = guide_table(definitions), disagreements(definitions)
    click.echo(_tables_as_json(lines, gaps) if as_json else _tables_as_text(lines, gaps))


def _tables_as_json(lines: tuple[GuideLine, ...], gaps: tuple[Disagreement, ...]) -> str:
    table = [
        {
            "category": line.category or "total",
            "programmes": line.projects,
            "households": line.households,
            "guide_programmes": line.printed_projects,
            "guide_households": line.printed_households,
            "agrees": line.agrees,
        }
        for line in lines
    ]
    unreconciled = [
        {
            "id": gap.programme,
            "figures": [
                {
                    "about": f.about,
                    "unit": f.unit,
                    "printed": float(f.printed),
                    "computed": float(f.computed),
                    "difference": float(f.difference),
                }
                for f in gap.figures
            ],
            "remarks": [{"kind": r.kind, "text": r.text} for r in gap.remarks],
        }
        for gap in gaps
    ]
    return json.dumps({"table": table, "unreconciled": unreconciled}, ensure_ascii=False, indent=1)


def _tables_as_text(lines: tuple[GuideLine, ...], gaps: tuple[Disagreement, ...]) -> str:
    rows = [f"{'Nature':34} {'dispositifs':>11} {'ménages':>8} {'guide':>8}  "]
    for line in lines:
        name = CATEGORY_LABELS[line.category] if line.category else "Total"
        verdict = "" if line.agrees else "  ≠"
        rows.append(f"{name:34} {line.projects:>11} {line.households:>8} {line.printed_households:>8}{verdict}")
    rows += ["", "Ce qui ne s’accorde pas dans les fiches :"]
    for gap in gaps:
        rows += [f"{gap.programme:8} {_figure_line(f)}" for f in gap.figures]
        rows += [f"{gap.programme:8} {remark.text}" for remark in gap.remarks]
    return "\n".join(rows)


def _figure_line(f: Reconciliation) -> str:
    return f"{f.about} : {figure(f.printed, f.unit)} imprimés, {figure(f.computed, f.unit)} calculés"
