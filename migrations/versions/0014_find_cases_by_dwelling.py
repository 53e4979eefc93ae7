"""Find the cases of a dwelling by an index: row-level security asks for them at each address that is read.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_cases_dwelling_id", "cases", ["dwelling_id"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_cases_dwelling_id", "cases")
