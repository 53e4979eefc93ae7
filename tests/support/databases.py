"""Fresh, migrated databases for tests: a copy of a template costs milliseconds where migrations cost seconds."""

from __future__ import annotations

import itertools
import shutil
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from sqlalchemy.engine import make_url

from casework.kernel.database import create_engine_for
from casework.kernel.migrate import upgrade
from casework.kernel.row_security import grant
from tests.support.postgres import APPLICATION, PostgresServer

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
KINDS = (SQLITE, POSTGRESQL)

_TEMPLATE = "casework_template"


class Databases:
    """Makes databases of both kinds; each server and template is made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._resources = ExitStack()
        self._server: PostgresServer | None = None
        self._templates: set[str] = set()

    def __enter__(self) -> Databases:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    @property
    def server(self) -> PostgresServer:
        """The PostgreSQL server of this test process."""
        if self._server is None:
            self._server = self._resources.enter_context(PostgresServer())
        return self._server

    def create(self, kind: str, *, migrated: bool = True) -> str:
        """Make a database of `kind`, with every migration applied or empty, and return its address."""
        if migrated:
            self._prepare_template(kind)
        name = f"casework_{next(self._numbers)}"
        if kind == POSTGRESQL:
            return self.server.create_database(name, _TEMPLATE if migrated else "template1")
        path = self._sqlite_path(name)
        if migrated:
            shutil.copyfile(self._sqlite_path(_TEMPLATE), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Remove a database that `create` made."""
        if url.startswith(SQLITE):
            for path in self._folder.glob(f"{Path(url).name}*"):
                path.unlink()
        else:
            self.server.drop_database(make_url(url).database or "")

    def _prepare_template(self, kind: str) -> None:
        if kind in self._templates:
            return
        if kind == POSTGRESQL:
            url = self.server.create_database(_TEMPLATE)
            upgrade(url)
            engine = create_engine_for(url)
            with engine.begin() as connection:
                grant(connection, APPLICATION)
            engine.dispose()
        else:
            upgrade(f"sqlite:///{self._sqlite_path(_TEMPLATE)}")
            leftovers = [path.name for path in self._folder.glob(f"{_TEMPLATE}.sqlite3-*")]
            if leftovers:
                raise RuntimeError(f"the migration left its connection open, so the template is not whole: {leftovers}")
        self._templates.add(kind)

    def _sqlite_path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"
