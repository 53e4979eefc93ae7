"""Migrations: up, down, and where the database stands."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import ProgrammingError

from casework.kernel.database import connect, create_engine_for
from casework.kernel.errors import ConfigurationError
from casework.kernel.paths import shipped_folder

NEWER = "La base vient d’une version plus récente du programme : mettez le programme à jour."
NOT_ALLOWED = (
    "Ce compte n’a pas le droit de mettre la base à jour, et rien n’est changé\u00a0: lancez «\u00a0casework db "
    "upgrade\u00a0» avec le compte propriétaire des tables, puis recommencez."
)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`.

    The second wall is laid anew even when there is nothing to migrate. Raises ConfigurationError when it cannot be
    opened, comes from a newer version of the program, or the account may not change its tables: nothing is changed then.
    """
    with _connected(url) as connection:
        try:
            command.upgrade(_config(connection), revision)
        except ProgrammingError as error:
            if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise ConfigurationError(NOT_ALLOWED) from error
            raise


def downgrade(url: str, revision: str = "base") -> None:
    """Bring the database at `url` down to `revision`.

    Raises ConfigurationError when it cannot be opened, comes from a newer version, or `revision` is none below it.
    """
    with _connected(url) as connection:
        try:
            command.downgrade(_config(connection), revision)
        except CommandError as error:
            raise ConfigurationError(
                "« %(revision)s » n’est pas une révision antérieure à celle de la base.", revision=revision
            ) from error


def make_revision(url: str, message: str, number: str) -> None:
    """Write the next migration from the difference between the tables and the database at `url`.

    Raises ConfigurationError when the database cannot be opened or is not at the last revision.
    """
    with _connected(url) as connection:
        config = _config(connection)
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        try:
            command.revision(config, message, autogenerate=True, rev_id=number)
        except CommandError as error:
            raise ConfigurationError("La migration n’est pas écrite : %(why)s.", why=error) from error


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """Yield a connection to a database that is of this version or of an older one, in a transaction."""
    engine = create_engine_for(url)
    try:
        with connect(engine) as connection, connection.begin():
            if is_newer(MigrationContext.configure(connection).get_current_revision()):
                raise ConfigurationError(NEWER)
            yield connection
    finally:
        engine.dispose()


def is_newer(revision: str | None) -> bool:
    """Tell whether a revision is none of this version of the program."""
    return revision is not None and revision not in {script.revision for script in _scripts().walk_revisions()}


def current_revision(engine: Engine) -> str | None:
    """Return the revision at which the database stands, None when it was never migrated.

    Raises ConfigurationError when it cannot be opened.
    """
    with connect(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """Return the last revision that the application ships."""
    return _scripts().get_current_head()


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    """Return what separates the database from the tables of the program; empty when they agree."""
    with connect(engine) as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))
