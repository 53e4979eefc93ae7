"""Both applications behind the same server, over real HTTP, each with one client that keeps its connection."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from unittest import mock
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import ColumnElement, true

from bench.data import Filled
from bench.floor import create_floor
from bench.households import CLOCK
from casework import create_app
from casework.accounts.models import User
from casework.kernel import row_security
from casework.kernel.access import declare_visibility
from casework.kernel.context import Actor
from casework.kernel.database import Base
from casework.settings import Settings
from tests.factories import session_cookie
from tests.support.keys import KEYS
from tests.support.postgres import APPLICATION

ROOT = Path(__file__).parent.parent
# Below the range from which the system takes ports for outgoing connections.
PORTS = iter(range(23_000 + os.getpid() % 900, 24_000))
SECRET = "a key for measurements only"  # noqa: S105 -- of no use anywhere
START_SECONDS = 30
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def settings(url: str, role: str | None = None) -> Settings:
    """Return the settings of the application over the database at `url`."""
    return Settings(database_url=url, data_dir=ROOT / "var", secret_key=SECRET, keys=KEYS, database_role=role)


def ours() -> Flask:
    """Return the application to measure, under a role that owns nothing; the server calls this."""
    return create_app(settings(os.environ["BENCH_URL"], APPLICATION), CLOCK)


def doorless() -> Flask:
    """Return the same application without door and wall: every row of the programme, whoever asks; as the owner."""
    programme_id = int(os.environ["BENCH_PROGRAMME"])
    mock.patch.object(row_security, "_identify").start()
    for mapper in Base.registry.mappers:
        column = mapper.local_table.c.get("programme_id")
        everything = true() if column is None else column == programme_id
        declare_visibility(mapper.class_, partial(_whoever_asks, everything))
    return create_app(settings(os.environ["BENCH_URL"]), CLOCK)


def _whoever_asks(everything: ColumnElement[bool], _actor: Actor) -> ColumnElement[bool]:
    return everything


def floor() -> Flask:
    """Return the bare application beside it; the server calls this."""
    return create_floor(os.environ["BENCH_URL"], int(os.environ["BENCH_PROGRAMME"]))


class Browser:
    """One client, its connection kept open, signed in or not."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Cookie": cookie} if cookie else {}
        self._given: str | None = None

    def get(self, path: str) -> str:
        """Return a page. Raises RuntimeError when the answer is anything else."""
        return self._send("GET", path, None, 200)

    def post(self, path: str, form: dict[str, str]) -> None:
        """Send a form. Raises RuntimeError when it is not taken."""
        self._send("POST", path, urlencode(form), 302)

    def token(self, path: str) -> str:
        """Return the token that the forms of this browser carry, and keep the cookie that answers for it."""
        found = _TOKEN.search(self.get(path))
        if found is None or self._given is None:
            raise RuntimeError(f"{path} holds no form")
        self._headers["Cookie"] = self._given.partition(";")[0]
        return found[1]

    def _send(self, method: str, path: str, body: str | None, expected: int) -> str:
        headers = self._headers | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        self._given = response.headers["Set-Cookie"]
        if response.status != expected:
            raise RuntimeError(f"{method} {path} answered {response.status}:\n{text[:2000]}")
        return text


def signed_in(filled: Filled, user: User) -> str:
    """Return the cookie of a browser in which `user` is signed in."""
    app = create_app(settings(filled.url), CLOCK)
    cookie = "=".join(session_cookie(app, user))
    app.extensions["casework"].engine.dispose()
    return cookie


@contextlib.contextmanager
def serving(which: str, filled: Filled) -> Iterator[int]:
    """Serve `ours` or `floor` over a filled database, and yield the port."""
    port = next(port for port in PORTS if _is_free(port))
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--keep-alive", "75", "--no-control-socket", "--log-level", "warning"]
    environment = os.environ | {"BENCH_URL": filled.url, "BENCH_PROGRAMME": str(filled.programme_id)}
    server = subprocess.Popen([*command, f"bench.served:{which}()"], cwd=ROOT, env=environment)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _is_free(port: int) -> bool:
    """Tell whether nobody listens there: another measurement would be asked instead of this one."""
    with socket.socket() as attempt:
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.connect()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
