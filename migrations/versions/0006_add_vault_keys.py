"""Note which keys have closed values of this database: their ids, so that a missing one is noticed at the start.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "vault_keys",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_vault_keys"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("vault_keys")
