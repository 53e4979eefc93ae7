"""Commands, run as the shell runs them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from casework import cli


class Ran(NamedTuple):
    """What a command left: its exit status, what it printed, and its complaints."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as the shell does, over the database of the test and a data folder of its own."""
    monkeypatch.setenv("CASEWORK_DATABASE_URL", database_url)
    monkeypatch.setenv("CASEWORK_DATA_DIR", str(tmp_path / "data"))

    def go(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["casework", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return go
