"""Remember which passwords were chosen by somebody else: their owner chooses another before anything else.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change. Who gave which password before is not known: nobody is asked."""
    is_given = sa.Column("password_is_given", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("users", is_given)
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("users", "password_is_given", server_default=None)


def downgrade() -> None:
    """Undo the change."""
    op.drop_column("users", "password_is_given")
