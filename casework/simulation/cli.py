"""`casework simulate`: a programme lived through by invented households."""

import json
from datetime import date, datetime

import click

from casework.cli_context import command_context
from casework.kernel.errors import Counted
from casework.simulation.plan import Plan
from casework.simulation.service import Order, Run, simulate

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("simulate", help="Fait vivre un dispositif par des ménages inventés, jour après jour.")
@click.option(
    "--programme", "code", required=True, help="Code du dispositif ; ouvert depuis le catalogue s’il le faut."
)
@click.option("--households", required=True, type=click.IntRange(min=0), help="Nombre de ménages orientés.")
@click.option("--from", "first_day", required=True, type=_DAY, help="Premier jour (AAAA-MM-JJ).")
@click.option("--to", "last_day", required=True, type=_DAY, help="Dernier jour (AAAA-MM-JJ).")
@click.option("--seed", default=1, show_default=True, help="Graine du hasard : la même donne les mêmes lignes.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par une machine.")
def simulate_command(
    code: str, households: int, first_day: datetime, last_day: datetime, seed: int, as_json: bool
) -> None:
    """Simulate a programme and say what was made."""
    order = Order(code, households, first_day.date(), last_day.date(), seed)
    with command_context("simulate") as ctx:
        run = simulate(ctx, order)
        told = _told(order, run)
    missing = households - len(run.plan.lives)
    if missing:
        click.echo(_no_room(order, len(run.plan.lives)), err=True)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _as_text(told))


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
