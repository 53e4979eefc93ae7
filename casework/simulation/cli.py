"""`casework simulate`: a programme lived through by invented households."""

import json
from datetime import date, datetime

import click

from casework.cli_context import command_context
from casework.kernel.errors import Counted
from casework.simulation.checker.service import check_history
from casework.simulation.checker.violations import Violation
from casework.simulation.plan import Plan
from casework.simulation.service import Order, Run, simulate

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("simulate", help="Fait vivre un dispositif par des ménages inventés, jour après jour.")
@click.option(
    "--programme", "code", required=True, help="Code du dispositif ; ouvert depuis le catalogue s’il le faut."
)
@click.option(
    "--households", required=True, type=click.IntRange(min=0), help="Nombre de ménages orientés ; 0 : ne rien simuler."
)
@click.option("--from", "first_day", required=True, type=_DAY, help="Premier jour (AAAA-MM-JJ).")
@click.option("--to", "last_day", required=True, type=_DAY, help="Dernier jour (AAAA-MM-JJ).")
@click.option("--seed", default=1, show_default=True, help="Graine du hasard : la même donne les mêmes lignes.")
@click.option("--check", "checks", is_flag=True, help="Relit tout l’historique et dit chaque règle enfreinte.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par une machine.")
def simulate_command(
    code: str, households: int, first_day: datetime, last_day: datetime, seed: int, checks: bool, as_json: bool
) -> None:
    """Simulate a programme and say what was made; with `--check`, what of it breaks a rule (exit status 1).

    Without any household nothing is simulated: what the database holds is checked.
    """
    order = Order(code, households, first_day.date(), last_day.date(), seed)
    with command_context("simulate") as ctx:
        told = _told(order, simulate(ctx, order)) if households else None
        violations = check_history(ctx, code) if checks else None
    if told is not None and told["households"] != households:
        click.echo(_no_room(order, int(told["households"])), err=True)
    if as_json:
        answer = told or {} if violations is None else {"violations": [_plain(v) for v in violations]}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join([*([_as_text(told)] if told else []), *_verdict(violations)]))
    if violations:
        raise SystemExit(1)


def _plain(violation: Violation) -> dict[str, str]:
    return {
        "rule": violation.rule,
        "case": violation.case,
        "date": violation.on.isoformat(),
        "says": violation.says,
        "found": violation.found,
    }


def _verdict(violations: list[Violation] | None) -> list[str]:
    if violations is None:
        return []
    lines = [f"{v.on:%d/%m/%Y}  {v.case}  {v.rule} : {v.says} ; {v.found}." for v in violations]
    return lines or ["Aucune règle du dispositif n’est enfreinte."]


def _told(order: Order, run: Run) -> dict[str, str | int]:
    return {
        "programme": order.code,
        "from": order.first_day.isoformat(),
        "to": order.last_day.isoformat(),
        "seed": order.seed,
        "households": len(run.plan.lives),
        "steps": len(run.plan.steps),
        "signed": sum(_by(life.signed_on, run.plan) for life in run.plan.lives),
        "ended": sum(_by(life.leaves_on, run.plan) for life in run.plan.lives),
    }


def _by(day: date | None, plan: Plan) -> bool:
    return day is not None and day <= plan.setting.last_day


def _as_text(told: dict[str, str | int]) -> str:
    return (
        f"Dispositif {told['programme']}, du {told['from']} au {told['to']}, graine {told['seed']} : "
        f"{told['households']} ménages orientés, {told['signed']} contrats signés, {told['ended']} accompagnements "
        f"terminés, {told['steps']} faits notés."
    )


def _no_room(order: Order, placed: int) -> str:
    return (
        f"casework : {Counted('%(num)d ménage demandé', '%(num)d ménages demandés', order.households)}, "
        f"{Counted('%(num)d simulé', '%(num)d simulés', placed)} : le dispositif {order.code} n’a pas de place pour "
        "plus, d’après son effectif et sa durée."
    )
