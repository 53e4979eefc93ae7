"""What a command cannot do: told in one French line, with a status, without a trace of the program or of half a work."""

from __future__ import annotations

import gettext
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from casework.accounts.models import Organisation, User
from casework.cases.models import Case
from casework.kernel import database
from casework.kernel.clock import FixedClock
from casework.kernel.migrate import current_revision
from casework.programmes.models import Programme
from tests.factories import make_programme, system_ctx
from tests.integration.conftest import Run

PETIT = Path(__file__).parents[2] / "data" / "petit"
PASSWORD = "Quatre mots font une phrase"
ACCOUNT = ("user", "create", "--email", "a@example.org", "--name", "Alix", "--password", PASSWORD)
# Every command that opens the database; `serve` is asked too, on the port of the test.
COMMANDS = (
    ("sweep", "--programme", "F-SEMIS"),
    ("review", "--programme", "F-SEMIS", "--year", "2025"),
    ("import", str(PETIT), "--programme", "F-SEMIS"),
    ACCOUNT,
    ("db", "upgrade"),
    ("db", "downgrade", "base", "--yes"),
    ("demo",),
    ("scheduler",),
    ("serve",),
)
PORT = str(20_000 + os.getpid() % 10_000)


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """Leave the words of click as they were: the command line changes them for its whole process."""
    domain = gettext.textdomain()
    before = os.environ.get("LANGUAGE")
    yield
    gettext.textdomain(domain)
    os.environ.pop("LANGUAGE", None)
    if before is not None:
        os.environ["LANGUAGE"] = before


def told(answer: tuple[int, str, str]) -> str:
    """Return the complaint of a command that ended with status 2 and printed nothing else."""
    status, out, err = answer
    assert (status, out) == (2, ""), answer
    assert "Traceback" not in err
    assert err.startswith("casework\u00a0: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "La commande «\u00a0nonsense\u00a0» n’existe pas."),
        (["sweep"], "Il manque l’option '--programme'."),
        (["import"], "Il manque l’argument 'FOLDER'."),
        (["sweep", "--programe", "X"], "L’option «\u00a0--programe\u00a0» n’existe pas. Était-ce '--programme'"),
        (["sweep", "--programme"], "L’option «\u00a0--programme\u00a0» attend une valeur."),
        (["sweep", "--json=1"], "L’option «\u00a0--json\u00a0» ne prend pas de valeur."),
        (["sweep", "--programme", "X", "--on", "2026-02-31"], "«\u00a02026-02-31\u00a0» n’est pas une date qui existe"),
        (["review", "--programme", "X", "--year", "2025", "--format", "doc"], "«\u00a0doc\u00a0» n’est pas l’un de"),
        (["db", "upgrade", "extra"], "Cet argument est de trop\u00a0: extra"),
    ],
)
def test_what_is_not_understood_is_told_in_french(run: Run, arguments: list[str], words: str) -> None:
    status, out, err = run(*arguments)

    assert (status, out) == (2, "")
    assert words in err
    assert not [word for word in ("Error", "Usage:", "Try ", "Missing", "Invalid", "No such") if word in err]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("kind", ["garbage", "folder", "server"])
