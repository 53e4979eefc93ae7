"""`casework simulate`: what it prints, what it refuses, its exit status."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from casework import cli
from casework.cases.models import Case

Run = Callable[..., tuple[int, str, str]]
PERIOD = ("--from", "2024-01-01", "--to", "2024-12-31")


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `casework simulate` as the shell does; return its exit status, what it printed, and its complaints."""
    monkeypatch.setenv("CASEWORK_DATABASE_URL", database_url)
    monkeypatch.setenv("CASEWORK_DATA_DIR", str(tmp_path / "data"))

    def go(code: str, households: int, *options: str) -> tuple[int, str, str]:
        arguments = ["--programme", code, "--households", str(households), *(options or PERIOD)]
        monkeypatch.setattr(sys, "argv", ["casework", "simulate", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return go


def test_what_was_made_is_told_in_words_and_as_json(run: Run) -> None:
    words = run("F-SEMIS", 3)
    told = run("F-SEMIS", 2, *PERIOD, "--seed", "4", "--json")

    assert (words[0], words[2]) == (0, "")
    assert "3 ménages orientés" in words[1]
    assert json.loads(told[1])["households"] == 2


def test_a_sound_history_prints_no_violation(run: Run) -> None:
    status, out, err = run("3.2.4", 4, *PERIOD, "--check", "--json")

    assert (status, err) == (0, "")
    assert json.loads(out) == {"violations": []}


def test_what_is_broken_is_printed_and_the_status_says_so(run: Run, engine: Engine) -> None:
    run("3.2.4", 4)
    with engine.begin() as connection:
        connection.execute(text("UPDATE contracts SET association_signatory = ''"))

    status, out, _err = run("3.2.4", 0, *PERIOD, "--check", "--json")
    words = run("3.2.4", 0, *PERIOD, "--check")

    found = json.loads(out)["violations"]
    assert status == 1
    assert {violation["rule"] for violation in found} == {"party_missing"}
    assert {frozenset(violation) for violation in found} == {frozenset({"rule", "case", "date", "says", "found"})}
    assert "il manque l’association" in words[1]
    with Session(engine) as session:
        assert session.scalar(select(func.count(Case.id))) == 4


def test_more_households_than_the_programme_has_room_for_are_told(run: Run) -> None:
    status, out, err = run("3.4.2", 5)

    assert status == 0
    assert "2 ménages orientés" in out
    assert "5 ménages demandés, 2 simulés" in err


def test_an_unknown_programme_and_days_upside_down_are_refused(run: Run) -> None:
    unknown = run("X-1", 2)
    upside_down = run("F-SEMIS", 2, "--from", "2024-12-31", "--to", "2024-01-01")
    nothing_to_check = run("X-1", 0, *PERIOD, "--check")

    assert (unknown[0], upside_down[0], nothing_to_check[0]) == (2, 2, 2)
    assert "n’existe pas" in unknown[2]
    assert "avant de commencer" in upside_down[2]
    assert "n’existe pas" in nothing_to_check[2]
