"""Which keys have closed values of this database: only their ids, so that one that is missing is noticed at the start."""

import logging
from collections.abc import Collection

from sqlalchemy import Engine, delete, insert, inspect, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from casework.kernel.database import Base, code, reading
from casework.kernel.errors import ConfigurationError
from casework.kernel.vault import Vault

logger = logging.getLogger(__name__)


class VaultKey(Base):
    """A key that may have closed values here. It is a fact about the installation, about nobody: it leaves no trace."""

    __tablename__ = "vault_keys"
    __audit__ = "none"

    key_id: Mapped[code] = mapped_column(primary_key=True)


def check_keys(engine: Engine, vault: Vault) -> None:
    """Note the active key of `vault`, and raise ConfigurationError when a key that the database needs is missing.

    A database that cannot be reached, or has no tables yet, is left to those who will ask more of it.
    """
    try:
        with reading(engine).connect() as connection:
            if not inspect(connection).has_table(VaultKey.__tablename__):
                return
            known = frozenset(connection.scalars(select(VaultKey.key_id)))
    except OperationalError:
        logger.warning("the database cannot be asked which keys it needs")
        return
    ring = vault.ring
    missing = known - ring.secrets.keys()
    if missing:
        raise ConfigurationError(
            "La base contient des données chiffrées avec une clé (%(keys)s) qui n’est pas dans le trousseau "
            "(%(origin)s). Rien n’a été changé et rien n’est perdu : remettez le trousseau sauvegardé, puis recommencez.",
            keys=", ".join(sorted(missing)),
            origin=vault.source.name,
        )
    if ring.active not in known:
        note_key(engine, ring.active)


def note_key(engine: Engine, key_id: str) -> None:
    """Note that a key may close values from now on."""
    try:
        with engine.begin() as connection:
            connection.execute(insert(VaultKey), {"key_id": key_id})
    except IntegrityError:  # another process starts at the same time
        return


def forget_keys(engine: Engine, key_ids: Collection[str]) -> None:
    """Note that keys close nothing any more: they may be missing from now on."""
    with engine.begin() as connection:
        connection.execute(delete(VaultKey).where(VaultKey.key_id.in_(key_ids)))
