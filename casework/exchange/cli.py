"""The command `casework import`."""

import json
from dataclasses import dataclass
from pathlib import Path

import click

from casework.cli_context import command_context
from casework.exchange.checking import check
from casework.exchange.creation.work import Created
from casework.exchange.plan import Plan
from casework.exchange.reading.files import read_folder
from casework.exchange.reading.records import Batch
from casework.exchange.rejects import reject_files
from casework.exchange.report import as_data, as_lines, counted
from casework.exchange.service import ImportRefused, run_import
from casework.kernel.clock import PARIS, SystemClock
from casework.kernel.errors import CaseworkError, why
from casework.programmes.service import open_programme
from casework.rendering.files import write_atomically
from casework.settings import Settings

SOUND, SOME_REFUSED, NOTHING_WRITTEN = 0, 1, 2


@dataclass(frozen=True)
class _Options:
    programme: str
    dry_run: bool
    strict: bool
    replace: bool


@dataclass(frozen=True)
class _Result:
    plan: Plan
    created: Created | None
    status: int

    def summary(self, dry_run: bool) -> str:
        """Return the last line of the report."""
        refused = counted(self.plan.refused_rows, "ligne refusée", "lignes refusées")
        counts = f"{refused}, {counted(self.plan.incoming, 'entrée', 'entrées')}"
        if self.status == NOTHING_WRITTEN:
            return f"{refused} : rien n’est entré."
        return f"À blanc, rien n’est écrit : {counts} si l’import était lancé." if dry_run else f"{counts}."


class _LookedOnly(Exception):
    """Leaves the transaction of a dry run, so that it is undone."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


@click.command("import", help="Lit les tableaux de suivi et les quittancements d’un dossier, les vérifie et les entre.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--programme", required=True, help="Code du dispositif.")
@click.option("--dry-run", is_flag=True, help="Lire et vérifier, sans rien écrire.")
@click.option("--strict", is_flag=True, help="Ne rien entrer si une seule ligne est refusée.")
@click.option("--replace", is_flag=True, help="Remplacer ce qui est déjà enregistré avec une autre valeur.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Dossier où écrire les lignes refusées, à corriger.")
@click.option("--json", "as_json", is_flag=True, help="Donner le résultat en JSON.")
@click.pass_context
def import_command(
    click_context: click.Context,
    folder: Path,
    programme: str,
    dry_run: bool,
    strict: bool,
    replace: bool,
    rejects: Path | None,
    as_json: bool,
) -> None:
    """Import a folder; exit status 0: all sound, 1: some rows refused and the others in, 2: nothing written."""
    options = _Options(programme, dry_run, strict, replace)
    settings = Settings.from_environment()
    try:
        _check_target(rejects)
        result = _run(settings, options, _read(folder))
    except CaseworkError as error:
        if as_json:
            click.echo(_json({"programme": programme, "error": error.text()}))
        else:
            click.echo(f"casework : {error.text()}", err=True)
        click_context.exit(NOTHING_WRITTEN)
    if as_json:
        click.echo(_json(as_data(programme, result.plan, result.created)))
    else:
        click.echo("\n".join([*as_lines(result.plan, result.created), result.summary(dry_run)]))
    if result.plan.all_refused and (rejects or not dry_run):
        target = rejects or settings.data_dir / "refus" / SystemClock().now().astimezone(PARIS).strftime(
            "%Y-%m-%d_%Hh%M"
        )
        told = _keep_rejects(target, result.plan)
        if told:
            click.echo(told, err=True)
    click_context.exit(result.status)


def _json(data: dict[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _read(folder: Path) -> Batch:
    try:
        batch = read_folder(folder)
    except OSError as error:
        raise CaseworkError(
            "« %(place)s » ne peut pas être lu : %(why)s. Rien n’est entré.",
            place=error.filename or folder,
            why=why(error),
        ) from error
    if not batch.sheets:
        raise CaseworkError("Le dossier « %(folder)s » ne contient aucun fichier CSV.", folder=folder)
    return batch


def _run(settings: Settings, options: _Options, batch: Batch) -> _Result:
    try:
        with command_context("import", settings) as ctx:
            programme = open_programme(ctx, options.programme)
            if options.dry_run:
                raise _LookedOnly(check(ctx, programme, batch, replace=options.replace))
            plan, created = run_import(ctx, programme, batch, replace=options.replace, strict=options.strict)
            return _Result(plan, created, SOME_REFUSED if plan.all_refused else SOUND)
    except ImportRefused as refused:
        return _Result(refused.plan, None, NOTHING_WRITTEN)
    except _LookedOnly as looked:
        refused_rows = bool(looked.plan.all_refused)
        hopeless = not looked.plan.is_usable or (options.strict and refused_rows)
        return _Result(looked.plan, None, NOTHING_WRITTEN if hopeless else SOME_REFUSED if refused_rows else SOUND)


def _check_target(folder: Path | None) -> None:
    """Refuse a place for the refused rows that cannot be one, before anything is written."""
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), None) if folder else None
    if nearest is not None and not nearest.is_dir():
        raise CaseworkError(
            "« %(folder)s » n’est pas un dossier et ne peut pas recevoir les lignes refusées : rien n’est entré.",
            folder=folder,
        )


def _keep_rejects(folder: Path, plan: Plan) -> str:
    """Write the refused rows, readable by their owner only; return what to say about it, "" when there were none."""
    files = list(reject_files(plan.batch.sheets, plan.all_refused))
    try:
        if files:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, text in files:
            write_atomically(folder / name, text.encode())
    except OSError as error:
        return (
            f"Les lignes refusées ne peuvent pas être écrites dans « {folder} » : {why(error)}. Ce qui est entré le "
            f"reste ; relancez l’import avec --rejects et un autre dossier."
        )
    return f"Lignes refusées, à corriger et à renvoyer : {folder}" if files else ""
