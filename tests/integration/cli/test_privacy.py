"""`casework privacy`: a copy, the register and the impact assessment from the shell."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock, SystemClock
from tests.factories import make_case, make_programme, system_ctx
from tests.integration.conftest import Run

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture(autouse=True)
def case(engine: Engine) -> None:
    with system_ctx(engine, FixedClock(SystemClock().now())) as ctx:
        make_case(ctx, make_programme(ctx), number="Z-1")


def test_a_copy_is_written_and_leaves_a_trace(run: Run, tmp_path: Path, engine: Engine) -> None:
    out = tmp_path / "copie.zip"

    status, printed, told = run("privacy", "export", "Z-1", "--out", str(out))

    assert (status, printed) == (0, "")
    assert "Relisez la copie" in told
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["dossier.pdf", "donnees.json"]
    with Session(engine) as session:
        traces = select(AuditEvent.entity).where(AuditEvent.operation == "export")
        assert session.scalars(traces).all() == ["cases"]


def test_an_unknown_number_and_a_place_that_takes_nothing_are_told(run: Run, tmp_path: Path) -> None:
    for number, out, words in (
        ("Z-2", "copie.zip", "n’existe pas dans cette base"),
        ("Z-1", "nowhere/copie.zip", "ne peut pas être écrit"),
    ):
        status, _out, told = run("privacy", "export", number, "--out", str(tmp_path / out))
        assert status == 2
        assert words in told


@pytest.mark.parametrize(("command", "title"), [("register", "Registre des traitements"), ("dpia", "Analyse d’impact")])
def test_the_papers_are_printed_or_written(run: Run, tmp_path: Path, command: str, title: str) -> None:
    status, printed, _told = run("privacy", command)
    assert status == 0
    assert printed.startswith(f"# {title}")

    out = tmp_path / "paper.pdf"
    assert run("privacy", command, "--out", str(out))[0] == 0
    assert out.read_bytes().startswith(b"%PDF")
