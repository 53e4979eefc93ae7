"""`casework privacy retention`: how long files are kept."""

import json

import click

from casework.cli_context import command_context
from casework.privacy.rules import Known
from casework.privacy.service import anonymise_cases, give_notices, plan_retention


@click.command("retention", help="Dit quels dossiers arrivent à leur terme ; avec --apply, prévient et anonymise.")
@click.option("--apply", "applies", is_flag=True, help="Donne les préavis et anonymise ; sans elle, rien ne change.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par une machine.")
def retention_command(applies: bool, as_json: bool) -> None:
    """Print what is to be done today, and do it when asked."""
    with command_context("privacy retention") as ctx:
        plan = plan_retention(ctx)
        if applies:
            give_notices(ctx, plan)
            anonymise_cases(ctx, [known.case_id for known in plan.anonymised])
    if as_json:
        lists = {"notices": _numbers(plan.notices), "anonymised": _numbers(plan.anonymised), "applied": applies}
        click.echo(json.dumps(lists, ensure_ascii=False, indent=1))
        return
    click.echo(f"Préavis à donner : {len(plan.notices)}.")
    click.echo(f"Dossiers à anonymiser : {len(plan.anonymised)}.")
    click.echo("C’est fait." if applies else "Rien n’a changé : ajoutez --apply pour le faire.")


def _numbers(files: tuple[Known, ...]) -> list[str]:
    return [known.number for known in files]
