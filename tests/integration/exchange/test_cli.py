"""`casework import`: what it prints, what it leaves, how it ends."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from casework.alerts.models import Alert
from casework.cases.models import Case
from casework.programmes.models import Programme
from tests.integration.conftest import Ran, Run

PETIT = Path(__file__).parents[2] / "data" / "petit"
Bring = Callable[..., Ran]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def bring(run: Run) -> Bring:
    """The command, over the database of the test."""

    def invoke(folder: Path, *options: str, programme: str = "F-SEMIS") -> Ran:
        return run("import", str(folder), "--programme", programme, *options)

    return invoke


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PETIT, tmp_path / "petit"))


def spoil(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def count(engine: Engine, model: type[Case | Alert | Programme]) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_sound_folder_goes_in(bring: Bring, engine: Engine) -> None:
    done = bring(PETIT)
    assert done.status == 0
    assert "menages.csv (Ménages)\u00a0: lues 9, nouvelles 9, complétées 0" in done.out
    assert "Ménages créés\u00a0: 9" in done.out
    assert count(engine, Case) == 9
    assert count(engine, Alert) > 0


def test_the_outcome_is_told_as_json(bring: Bring) -> None:
    told = json.loads(bring(PETIT, "--json").out)
    assert told["programme"] == "F-SEMIS"
    assert told["files"]["visites.csv"]["new"] == 85
    assert told["refused"] == told["differences"] == []
    assert told["created"]["rent_lines"] == 108
    again = json.loads(bring(PETIT, "--json").out)
    assert again["created"] == {}
    assert again["files"]["visites.csv"]["identical"] == 85


def test_a_dry_run_writes_nothing(bring: Bring, engine: Engine, data_dir: Path, folder: Path) -> None:
    done = bring(folder, "--dry-run")
    assert done.status == 0
    assert "rien n’est écrit" in done.out
    spoil(folder / "visites.csv", b"REALISEE", b"VENU")
    assert bring(folder, "--dry-run").status == 1
    assert bring(folder, "--dry-run", "--strict").status == 2
    assert count(engine, Case) == count(engine, Programme) == 0
    assert not (data_dir / "refus").exists()


def test_refused_rows_are_written_to_be_corrected_and_sent_again(
    bring: Bring, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    spoil(folder / "visites.csv", b";VAD;REALISEE", b";FAX;REALISEE")
    (tmp_path / "refus").mkdir()
    (tmp_path / "refus" / "visites.csv").touch(mode=0o644)  # of before, and open to others
    done = bring(folder, "--json", "--rejects", str(tmp_path / "refus"))
    assert done.status == 1
    (refused,) = json.loads(done.out)["refused"]
    assert (refused["file"], refused["column"], refused["value"]) == ("visites.csv", "type", "FAX")
    assert count(engine, Case) == 9
    rejects = tmp_path / "refus" / "visites.csv"
    assert [path.name for path in rejects.parent.iterdir()] == ["visites.csv"]
    assert rejects.stat().st_mode & 0o777 == 0o600
    spoil(rejects, b";FAX;", b";VAD;")
    sent_again = bring(rejects.parent, "--json")
    assert sent_again.status == 0
    assert json.loads(sent_again.out)["created"] == {"contacts": 1}
    assert json.loads(bring(PETIT, "--json").out)["created"] == {}


def test_by_default_they_are_written_beside_the_data(bring: Bring, folder: Path, data_dir: Path) -> None:
    spoil(folder / "visites.csv", b"REALISEE", b"VENU")
    done = bring(folder)
    assert done.status == 1
    assert "1 ligne refusée, 224 entrées" in done.out
    assert str(next((data_dir / "refus").iterdir())) in done.err


def test_strict_writes_nothing_when_a_row_is_refused(bring: Bring, engine: Engine, folder: Path) -> None:
    spoil(folder / "visites.csv", b"REALISEE", b"VENU")
    done = bring(folder, "--strict")
    assert done.status == 2
    assert "rien n’est entré" in done.out
    assert count(engine, Case) == 0


def test_differences_need_a_word(bring: Bring, folder: Path) -> None:
    bring(folder)
    spoil(folder / "menages.csv", b";468,90;", b";500,00;")
    done = bring(folder)
    assert done.status == 1
    assert "PET-2025-002, loyer\u00a0: 468,90 → 500,00" in done.out
    assert bring(folder, "--replace").status == 0
    assert bring(folder).status == 0


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("quittancement_2026-03.csv", "N° bail;Mois".encode("utf-16"), "UTF-16"),
        ("quittancement_2026-03.csv", b"N bail;Locataire;Mois;Loyer;Charges;APL;Solde\r\n", "Encaissé"),
        ("visites.csv", bytes(range(256)) * 8, "visites.csv"),
        ("divers.csv", b"a;b\r\n1;2\r\n", "pas reconnu"),
        ("vide.csv", b"", "vide"),
    ],
    ids=["utf-16", "missing column", "bytes", "unknown table", "empty"],
)
def test_an_unusable_file_lets_nothing_in(
    bring: Bring, engine: Engine, folder: Path, name: str, data: bytes, words: str
) -> None:
    (folder / name).write_bytes(data)
    done = bring(folder)
    assert done.status == 2
    assert words in done.out
    assert count(engine, Case) == 0


def test_an_unknown_programme_is_told_with_those_that_are_known(bring: Bring, engine: Engine) -> None:
    done = bring(PETIT, programme="F-NULLE-PART")
    assert done.status == 2
    assert "F-NULLE-PART" in done.err
    assert "F-SEMIS" in done.err
    assert json.loads(bring(PETIT, "--json", programme="X").out)["error"].startswith("Le dispositif «")
    assert count(engine, Programme) == 0


def test_a_folder_that_is_not_there_or_empty_is_told(bring: Bring, tmp_path: Path) -> None:
    done = bring(tmp_path / "nulle-part")
    assert done.status == 2
    assert "nulle-part" in done.err
    (tmp_path / "vide").mkdir()
    assert "aucun fichier CSV" in bring(tmp_path / "vide").err
