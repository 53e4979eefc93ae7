"""Keep how long the file of a case is kept.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "case_retentions",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("archived_on", sa.Date(), nullable=True),
        sa.Column("archived_until", sa.Date(), nullable=True),
        sa.Column("archived_by", BIG, nullable=True),
        sa.Column("archive_reason", sa.String(length=20_000), nullable=False),
        sa.Column("anonymised_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "archived_on IS NULL OR archive_reason <> '' OR anonymised_on IS NOT NULL",
            name=op.f("ck_case_retentions_reason"),
        ),
        sa.CheckConstraint(
            "archived_until IS NULL OR archived_until >= archived_on", name=op.f("ck_case_retentions_dates")
        ),
        sa.ForeignKeyConstraint(["archived_by"], ["users.id"], name="fk_case_retentions_archived_by"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_retentions_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_retentions"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("case_retentions")
