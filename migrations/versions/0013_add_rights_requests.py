"""Keep what people asked of their data, the answer, and the day on which it was due.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "rights_requests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", BIG, nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= received_on", name=op.f("ck_rights_requests_dates")),
        sa.CheckConstraint("(decision IS NULL) = (answered_on IS NULL)", name=op.f("ck_rights_requests_decision")),
        sa.CheckConstraint("lifted_on IS NULL OR lifted_on >= answered_on", name=op.f("ck_rights_requests_lifted")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_rights_requests_case_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_rights_requests_author_id"),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name="fk_rights_requests_answered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_rights_requests"),
    )
    op.create_index("ix_rights_requests_case_id", "rights_requests", ["case_id"])


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("rights_requests")
