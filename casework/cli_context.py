"""The context of a command: the system acts, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine, inspect

from casework.kernel import audit, row_security, vault
from casework.kernel.clock import SystemClock
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import Base, create_engine_for
from casework.kernel.errors import ConfigurationError
from casework.kernel.events import Events
from casework.kernel.key_ledger import check_keys
from casework.kernel.migrate import NEWER, current_revision, head_revision, is_newer, upgrade
from casework.kernel.transaction import writing_context
from casework.kernel.vault import Vault
from casework.settings import Settings

SYSTEM = Actor(None, None, "SYSTEM")


def prepared_engine(settings: Settings) -> Engine:
    """Return an engine on a database that is up to date; an empty database is given its tables.

    Raises ConfigurationError when the database cannot be opened, was made by another version of the program, or needs a
    key that is not in the ring.
    """
    keys = Vault(settings.key_source)
    vault.install(keys)
    engine = create_engine_for(
        settings.database_url, through_pooler=settings.database_pooler, role=settings.database_role
    )
    revision = current_revision(engine)
    if revision is None and not inspect(engine).get_table_names():
        upgrade(settings.database_url)
    elif revision != head_revision():
        engine.dispose()
        old = "La base n’est pas à jour : lancez « casework db upgrade », puis recommencez."
        raise ConfigurationError(NEWER if is_newer(revision) else old)
    try:
        row_security.check(engine, Base.metadata, settings.database_role)
        check_keys(engine, keys)
    except ConfigurationError:
        engine.dispose()
        raise
    audit.install(engine)
    row_security.install(engine)
    return engine


@contextmanager
def command_context(use_case: str, settings: Settings | None = None) -> Iterator[Ctx]:
    """Yield the context of the command `use_case`: the system acts; committed at the end, undone on an error."""
    engine = prepared_engine(settings or Settings.from_environment())
    events = Events()
    # The command line hands down who listens to what: this module may not know the rooms.
    click.get_current_context().find_root().obj(events)
    try:
        with writing_context(engine, SYSTEM, SystemClock(), f"command:{use_case}", events) as ctx:
            yield ctx
    finally:
        engine.dispose()
