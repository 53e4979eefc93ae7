"""`casework serve`, as a process of its own."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from casework.kernel.clock import FixedClock
from casework.kernel.migrate import current_revision, downgrade, head_revision
from casework.scheduler.models import JobRun
from tests.factories import make_programme, system_ctx
from tests.support.databases import Databases
from tests.support.postgres import APPLICATION, OWNER

pytestmark = pytest.mark.databases("sqlite")
READY = "Casework est prêt"
PATIENCE = 60.0


@dataclass
class Served:
    """A running `casework serve`."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def text(self) -> str:
        """Return what it has said."""
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        """Wait until it has said so."""
        until = monotonic() + PATIENCE
        while words not in self.text():
            assert self.process.poll() is None, self.text()
            assert monotonic() < until, self.text()
            sleep(0.1)

    def children(self) -> list[int]:
        """Return the ids of its own processes."""
        pid = self.process.pid
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def _free_port() -> int:
    """Return a port below those of outgoing connections."""
    for port in range(21_000 + os.getpid() % 5_000, 32_000):
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


@pytest.fixture
def serve(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start `casework serve` with these options."""
    started: list[Served] = []

    def start(*options: str, port: int | None = None, url: str = database_url) -> Served:
        port = port or _free_port()
        environment = {
            **os.environ,
            "CASEWORK_DATABASE_URL": url,
            "CASEWORK_DATA_DIR": str(tmp_path / "data"),
            "CASEWORK_PORT": str(port),
            "CASEWORK_WORKERS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        log = tmp_path / f"log {len(started)}"
        with log.open("w", encoding="utf-8") as output:
            command = [sys.executable, "-m", "casework", "serve", *options]
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, text=True)
        started.append(Served(process, port, log))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.stop(signal.SIGTERM)


def _get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def test_it_answers_runs_the_jobs_that_were_missed_and_stops_cleanly(
    serve: Callable[..., Served], engine: Engine
) -> None:
    served = serve()
    served.wait_for(f"http://127.0.0.1:{served.port}/")
    served.wait_for("job cleaning")
    answers = [_get(served.port, "/sante"), _get(served.port, "/connexion"), _get(served.port, "/")]
    children = served.children()
    status = served.stop()

    with Session(engine) as session:
        outcomes = session.scalars(select(JobRun.outcome).order_by(JobRun.id)).all()
    assert answers == [200, 200, 302]
    assert outcomes[0] == "dispositifs : 0 ; alertes : 0"
    assert len(children) == 2
    assert status == 0
    assert served.text().rstrip().endswith("Casework est arrêté.")
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    assert "Traceback" not in served.text()


def test_a_busy_port_is_named_in_one_line(serve: Callable[..., Served]) -> None:
    with socket.create_server(("127.0.0.1", _free_port())) as taken:
        port = taken.getsockname()[1]
        served = serve(port=port)

        assert served.process.wait(PATIENCE) == 2
    assert served.text().count("\n") == 1
    assert f"Le port {port} est déjà pris sur 127.0.0.1" in served.text()


def test_a_process_that_dies_stops_the_other_and_is_named(serve: Callable[..., Served]) -> None:
    served = serve()
    served.wait_for("job cleaning")
    application, scheduler = served.children()
    os.kill(scheduler, signal.SIGKILL)

    assert served.process.wait(PATIENCE) == 1
    assert "arrêt inattendu : le planificateur (code -9). Tout est arrêté." in served.text()
    assert not Path(f"/proc/{application}").exists()


def test_the_demonstration_leaves_a_database_that_holds_a_programme_alone(
    serve: Callable[..., Served], engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        make_programme(ctx)
    served = serve("--demo", "--no-scheduler")
    served.wait_for(READY)
    children = served.children()

    assert served.stop(signal.SIGTERM) == 0
    assert len(children) == 1
    assert "démonstration" not in served.text()


def _policies(engine: Engine) -> list[int]:
    """Return the policies of the second wall as the database numbers them: one that is laid anew has another number."""
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT oid::bigint FROM pg_policy ORDER BY 1")))


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("account", [APPLICATION, OWNER])
def test_a_database_that_is_up_to_date_is_left_alone_whoever_serves(
    serve: Callable[..., Served], engine: Engine, databases: Databases, account: str
) -> None:
    before = _policies(engine)
    served = serve("--no-scheduler", url=databases.server.url(engine.url.database or "", account))
    served.wait_for(READY)

    assert served.stop() == 0
    assert "Traceback" not in served.text()
    assert _policies(engine) == before != []


@pytest.mark.databases("postgresql")
def test_an_account_that_may_not_migrate_says_who_does_and_changes_nothing(
    serve: Callable[..., Served], engine: Engine, database_url: str, databases: Databases
) -> None:
    downgrade(database_url, "-1")
    old, before = current_revision(engine), _policies(engine)
    served = serve("--no-scheduler", url=databases.server.url(make_url(database_url).database or "", APPLICATION))

    assert served.process.wait(PATIENCE) == 2
    assert served.text().count("\n") == 1
    assert "«\u00a0casework db upgrade\u00a0» avec le compte propriétaire" in served.text()
    assert (current_revision(engine), _policies(engine)) == (old, before)

    owned = serve("--no-scheduler")
    owned.wait_for(READY)
    assert owned.stop() == 0
    assert current_revision(engine) == head_revision()
