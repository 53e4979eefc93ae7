"""Note who opened what of which file.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "reading_log",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reading_log"),
    )
    op.create_index("ix_reading_log_case_id_at", "reading_log", ["case_id", "at"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_reading_log_case_id_at", table_name="reading_log")
    op.drop_table("reading_log")