def test_a_database_that_cannot_be_opened_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, command: tuple[str, ...]
) -> None:
    garbage, folder = tmp_path / "garbage.sqlite3", tmp_path / "folder"
    garbage.write_bytes(bytes(range(256)) * 20)
    folder.mkdir()
    urls = {
        "garbage": f"sqlite:///{garbage}",
        "folder": f"sqlite:///{folder}",
        "server": "postgresql://x:word@127.0.0.1:1/y",
    }
    monkeypatch.setenv("CASEWORK_DATABASE_URL", urls[kind])
    monkeypatch.setenv("CASEWORK_PORT", PORT)

    complaint = told(run(*command))

    assert "La base ne peut pas être ouverte" in complaint
    assert "CASEWORK_DATABASE_URL" in complaint
    assert "word" not in complaint
    assert garbage.read_bytes() == bytes(range(256)) * 20


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_of_a_newer_version_is_left_alone(
    run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("CASEWORK_PORT", PORT)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    assert "version plus récente du programme" in told(run(*command))

    assert current_revision(engine) == "9999"
    with Session(engine) as session:
        assert session.scalar(select(func.count(User.id))) == session.scalar(select(func.count(Programme.id))) == 0


@pytest.mark.databases("sqlite")
def test_a_revision_that_is_none_is_told_and_nothing_undone(
    run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    before = current_revision(engine)

    assert "n’est pas une révision antérieure" in told(run("db", "downgrade", "xyz", "--yes"))
    assert run("db", "downgrade", "base")[0] == 1  # nobody answers the question

    assert current_revision(engine) == before


@pytest.mark.databases("sqlite")
def test_a_database_that_is_busy_for_too_long_is_told(
    run: Run, engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_programme(ctx)
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)

    with engine.begin():
        complaint = told(run("sweep", "--programme", "F-SEMIS"))

    assert "rien n’est enregistré" in complaint


@pytest.mark.databases("sqlite")
def test_a_data_folder_that_cannot_be_one_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CASEWORK_DATA_DIR", str(tmp_path / "file"))
    assert "ce n’est pas un dossier" in told(run("sweep", "--programme", "F-SEMIS"))

    monkeypatch.setenv("CASEWORK_SECRET_KEY", "given")
    monkeypatch.delenv("CASEWORK_DATABASE_URL")
    assert "ne peut pas être créé" in told(run("sweep", "--programme", "F-SEMIS"))


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kept", [b"", b" \n", b"\xff\xfe"])
def test_a_secret_key_that_is_none_is_told(run: Run, tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret_key").write_bytes(kept)

    assert "est vide ou abîmée" in told(run("sweep", "--programme", "F-SEMIS"))


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(("on", "words"), [("0001-01-01", "1900"), ("9999-12-31", "2100")])
def test_a_day_out_of_all_reason_is_told(run: Run, engine: Engine, clock: FixedClock, on: str, words: str) -> None:
    with system_ctx(engine, clock) as ctx:
        make_programme(ctx)

    assert words in told(run("sweep", "--programme", "F-SEMIS", "--on", on))


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("", "n’est pas un nom de fichier"),
        ("/", "n’est pas un nom de fichier"),
        ("{}", "c’est un dossier"),
        ("{}/nowhere/x", "ce chemin n’existe pas"),
        ("{}/" + "x" * 300, "ce nom est trop long"),
    ],
)
def test_a_review_that_cannot_be_written_is_told_and_leaves_nothing(
    run: Run, engine: Engine, clock: FixedClock, tmp_path: Path, out: str, words: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_programme(ctx)
    folder = tmp_path / "bilans"
    folder.mkdir()

    complaint = told(run("review", "--programme", "F-SEMIS", "--year", "2025", "--out", out.format(folder)))

    assert words in complaint
    assert list(folder.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.databases("sqlite")
def test_a_full_disk_behind_the_output_is_told(
    database_url: str, engine: Engine, clock: FixedClock, tmp_path: Path
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_programme(ctx)
    environment = {**os.environ, "CASEWORK_DATABASE_URL": database_url, "CASEWORK_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "casework", "sweep", "--programme", "F-SEMIS", "--json"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == "casework\u00a0: l’entrée ou la sortie n’est pas utilisable\u00a0: le disque est plein.\n"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--email": "nope"}, "nom@exemple.fr"),
        ({"--email": "a@example.org" + "x" * 300}, "200"),
        ({"--name": " \u200b "}, "--name"),
        ({"--name": "x" * 201}, "200"),
        ({"--organisation": "\x07"}, "--organisation"),
        ({"--password": "court"}, "au moins 12"),
        ({"--password": "Aa1!" * 300}, "au plus 1024"),
    ],
)
def test_an_account_that_cannot_be_one_is_told_and_not_opened(
    run: Run, engine: Engine, changed: dict[str, str], words: str
) -> None:
    options = {"--email": "a@example.org", "--name": "Alix", "--password": PASSWORD} | changed

    assert words in told(run("user", "create", *[word for option in options.items() for word in option]))

    with Session(engine) as session:
        assert session.scalar(select(func.count(User.id))) == session.scalar(select(func.count(Organisation.id))) == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small folder, with a row that is refused."""
    folder = Path(shutil.copytree(PETIT, tmp_path / "petit"))
    visits = folder / "visites.csv"
    visits.write_bytes(visits.read_bytes().replace(b"REALISEE", b"VENU", 1))
    return folder


def _cases(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count(Case.id))) or 0


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("rejects", ["file", "file/below"])
def test_refused_rows_that_have_no_place_stop_the_import_before_it_starts(
    run: Run, engine: Engine, folder: Path, tmp_path: Path, rejects: str
) -> None:
    (tmp_path / "file").touch()
    options = ["--programme", "F-SEMIS", "--rejects", str(tmp_path / rejects)]

    assert "rien n’est entré" in told(run("import", str(folder), *options))
    status, out, err = run("import", str(folder), *options, "--json")

    assert (status, err) == (2, "")
    assert "n’est pas un dossier" in json.loads(out)["error"]
    assert _cases(engine) == 0


@pytest.mark.databases("sqlite")
def test_refused_rows_that_cannot_be_written_are_told_beside_what_went_in(
    run: Run, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "rejects" / "visites.csv").mkdir(parents=True)

    status, out, err = run("import", str(folder), "--programme", "F-SEMIS", "--rejects", str(tmp_path / "rejects"))

    assert status == 1
    assert "1 ligne refusée" in out
    assert "c’est un dossier. Ce qui est entré le reste" in err
    assert "Traceback" not in err
    assert _cases(engine) == 9


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", ["folder", "dangling"])
def test_what_is_called_a_table_and_is_no_file_lets_nothing_in(
    run: Run, engine: Engine, folder: Path, kind: str
) -> None:
    strange = folder / "zz.csv"
    if kind == "folder":
        strange.mkdir()
    else:
        strange.symlink_to(folder / "nowhere")

    complaint = told(run("import", str(folder), "--programme", "F-SEMIS"))

    assert "zz.csv" in complaint
    assert "Rien n’est entré" in complaint
    assert _cases(engine) == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("menages.csv", b"PET-2025-002;", b"PET-2024-001;", "Ce numéro de dossier est déjà à la ligne 2."),
        ("menages.csv", b";18/11/2025;", b";18/11/2023;", "La fin prévue ne suit pas le contrat."),
        ("menages.csv", b";04/11/2025;", b";04/11/2022;", "La sortie précède l’orientation."),
        ("menages.csv", b";420,15;", b";42O,15;", "Ce n’est pas un montant"),
        ("menages.csv", b";29/02/1984;", b";29/02/1985;", "Cette date n’existe pas au calendrier."),
        ("menages.csv", b";29/02/1984;", b";29/02/0984;", "L’année 0984 est impossible."),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_alone(
    run: Run, engine: Engine, tmp_path: Path, name: str, old: bytes, new: bytes, words: str
) -> None:
    folder = Path(shutil.copytree(PETIT, tmp_path / "petit"))
    data = (folder / name).read_bytes()
    assert old in data
    (folder / name).write_bytes(data.replace(old, new, 1))

    status, out, err = run("import", str(folder), "--programme", "F-SEMIS")

    assert status == 1
    assert words in out
    assert "Traceback" not in err
    assert _cases(engine) == 8
