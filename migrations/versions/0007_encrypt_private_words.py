"""Encrypt what only the association reads, where it stands and where the audit repeated it.

The words in the audit are replaced by their fingerprint for good: the way down opens the columns, not those. What
PostgreSQL keeps of rows that are gone leaves its files with « VACUUM FULL », SQLite overwrites it at once.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from casework.kernel.vault import Vault, installed

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PLACES = (("contacts", "private_note"), ("diagnostics", "social_part"), ("reassessments", "private_note"))
AT_ONCE = 500
HIDDEN = re.compile(r"\*\*\* [0-9a-f]{16}")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
AUDIT = sa.table("audit_events", sa.column("id"), sa.column("entity"), sa.column("difference", JSON))


def upgrade() -> None:
    """Apply the change."""
    changed = 0
    for table, name in PLACES:
        _retype(table, name, sa.Text())
        changed += _rewrite(table, name, lambda vault, place, text: vault.encrypt(place, text))
        changed += _hide_in_audit(table, name)
    if changed:
        op.bulk_insert(sa.table("vault_keys", sa.column("key_id")), [{"key_id": installed().ring.active}])


def downgrade() -> None:
    """Undo the change."""
    for table, name in PLACES:
        _rewrite(table, name, lambda vault, place, value: vault.decrypt(place, value))
        _retype(table, name, sa.String(length=20_000))


def _retype(table: str, name: str, kind: sa.types.TypeEngine[str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, name, type_=kind, existing_nullable=False)
        return
    # SQLite would copy the whole table and lose its checks; a column of its own takes the place of the old one.
    written = kind.compile(op.get_bind().dialect)
    op.execute(f"ALTER TABLE {table} ADD COLUMN {name}_next {written} DEFAULT '' NOT NULL")
    rows = sa.table(table, sa.column(name), sa.column(f"{name}_next"))
    op.execute(sa.update(rows).values({f"{name}_next": rows.c[name]}).where(rows.c[name] != ""))
    op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {name}_next TO {name}")


def _rewrite(table: str, name: str, change: Callable[[Vault, str, str], str]) -> int:
    rows = sa.table(table, sa.column("id"), sa.column(name, sa.Text()))
    words, done, place = rows.c[name], 0, f"{table}.{name}"
    update = sa.update(rows).where(rows.c.id == sa.bindparam("row")).values({name: sa.bindparam("value")})
    for batch in _batches(sa.select(rows.c.id, words).where(words != ""), rows.c.id):
        values = [{"row": row[0], "value": change(installed(), place, row[1])} for row in batch]
        op.get_bind().execute(update, values)
        done += len(values)
    return done


def _hide_in_audit(table: str, name: str) -> int:
    update = (
        sa.update(AUDIT).where(AUDIT.c.id == sa.bindparam("row")).values(difference=sa.bindparam("value", type_=JSON))
    )
    found = sa.select(AUDIT.c.id, AUDIT.c.difference).where(AUDIT.c.entity == table)
    done, place = 0, f"{table}.{name}"
    for batch in _batches(found, AUDIT.c.id):
        values = [
            {"row": row[0], "value": row[1] | {name: [_hidden(place, words) for words in row[1][name]]}}
            for row in batch
            if any(row[1].get(name) or ())
        ]
        if values:
            op.get_bind().execute(update, values)
        done += len(values)
    return done


def _hidden(place: str, words: str | None) -> str | None:
    if not words or HIDDEN.fullmatch(words):  # hidden already by an earlier way up
        return words
    return f"*** {installed().fingerprint(place, words)}"


def _batches(
    found: sa.Select[tuple[int, object]], key: sa.ColumnElement[int]
) -> Iterator[Sequence[sa.Row[tuple[int, object]]]]:
    last = 0
    while batch := op.get_bind().execute(found.where(key > last).order_by(key).limit(AT_ONCE)).all():
        yield batch
        last = batch[-1][0]
