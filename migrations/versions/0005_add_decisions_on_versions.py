"""Keep who saved a version of a programme, when and why, and the decisions that move a case to another version.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# SQLite adds a column without NULL only with a constant; every row gets its own value in the same transaction.
UNKNOWN = "1970-01-01 00:00:00"


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "programme_versions",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=UNKNOWN, nullable=False),
    )
    op.add_column("programme_versions", sa.Column("created_by_id", BIG, nullable=True))
    op.add_column(
        "programme_versions", sa.Column("reason", sa.String(length=20_000), server_default="", nullable=False)
    )
    op.execute(
        "UPDATE programme_versions SET created_at = "
        "(SELECT created_at FROM programmes WHERE programmes.id = programme_versions.programme_id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("programme_versions", "created_at", server_default=None)
    op.create_table(
        "version_moves",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("from_number", BIG, nullable=False),
        sa.Column("to_number", BIG, nullable=False),
        sa.Column("reason", sa.String(length=20_000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_version_moves_case_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_version_moves_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_version_moves"),
    )
    op.create_index("ix_version_moves_case_id", "version_moves", ["case_id"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_version_moves_case_id", table_name="version_moves")
    op.drop_table("version_moves")
    for column in ("reason", "created_by_id", "created_at"):
        op.drop_column("programme_versions", column)
