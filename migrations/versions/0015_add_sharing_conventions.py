"""Keep by what convention the landlord reads which part of a file; programmes in use share what they shared until now.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# What was shared with every landlord before there were conventions. These are the codes of that day.
_SOCIAL = (
    "COMPOSITION",
    "CONTACTS",
    "APPOINTMENTS",
    "NOTES",
    "DIAGNOSTIC",
    "BUDGET",
    "REASSESSMENTS",
    "OBJECTIVES",
)
_UNTIL_NOW = (*((category, "LANDLORD_SOCIAL") for category in _SOCIAL), ("COMPOSITION", "LANDLORD_RENT"))


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "sharing_conventions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("reason", sa.String(length=20_000), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_sharing_conventions_programme_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name="fk_sharing_conventions_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sharing_conventions"),
        sa.UniqueConstraint("programme_id", "number", name="uq_sharing_conventions_programme_id_number"),
    )
    op.create_table(
        "sharing_clauses",
        sa.Column("convention_id", BIG, nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("reader", sa.String(length=32), nullable=False),
        sa.Column("needs_agreement", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["convention_id"], ["sharing_conventions.id"], name="fk_sharing_clauses_convention_id"),
        sa.PrimaryKeyConstraint("convention_id", "category", "reader", name="pk_sharing_clauses"),
    )
    _share_what_was_shared()


def _share_what_was_shared() -> None:
    programmes = sa.table("programmes", sa.column("id"), sa.column("created_at"))
    conventions = sa.table(
        "sharing_conventions",
        *(sa.column(name) for name in ("id", "programme_id", "number", "from_on", "reference", "created_at", "reason")),
    )
    clauses = sa.table(
        "sharing_clauses",
        *(sa.column(name) for name in ("convention_id", "category", "reader")),
        sa.column("needs_agreement", sa.Boolean()),
    )
    opened_on = sa.func.date(programmes.c.created_at)
    first = sa.select(
        programmes.c.id,
        sa.literal_column("1"),
        opened_on,
        sa.literal_column("''"),
        programmes.c.created_at,
        sa.literal_column("''"),
    )
    names = ["programme_id", "number", "from_on", "reference", "created_at", "reason"]
    op.execute(conventions.insert().from_select(names, first))
    for category, reader in _UNTIL_NOW:
        opened = sa.select(
            conventions.c.id, sa.literal_column(f"'{category}'"), sa.literal_column(f"'{reader}'"), sa.false()
        )
        op.execute(clauses.insert().from_select(["convention_id", "category", "reader", "needs_agreement"], opened))


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("sharing_clauses")
    op.drop_table("sharing_conventions")
