"""Keep secret addresses, sensitive notes, broken glasses and consents, and let no address come back while it is secret.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# SQLite takes a check only together with a new column: the same words serve both databases.
SEALED = {
    "dwellings": "NOT is_protected OR (address = '' AND district = '')",
    "persons": "NOT is_protected OR phone IS NULL",
}


def upgrade() -> None:
    """Apply the change."""
    for table, check in SEALED.items():
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN is_protected BOOLEAN DEFAULT false NOT NULL "
            f"CONSTRAINT ck_{table}_protected CHECK ({check})"
        )
    _add_protections()
    _add_notes()
    _add_glass()
    _add_consents()


def _add_protections() -> None:
    op.create_table(
        "address_protections",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("phones", sa.Text(), nullable=False),
        sa.Column("safe_contact", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("lifted_by", BIG, nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_address_protections_dates")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_address_protections_case_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_address_protections_author_id"),
        sa.ForeignKeyConstraint(["lifted_by"], ["users.id"], name="fk_address_protections_lifted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_address_protections"),
    )
    op.create_index("ix_address_protections_case_id", "address_protections", ["case_id"])
    op.create_index(
        "uq_address_protections_case_id_held",
        "address_protections",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("to_on IS NULL"),
        postgresql_where=sa.text("to_on IS NULL"),
    )


def _add_notes() -> None:
    op.create_table(
        "sensitive_notes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("began", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text(), nullable=False),
        sa.Column("spip_contact", sa.Text(), nullable=False),
        sa.CheckConstraint("level IN ('S2', 'S3')", name=op.f("ck_sensitive_notes_level")),
        sa.CheckConstraint("(topic = 'DETENTION') = (level = 'S3')", name=op.f("ck_sensitive_notes_topic")),
        sa.CheckConstraint("topic <> 'DETENTION' OR note = ''", name=op.f("ck_sensitive_notes_no_offence")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_sensitive_notes_case_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_sensitive_notes_author_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_sensitive_notes_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sensitive_notes"),
    )
    op.create_index("ix_sensitive_notes_case_id", "sensitive_notes", ["case_id"])


def _add_glass() -> None:
    op.create_table(
        "glass_breaks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("motive", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("until_at >= opened_at", name=op.f("ck_glass_breaks_dates")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_glass_breaks_case_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_glass_breaks_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_glass_breaks"),
    )
    op.create_index("ix_glass_breaks_case_id", "glass_breaks", ["case_id"])
    op.create_index("ix_glass_breaks_user_id_until_at", "glass_breaks", ["user_id", "until_at"])


def _add_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("text_version", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_noted_by", BIG, nullable=True),
        sa.CheckConstraint("withdrawn_on IS NULL OR withdrawn_on >= given_on", name=op.f("ck_consents_dates")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_consents_case_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_consents_author_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_consents_person_id"),
        sa.ForeignKeyConstraint(["withdrawal_noted_by"], ["users.id"], name="fk_consents_withdrawal_noted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_case_id", "consents", ["case_id"])


def downgrade() -> None:
    """Undo the change; what was secret is lost with it."""
    for table in ("consents", "glass_breaks", "sensitive_notes", "address_protections"):
        op.drop_table(table)
    for table in reversed(SEALED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN is_protected")
