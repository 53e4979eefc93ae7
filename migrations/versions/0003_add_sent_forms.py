"""Keep the keys of the forms that were sent, so that one that comes twice is kept once.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "sent_forms",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("location", sa.String(length=20_000), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sent_forms"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("sent_forms")
