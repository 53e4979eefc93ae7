"""Name a rent line by its account and month: no number of its own, and one index the less.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ["account_id", "month"]


def upgrade() -> None:
    """Apply the change."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint("pk_rent_lines", "rent_lines")
        op.drop_constraint("uq_rent_lines_account_id_month", "rent_lines")
        op.create_primary_key("pk_rent_lines", "rent_lines", KEY)
        op.drop_column("rent_lines", "id")
        return
    _make_again([], sa.PrimaryKeyConstraint(*KEY, name="pk_rent_lines"), with_rowid=False)


def downgrade() -> None:
    """Undo the change."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint("pk_rent_lines", "rent_lines")
        op.execute("ALTER TABLE rent_lines ADD COLUMN id BIGSERIAL NOT NULL CONSTRAINT pk_rent_lines PRIMARY KEY")
        op.create_unique_constraint("uq_rent_lines_account_id_month", "rent_lines", KEY)
        return
    _make_again(
        [sa.Column("id", BIG, nullable=False)],
        sa.PrimaryKeyConstraint("id", name="pk_rent_lines"),
        sa.UniqueConstraint(*KEY, name="uq_rent_lines_account_id_month"),
        with_rowid=True,
    )


def _make_again(first: list[sa.Column[int]], *constraints: sa.Constraint, with_rowid: bool) -> None:
    """Give the table of SQLite, which cannot change its key, another one with the same lines."""
    amounts = ("rent_cents", "charges_cents", "benefit_cents", "paid_cents", "balance_cents")
    op.rename_table("rent_lines", "former_rent_lines")
    made = op.create_table(
        "rent_lines",
        *first,
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in amounts),
        sa.Column("tenant_name", sa.String(length=200), nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["rent_accounts.id"], name="fk_rent_lines_account_id"),
        *constraints,
        sqlite_with_rowid=with_rowid,
    )
    kept = [*KEY, *amounts, "tenant_name", "import_id"]
    former = sa.table("former_rent_lines", *map(sa.column, kept))
    op.execute(made.insert().from_select(kept, sa.select(former).order_by(*(former.c[name] for name in KEY))))
    op.drop_table("former_rent_lines")
