"""Keep the motive of a contract that is longer than its programme allows.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("contracts", sa.Column("derogation", sa.String(length=20_000), server_default="", nullable=False))


def downgrade() -> None:
    """Undo the change."""
    with op.batch_alter_table("contracts") as table:
        table.drop_column("derogation")
