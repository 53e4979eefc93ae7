from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from casework import cli
from casework.accounts.models import Organisation, User
from casework.accounts.passwords import verify_password
from casework.alerts.models import Alert
from casework.kernel.clock import FixedClock, SystemClock
from casework.kernel.migrate import current_revision, downgrade
from casework.programmes.models import Programme
from tests.factories import make_case, make_programme, system_ctx
from tests.integration.conftest import Run


@pytest.fixture
def programme(engine: Engine) -> Programme:
    """Two cases that the clock of the machine finds long unmet."""
    clock = FixedClock(SystemClock().now())
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        for number in ("T-2", "T-1"):
            make_case(ctx, programme, number=number)
        return programme


def test_a_sweep_prints_its_findings_as_json(run: Run, programme: Programme, engine: Engine) -> None:
    day = SystemClock().today().isoformat()

    status, out, err = run("sweep", "--on", day, "--programme", "F-SEMIS", "--json")

    rows = json.loads(out)
    assert (status, err) == (0, "")
    assert {frozenset(row) for row in rows} == {frozenset({"case", "rule", "due_on", "facts"})}
    assert [row["case"] for row in rows] == sorted(row["case"] for row in rows)
    assert {(row["case"], row["rule"]) for row in rows} >= {("T-1", "VISIT_OVERDUE"), ("T-2", "VISIT_OVERDUE")}
    assert all(row["facts"] for row in rows)
    with Session(engine) as session:
        assert session.scalar(select(func.count(Alert.id)).where(Alert.closed_on.is_(None))) == len(rows)


@pytest.mark.databases("sqlite")
def test_a_sweep_prints_its_findings_for_people(run: Run, programme: Programme) -> None:
    status, out, _err = run("sweep", "--programme", "F-SEMIS")

    assert status == 0
    assert "T-1" in out
    assert "Visite en retard" in out
    assert "alerte(s) le" in out


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("options", [["--json"], []])
def test_an_unknown_programme_is_told_in_one_line_with_status_two(run: Run, options: list[str]) -> None:
    status, out, err = run("sweep", "--programme", "NULLE-PART", *options)

    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "NULLE-PART" in err


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    "arguments", [["sweep"], ["sweep", "--programme", "X", "--on", "30/03/2026"], ["nonsense"], ["sweep", "--no"]]
)
def test_a_command_that_cannot_be_understood_has_status_two(run: Run, arguments: list[str]) -> None:
    status, out, err = run(*arguments)

    assert (status, out) == (2, "")
    assert err


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    status, out, _err = run(command, "--help")

    assert status == 0
    assert "Usage\u00a0:" in out
    assert "Affiche ce message." in out


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("name", "value"),
    [("CASEWORK_DATABASE_URL", "mysql://x/y"), ("CASEWORK_DATABASE_URL", "nonsense"), ("CASEWORK_PORT", "x")],
)
def test_a_wrong_setting_is_told_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    status, out, err = run("sweep", "--programme", "F-SEMIS")

    assert (status, out) == (2, "")
    assert name in err
    assert "Traceback" not in err


def test_a_database_of_another_version_is_refused_and_nothing_done(run: Run, database_url: str, engine: Engine) -> None:
    downgrade(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE somebody_elses (id INTEGER)")

    status, _out, err = run("sweep", "--programme", "F-SEMIS")

    assert status == 2
    assert "casework db upgrade" in err
    assert current_revision(engine) is None


@pytest.mark.databases("sqlite")
def test_an_empty_database_is_given_its_tables(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CASEWORK_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'fresh.sqlite3'}")

    status, _out, err = run("sweep", "--programme", "F-SEMIS")

    assert status == 2
    assert "F-SEMIS" in err
    assert (tmp_path / "new" / "fresh.sqlite3").exists()


def test_the_first_account_is_opened_from_the_command_line(run: Run, engine: Engine) -> None:
    options = ["--email", "Chef@Example.org", "--name", "Dominique Chef", "--organisation", "Exploitation"]

    first = run("user", "create", *options, "--password", "Quatre mots font une phrase")
    again = run("user", "create", *options, "--password", "Quatre mots font une phrase")
    weak = run("user", "create", "--email", "x@example.org", "--name", "X", "--password", "court")

    assert first[0] == 0
    assert (again[0], weak[0]) == (2, 2)
    assert "existe déjà" in again[2]
    assert "caractères" in weak[2]
    with Session(engine) as session:
        assert session.scalars(select(User.email)).all() == ["chef@example.org"]
        assert session.scalars(select(User.role)).all() == ["ADMINISTRATOR"]
        assert session.scalars(select(Organisation.name)).all() == ["Exploitation"]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("REFERENT", "ASSOCIATION"),
        ("LANDLORD_RENT", "LANDLORD"),
        ("FUNDER_READER", "FUNDER"),
        ("COORDINATOR", "OPERATOR"),
    ],
)
def test_an_organisation_that_is_new_is_of_the_side_of_its_first_account(
    run: Run, engine: Engine, role: str, kind: str
) -> None:
    options = ["--email", "a@example.org", "--name", "Alix", "--role", role, "--organisation", "Nouvelle"]

    assert run("user", "create", *options, "--password", "Quatre mots font une phrase")[0] == 0

    with Session(engine) as session:
        assert session.scalars(select(Organisation.kind)).all() == [kind]


def test_a_forgotten_password_is_changed_from_the_command_line(
    run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ["--email", "chef@example.org", "--name", "Dominique Chef", "--password", "Quatre mots font une phrase"]
    run("user", "create", *options)

    def give(email: str, password: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        return run("user", "password", email)

    weak, unknown = give("chef@example.org", "court"), give("nobody@example.org", "Encore quatre mots choisis")
    changed = give("Chef@Example.org", "Encore quatre mots choisis")

    assert (weak[0], unknown[0], changed[0]) == (2, 2, 0)
    assert "caractères" in weak[2]
    assert "nobody@example.org" in unknown[2]
    assert "quatre" not in changed[1] + changed[2]
    with Session(engine) as session:
        stored = session.scalars(select(User.password_hash)).one()
    assert verify_password("Encore quatre mots choisis", stored)


def test_two_processes_that_sweep_at_once_print_the_same_and_leave_each_alert_once(
    database_url: str, engine: Engine, programme: Programme, tmp_path: Path
) -> None:
    environment = {**os.environ, "CASEWORK_DATABASE_URL": database_url, "CASEWORK_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "casework", "sweep", "--programme", "F-SEMIS", "--json"]
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=120) for process in processes]

    assert [process.returncode for process in processes] == [0, 0], answers
    assert answers[0][0] == answers[1][0]
    with Session(engine) as session:
        open_alerts = session.scalar(select(func.count(Alert.id)).where(Alert.closed_on.is_(None)))
    assert open_alerts == len(json.loads(answers[0][0]))
