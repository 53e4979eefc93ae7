"""Migrations: up, down, and where the database stands."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData

from casework.kernel.database import create_engine_for
from casework.kernel.paths import shipped_folder


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`."""
    engine = create_engine_for(url)
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)
    engine.dispose()


def downgrade(url: str, revision: str = "base") -> None:
    """Bring the database at `url` down to `revision`."""
    engine = create_engine_for(url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)
    engine.dispose()


def make_revision(url: str, message: str, number: str) -> None:
    """Write the next migration from the difference between the tables and the database at `url`."""
    engine = create_engine_for(url)
    with engine.begin() as connection:
        config = _config(connection)
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        command.revision(config, message, autogenerate=True, rev_id=number)
    engine.dispose()


def current_revision(engine: Engine) -> str | None:
    """Return the revision at which the database stands, None when it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """Return the last revision that the application ships."""
    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")).replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head()


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    """Return what separates the database from the tables of the program; empty when they agree."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))
