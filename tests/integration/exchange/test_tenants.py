"""The tenant that a ledger names beside the household of the lease: a note, never a refusal."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casework.exchange.reading.files import read_folder
from casework.exchange.service import run_import
from casework.kernel.clock import FixedClock
from tests.factories import Stage, make_case, make_programme, system_ctx
from tests.support.tree import ROOT

PETIT = ROOT / "tests" / "data" / "petit"
LEDGER = "quittancement_2025-06.csv"
NOTE = "Ligne 3, «\u00a0%s\u00a0»\u00a0: le nom du locataire n’est pas celui du ménage de ce bail."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The households of the small folder, and one ledger."""
    target = tmp_path / "petit"
    target.mkdir()
    for name in ("menages.csv", LEDGER):
        shutil.copy(PETIT / name, target)
    return target


def notes(engine: Engine, clock: FixedClock, folder: Path, tenant: str) -> list[str]:
    """Send the folder with this tenant on line 3, the lease of Dragan Ilić, and return what is said of the ledger."""
    text = (PETIT / LEDGER).read_bytes().decode("cp1252").replace("Ilic Dragan", tenant)
    (folder / LEDGER).write_bytes(text.encode("cp1252"))
    with system_ctx(engine, clock) as ctx:
        plan, _created = run_import(ctx, make_programme(ctx), read_folder(folder))
    assert plan.all_refused == []
    (sheet,) = [sheet for sheet in plan.batch.sheets if sheet.name == LEDGER]
    return [str(note) for note in sheet.notes]


@pytest.mark.parametrize(
    ("tenant", "is_noted"),
    [
        ("Ilic Dragan", False),
        ("DRAGAN ILIC", False),
        ("Mme Petrović-Ilić", False),
        ("", False),
        ("Bernard Claude", True),
        ("Ilicot Dragana", True),
    ],
)
def test_another_name_is_noted_with_its_line(
    engine: Engine, clock: FixedClock, folder: Path, tenant: str, is_noted: bool
) -> None:
    tenant = tenant.replace("ć", "c")
    assert notes(engine, clock, folder, tenant) == ([NOTE % tenant] if is_noted else [])
    # The households are known by now, and say the same without their table.
    (folder / "menages.csv").unlink()
    assert notes(engine, clock, folder, tenant) == ([NOTE % tenant] if is_noted else [])


def test_who_held_the_lease_before_is_no_stranger(engine: Engine, clock: FixedClock, folder: Path) -> None:
    with system_ctx(engine, clock) as ctx:
        referred_on, ended_on = ctx.today - timedelta(days=500), ctx.today - timedelta(days=200)
        make_case(
            ctx,
            make_programme(ctx),
            stage=Stage.ENDED,
            referred_on=referred_on,
            ended_on=ended_on,
            lease_number="10002/02",
            family_name="Bernard",
        )
    (folder / "menages.csv").unlink()
    text = (PETIT / LEDGER).read_bytes().decode("cp1252").splitlines()
    (folder / LEDGER).write_bytes("\r\n".join([text[0], text[2], ""]).encode("cp1252"))
    with system_ctx(engine, clock) as ctx:
        plan, _created = run_import(ctx, make_programme(ctx), read_folder(folder))
    assert len(plan.batch.sheets[0].notes) == 1
    with system_ctx(engine, clock) as ctx:
        make_case(ctx, make_programme(ctx), lease_number="10002/02", family_name="Ilić")
    with system_ctx(engine, clock) as ctx:
        plan, _created = run_import(ctx, make_programme(ctx), read_folder(folder))
    assert plan.batch.sheets[0].notes == []


def test_only_the_first_strangers_are_named(engine: Engine, clock: FixedClock, folder: Path) -> None:
    header, *rows = (PETIT / LEDGER).read_bytes().decode("cp1252").splitlines()
    cells = [row.split(";") for row in rows]
    text = "\r\n".join([header, *(";".join([lease, "Inconnu", *rest]) for lease, _tenant, *rest in cells), ""])
    (folder / LEDGER).write_bytes(text.encode("cp1252"))
    with system_ctx(engine, clock) as ctx:
        plan, _created = run_import(ctx, make_programme(ctx), read_folder(folder))
    (sheet,) = [sheet for sheet in plan.batch.sheets if sheet.name == LEDGER]
    told = [str(note) for note in sheet.notes]
    assert len(told) == 6
    assert told[-1] == f"Autres lignes dans ce cas\u00a0: {len(rows) - 5}."
