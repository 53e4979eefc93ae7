"""Alembic's entry: one connection, one advisory lock, a short patience for locks."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, text

from casework.kernel.database import BigId, JsonDocument, UtcDateTime, create_engine_for
from casework.kernel.row_security import put_up, take_down
from casework.kernel.vault import EncryptedText
from casework.models import metadata

LOCK = 7_215_001


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, EncryptedText):
        return "sa.Text()"
    if kind == "type" and item is JsonDocument:
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if kind == "type" and item is BigId:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_render,
        compare_type=True,
        transaction_per_migration=False,
    )
    take_down(connection)
    with context.begin_transaction():
        context.run_migrations()
    put_up(connection, metadata)


def run() -> None:
    """Migrate over the connection that the application handed over, or over a new one."""
    handed: Connection | None = context.config.attributes.get("connection")
    if handed is not None:
        _migrate(handed)
        return
    engine = create_engine_for(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.begin() as connection:
        _migrate(connection)


run()
