"""`casework review`: whole files, or a clear refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from casework.cli import main
from tests.integration.reports.conftest import World
from tests.integration.reports.test_queries import EXPECTED

Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str, world: World) -> Run:
    """Run the command over the database of the test; the result is the exit status."""
    assert world.programme.code == "F-SEMIS"
    monkeypatch.setenv("CASEWORK_DATABASE_URL", database_url)
    monkeypatch.setenv("CASEWORK_DATA_DIR", str(tmp_path / "data"))

    def command(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["casework", "review", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0)

    return command


def test_json_goes_to_the_standard_output(run: Run, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("--programme", "F-SEMIS", "--year", "2025", "--format", "json", "--out", "-") == 0

    document = json.loads(capfdbinary.readouterr().out)
    assert document == {"programme": "F-SEMIS", "year": 2025, "figures": EXPECTED}
    assert list(document["figures"]) == list(EXPECTED)


def test_json_pdf_and_workbook_tell_the_same(run: Run, tmp_path: Path) -> None:
    for form in ("json", "pdf", "xlsx"):
        target = tmp_path / f"bilan.{form}"
        assert run("--programme", "F-SEMIS", "--year", "2025", "--format", form, "--out", str(target)) == 0

    assert json.loads((tmp_path / "bilan.json").read_bytes())["figures"] == EXPECTED
    pages = PdfReader(BytesIO((tmp_path / "bilan.pdf").read_bytes())).pages
    assert "2 ménages ont été suivis en 2025" in " ".join(pages[0].extract_text().split())
    book = load_workbook(tmp_path / "bilan.xlsx")
    told = {row[0]: row[1] for sheet in book for row in sheet.iter_rows(values_only=True, max_col=2) if row[0]}
    assert told["Contacts réalisés"] == EXPECTED["contacts_made"]
    assert sorted(path.name for path in tmp_path.glob("bilan*")) == ["bilan.json", "bilan.pdf", "bilan.xlsx"]


@pytest.mark.parametrize(
    ("programme", "year", "words"),
    [
        ("F-NULLE-PART", "2025", "n’existe pas"),
        ("", "2025", "n’existe pas"),
        ("F-SEMIS", "20255", "n’est pas une année de bilan"),
        ("F-SEMIS", "1066", "n’est pas une année de bilan"),
        ("F-SEMIS", "2099", "n’a pas commencé"),
        ("F-SEMIS", "-1", "n’est pas une année de bilan"),
        ("F-SEMIS", "l’an dernier", "n’est pas une année de bilan"),
        ("F-SEMIS", "٢٠٢٥", "n’est pas une année de bilan"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(
    run: Run, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], programme: str, year: str, words: str
) -> None:
    target = tmp_path / "bilan.pdf"
    target.write_bytes(b"last year's")

    assert run("--programme", programme, "--year", year, "--format", "pdf", "--out", str(target)) == 2

    assert words in capfdbinary.readouterr().err.decode()
    assert target.read_bytes() == b"last year's"


def test_a_folder_that_is_not_there_is_refused(
    run: Run, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run("--programme", "F-SEMIS", "--year", "2025", "--out", str(tmp_path / "nowhere" / "bilan.json")) == 2
    assert "ne peut pas être écrit" in capfdbinary.readouterr().err.decode()
