"""`casework audit`: whether the log of writes is whole, and the anchors kept outside the database."""

import json

import click

from casework.cli_context import prepared_engine
from casework.kernel.audit_anchors import NAME, read_anchors, write_anchor
from casework.kernel.audit_check import Fault, Kind, Verdict, check_log
from casework.kernel.clock import SystemClock
from casework.settings import Settings

_WORDS = {
    Kind.CHANGED: "ligne %d : modifiée hors de l’application",
    Kind.MISSING: "ligne %d : absente",
    Kind.MOVED: "ligne %d : déplacée, ou celle d’avant a été remplacée",
    Kind.ADDED: "ligne %d : ajoutée hors de l’application",
    Kind.CUT: "ligne %d : absente, la fin du journal a été coupée",
    Kind.FORGED_PURGE: "retrait %d : il ne vient pas de l’application",
    Kind.BROKEN_ANCHOR: "ancre, ligne %d du fichier : modifiée ou illisible",
}


@click.group("audit", help="Le journal des écritures : vérification, ancres.")
def audit_commands() -> None:
    """Run a command on the log of writes."""


@audit_commands.command("verify", help="Relit tout le journal ; statut 1 si une ligne a été touchée.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par une machine.")
def verify_command(as_json: bool) -> None:
    """Read the whole log anew and print what is wrong, with its place; exit status 1 when something is."""
    settings = Settings.from_environment()
    engine, anchors = prepared_engine(settings), read_anchors(settings.data_dir)
    try:
        verdict = check_log(engine, anchors.heads)
    finally:
        engine.dispose()
    faults = [*verdict.faults, *(Fault(Kind.BROKEN_ANCHOR, line) for line in anchors.broken)]
    click.echo(_as_json(verdict, faults) if as_json else _as_text(verdict, faults, len(anchors.heads)))
    if faults:
        raise SystemExit(1)


@audit_commands.command("anchor", help="Note hors de la base où le journal s’arrête.")
def anchor_command() -> None:
    """Write an anchor into the data folder."""
    settings = Settings.from_environment()
    engine = prepared_engine(settings)
    try:
        head = write_anchor(engine, SystemClock(), settings.data_dir)
    finally:
        engine.dispose()
    click.echo(f"Le journal s’arrête à la ligne {head.sequence} : c’est noté dans {settings.data_dir / NAME}.")


def _as_json(verdict: Verdict, faults: list[Fault]) -> str:
    told = {
        "rows": verdict.rows,
        "head": {"sequence": verdict.head.sequence, "hash": verdict.head.hash},
        "faults": [{"kind": fault.kind.value, "place": fault.place} for fault in faults],
    }
    return json.dumps(told, indent=1)


def _as_text(verdict: Verdict, faults: list[Fault], anchors: int) -> str:
    read = f"Lignes relues : {verdict.rows} ; ancres : {anchors} ; dernière ligne : {verdict.head.sequence}."
    if not faults:
        return f"{read}\nLe journal est entier : rien n’y a été modifié, retiré ni déplacé."
    return "\n".join([read, "Le journal a été touché :", *(f"  {_WORDS[f.kind] % f.place}" for f in faults)])
