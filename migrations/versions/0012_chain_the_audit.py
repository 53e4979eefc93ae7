"""Chain the traces, and let the logs only grow.

What was traced before is chained as it lies there: from now on no change of it goes unseen. Rules: named constraints;
lock_timeout is set by env.py; a column that takes a value gets it in three steps (add, fill, constrain); downgrade undoes
exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from casework.kernel.audit_chain import ORIGIN, Head, chain_key, linked
from casework.kernel.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
AT_ONCE = 1_000
HASHES = ("content_hash", "chain_hash")
KEPT = ("id", "at", "actor_id", "use_case", "entity", "entity_id", "case_id", "operation", *HASHES)
TRACES = sa.table(
    "audit_events",
    sa.column("id", BIG),
    sa.column("at", UtcDateTime()),
    sa.column("actor_id", BIG),
    sa.column("use_case", sa.String()),
    sa.column("entity", sa.String()),
    sa.column("entity_id", BIG),
    sa.column("case_id", BIG),
    sa.column("operation", sa.String()),
    sa.column("difference", JSON),
    sa.column("reason", sa.String()),
    sa.column("salt", sa.String()),
    sa.column("content_hash", sa.String()),
    sa.column("chain_hash", sa.String()),
)
HEAD = sa.table("audit_head", sa.column("id", BIG), sa.column("sequence", BIG), sa.column("hash", sa.String()))
# The one way in which a row may go: an entry of audit_purges that covers it was written first.
EXPIRED = "EXISTS (SELECT 1 FROM audit_purges p WHERE p.kind = 'EXPIRED' AND p.through_sequence >= OLD.id)"
OLD_READING = "EXISTS (SELECT 1 FROM audit_purges p WHERE p.kind = 'READINGS' AND p.before > OLD.at)"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "audit_head",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("sequence", BIG, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one")),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.create_table(
        "audit_purges",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("through_sequence", BIG, nullable=True),
        sa.Column("through_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_purges"),
    )
    op.add_column("audit_events", sa.Column("reason", sa.String(length=20_000), nullable=True))
    op.add_column("audit_events", sa.Column("salt", sa.String(length=32), nullable=True))
    # SQLite adds a column without NULL only with a constant; every row gets its own value in the same transaction.
    for name in HASHES:
        op.add_column("audit_events", sa.Column(name, sa.String(length=64), server_default="", nullable=False))
    _chain()
    if op.get_bind().dialect.name == "postgresql":
        for name in HASHES:
            op.alter_column("audit_events", name, server_default=None)
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Undo the change."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("audit_events", "reading_log", "audit_purges"):
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            op.execute(f"DROP TRIGGER {table}_not_emptied ON {table}")
        for function in ("audit_events_append_only", "reading_log_append_only", "log_is_append_only"):
            op.execute(f"DROP FUNCTION {function}()")
        # The program numbered the rows itself; the sequence goes on behind them.
        op.execute(
            "SELECT setval(pg_get_serial_sequence('audit_events', 'id'), max(id)) FROM audit_events HAVING max(id) > 0"
        )
    else:
        for table in ("audit_events", "reading_log", "audit_purges"):
            op.execute(f"DROP TRIGGER {table}_not_deleted")
            op.execute(f"DROP TRIGGER {table}_not_changed")
    for name in (*reversed(HASHES), "salt", "reason"):
        op.drop_column("audit_events", name)
    op.drop_table("audit_purges")
    op.drop_table("audit_head")


def _chain() -> None:
    """Chain the traces that are there, in their order; their numbers may have gaps, and keep them."""
    connection, head, last = op.get_bind(), Head(0, ORIGIN), 0
    seals = ("salt", *HASHES)
    update = (
        sa.update(TRACES).where(TRACES.c.id == sa.bindparam("row")).values({name: sa.bindparam(name) for name in seals})
    )
    key = None
    while rows := connection.execute(
        sa.select(TRACES).where(TRACES.c.id > last).order_by(TRACES.c.id).limit(AT_ONCE)
    ).all():
        key = key or chain_key()
        values = []
        for row in rows:
            ((whole,), head) = linked(key, Head(row.id - 1, head.hash), [dict(row._mapping)])
            values.append({"row": row.id, **{name: whole[name] for name in seals}})
        connection.execute(update, values)
        last = rows[-1].id
    connection.execute(sa.insert(HEAD).values(id=1, sequence=head.sequence, hash=head.hash))


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in KEPT)
    purged = (
        "NEW.reason IS NULL AND NEW.salt IS NULL AND EXISTS (SELECT 1 FROM audit_purges p "
        "WHERE p.kind = 'CONTENT' AND p.id = (NEW.difference ->> 'purged')::bigint)"
    )
    for table, allowed in (
        ("audit_events", f"(TG_OP = 'DELETE' AND {EXPIRED}) OR (TG_OP = 'UPDATE' AND {same} AND {purged})"),
        ("reading_log", f"TG_OP = 'DELETE' AND {OLD_READING}"),
    ):
        op.execute(
            f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {allowed} THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF; "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in ("audit_events", "reading_log", "audit_purges"):
        function = "log_is_append_only" if table == "audit_purges" else f"{table}_append_only"
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()"
        )


def _guard_sqlite() -> None:
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in KEPT)
    purged = (
        "NEW.reason IS NULL AND NEW.salt IS NULL AND EXISTS (SELECT 1 FROM audit_purges p "
        "WHERE p.kind = 'CONTENT' AND p.id = json_extract(NEW.difference, '$.purged'))"
    )
    for table, deleted, changed in (
        ("audit_events", EXPIRED, f"{same} AND {purged}"),
        ("reading_log", OLD_READING, "0"),
        ("audit_purges", "0", "0"),
    ):
        for name, event, allowed in (("not_deleted", "DELETE", deleted), ("not_changed", "UPDATE", changed)):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} WHEN NOT ({allowed}) "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
