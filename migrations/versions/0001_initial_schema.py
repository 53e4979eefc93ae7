"""The schema of the first delivery.

Rules: one change of shape each; named constraints; lock_timeout is set by env.py; a column that takes a value gets
it in three steps (add, fill, constrain); downgrade undoes exactly what upgrade did.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "audit_events",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", BIG, nullable=True),
        sa.Column("use_case", sa.String(length=200), nullable=False),
        sa.Column("entity", sa.String(length=200), nullable=False),
        sa.Column("entity_id", BIG, nullable=True),
        sa.Column("case_id", BIG, nullable=True),
        sa.Column("operation", sa.String(length=32), nullable=False),
        sa.Column("difference", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_events"),
    )
    op.create_index("ix_audit_events_case_id", "audit_events", ["case_id"], unique=False)
    op.create_index("ix_audit_events_entity_entity_id", "audit_events", ["entity", "entity_id"], unique=False)
    op.create_table(
        "dwellings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=200), nullable=False),
        sa.Column("typology", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dwellings"),
    )
    op.create_table(
        "households",
        sa.Column("id", BIG, nullable=False),
        sa.Column("adults", BIG, nullable=False),
        sa.Column("children", BIG, nullable=False),
        sa.Column("composition", sa.String(length=32), nullable=False),
        sa.Column("people_entered", sa.Boolean(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.CheckConstraint("adults >= 0 AND children >= 0", name="ck_households_numbers"),
        sa.PrimaryKeyConstraint("id", name="pk_households"),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", BIG, nullable=False),
        sa.Column("job", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=True),
        sa.Column("attempts", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_runs"),
        sa.UniqueConstraint("job", "slot", name="uq_job_runs_job_slot"),
    )
    op.create_table(
        "organisations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("name", name="uq_organisations_name"),
    )
    op.create_table(
        "persons",
        sa.Column("id", BIG, nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("civility", sa.String(length=32), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_subject_at", "sign_in_failures", ["subject", "at"], unique=False)
    op.create_table(
        "household_members",
        sa.Column("id", BIG, nullable=False),
        sa.Column("household_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("link", sa.String(length=32), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("to_on IS NULL OR from_on IS NULL OR to_on >= from_on", name="ck_household_members_dates"),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name="fk_household_members_household_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_household_members_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_household_members"),
    )
    op.create_index("ix_household_members_household_id", "household_members", ["household_id"], unique=False)
    op.create_index("ix_household_members_person_id", "household_members", ["person_id"], unique=False)
    op.create_table(
        "programmes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("landlord_id", BIG, nullable=False),
        sa.Column("operator_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["landlord_id"], ["organisations.id"], name="fk_programmes_landlord_id"),
        sa.ForeignKeyConstraint(["operator_id"], ["organisations.id"], name="fk_programmes_operator_id"),
        sa.PrimaryKeyConstraint("id", name="pk_programmes"),
        sa.UniqueConstraint("code", name="uq_programmes_code"),
    )
    op.create_table(
        "rent_accounts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("landlord_id", BIG, nullable=False),
        sa.Column("lease_number", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["landlord_id"], ["organisations.id"], name="fk_rent_accounts_landlord_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rent_accounts"),
        sa.UniqueConstraint("landlord_id", "lease_number", name="uq_rent_accounts_landlord_id_lease_number"),
    )
    op.create_table(
        "users",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=False),
        sa.Column("text_size", sa.String(length=32), nullable=False),
        sa.Column("hints_seen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_users_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.UniqueConstraint("organisation_id", "handle", name="uq_users_organisation_id_handle"),
    )
    op.create_table(
        "imports",
        sa.Column("id", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_imports_programme_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_imports_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    op.create_table(
        "programme_members",
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_programme_members_programme_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_programme_members_user_id"),
        sa.PrimaryKeyConstraint("programme_id", "user_id", name="pk_programme_members"),
    )
    op.create_index("ix_programme_members_user_id", "programme_members", ["user_id"], unique=False)
    op.create_table(
        "programme_versions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("definition", DOCUMENT, nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_programme_versions_programme_id"),
        sa.PrimaryKeyConstraint("id", name="pk_programme_versions"),
        sa.UniqueConstraint("programme_id", "number", name="uq_programme_versions_programme_id_number"),
    )
    op.create_table(
        "rent_lines",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("rent_cents", BIG, nullable=False),
        sa.Column("charges_cents", BIG, nullable=False),
        sa.Column("benefit_cents", BIG, nullable=False),
        sa.Column("paid_cents", BIG, nullable=False),
        sa.Column("balance_cents", BIG, nullable=False),
        sa.Column("tenant_name", sa.String(length=200), nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["rent_accounts.id"], name="fk_rent_lines_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rent_lines"),
        sa.UniqueConstraint("account_id", "month", name="uq_rent_lines_account_id_month"),
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sign_in_sessions_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_sessions_token_hash"),
    )
    op.create_index("ix_sign_in_sessions_user_id", "sign_in_sessions", ["user_id"], unique=False)
    op.create_table(
        "sweep_log",
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("swept_on", sa.Date(), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_sweep_log_programme_id"),
        sa.PrimaryKeyConstraint("programme_id", name="pk_sweep_log"),
    )
    op.create_table(
        "cases",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("programme_version_id", BIG, nullable=False),
        sa.Column("household_id", BIG, nullable=False),
        sa.Column("referred_on", sa.Date(), nullable=False),
        sa.Column("referral_source", sa.String(length=32), nullable=False),
        sa.Column("housing_at_entry", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("referral_motive", sa.String(length=20000), nullable=False),
        sa.Column("dwelling_id", BIG, nullable=True),
        sa.Column("referent_id", BIG, nullable=True),
        sa.Column("rent_account_id", BIG, nullable=True),
        sa.Column("moved_in_on", sa.Date(), nullable=True),
        sa.Column("resources_cents", BIG, nullable=True),
        sa.Column("rent_cents", BIG, nullable=False),
        sa.Column("charges_cents", BIG, nullable=False),
        sa.Column("benefit_cents", BIG, nullable=False),
        sa.Column("benefit_payment", sa.String(length=32), nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.Column("version", BIG, nullable=False),
        sa.CheckConstraint("rent_cents >= 0 AND charges_cents >= 0 AND benefit_cents >= 0", name="ck_cases_amounts"),
        sa.ForeignKeyConstraint(["dwelling_id"], ["dwellings.id"], name="fk_cases_dwelling_id"),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name="fk_cases_household_id"),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_cases_programme_id"),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name="fk_cases_programme_version_id"
        ),
        sa.ForeignKeyConstraint(["referent_id"], ["users.id"], name="fk_cases_referent_id"),
        sa.ForeignKeyConstraint(["rent_account_id"], ["rent_accounts.id"], name="fk_cases_rent_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("programme_id", "number", name="uq_cases_programme_id_number"),
    )
    op.create_index("ix_cases_household_id", "cases", ["household_id"], unique=False)
    op.create_index("ix_cases_referent_id", "cases", ["referent_id"], unique=False)
    op.create_index("ix_cases_rent_account_id", "cases", ["rent_account_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("facts", DOCUMENT, nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_fact", sa.String(length=200), nullable=True),
        sa.Column("postponed_to", sa.Date(), nullable=True),
        sa.Column("postponed_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_alerts_case_id"),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_alerts_programme_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.UniqueConstraint("case_id", "rule", "due_on", name="uq_alerts_case_id_rule_due_on"),
    )
    op.create_index(
        "ix_alerts_programme_id_closed_on_due_on", "alerts", ["programme_id", "closed_on", "due_on", "id"], unique=False
    )
    op.create_table(
        "arrears_reports",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("debt_cents", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.CheckConstraint("debt_cents >= 0", name="ck_arrears_reports_debt"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_arrears_reports_author_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_arrears_reports_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_arrears_reports"),
    )
    op.create_index("ix_arrears_reports_case_id", "arrears_reports", ["case_id"], unique=False)
    op.create_table(
        "case_ends",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_housing", sa.String(length=32), nullable=True),
        sa.Column("relay", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=20000), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_ends_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_ends"),
    )
    op.create_table(
        "case_summaries",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("programme_id", BIG, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("referent_id", BIG, nullable=True),
        sa.Column("referent_name", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=True),
        sa.Column("contract_on", sa.Date(), nullable=True),
        sa.Column("planned_end_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=False),
        sa.Column("reassessment_due_on", sa.Date(), nullable=True),
        sa.Column("contact_due_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column("debt_cents", BIG, nullable=False),
        sa.Column("open_alerts", BIG, nullable=False),
        sa.Column("worst_rule", sa.String(length=32), nullable=True),
        sa.Column("computed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_summaries_case_id"),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_case_summaries_programme_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_summaries"),
    )
    op.create_index(
        "ix_case_summaries_contact",
        "case_summaries",
        ["programme_id", "state", "last_contact_on", "case_id"],
        unique=False,
    )
    op.create_index(
        "ix_case_summaries_debt", "case_summaries", ["programme_id", "state", "debt_cents", "case_id"], unique=False
    )
    op.create_index(
        "ix_case_summaries_district",
        "case_summaries",
        ["programme_id", "district", "state", "next_due_on", "case_id"],
        unique=False,
    )
    op.create_index(
        "ix_case_summaries_due", "case_summaries", ["programme_id", "state", "next_due_on", "case_id"], unique=False
    )
    op.create_index(
        "ix_case_summaries_name", "case_summaries", ["programme_id", "state", "name_key", "case_id"], unique=False
    )
    op.create_index(
        "ix_case_summaries_referent", "case_summaries", ["referent_id", "state", "next_due_on", "case_id"], unique=False
    )
    op.create_table(
        "case_team",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_team_case_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_case_team_user_id"),
        sa.PrimaryKeyConstraint("case_id", "user_id", name="pk_case_team"),
    )
    op.create_index("ix_case_team_user_id", "case_team", ["user_id"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("duration_minutes", BIG, nullable=True),
        sa.Column("shared_note", sa.String(length=20000), nullable=False),
        sa.Column("private_note", sa.String(length=20000), nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.CheckConstraint(
            "duration_minutes IS NULL OR duration_minutes BETWEEN 0 AND 1440", name="ck_contacts_duration"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_contacts_author_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_contacts_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_case_id_occurred_on", "contacts", ["case_id", "occurred_on", "id"], unique=False)
    op.create_table(
        "contracts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_end_on", sa.Date(), nullable=True),
        sa.Column("household_signatory", sa.String(length=200), nullable=True),
        sa.Column("association_signatory", sa.String(length=200), nullable=True),
        sa.Column("landlord_signatory", sa.String(length=200), nullable=True),
        sa.Column("terms", sa.String(length=20000), nullable=False),
        sa.CheckConstraint("planned_end_on IS NULL OR planned_end_on > signed_on", name="ck_contracts_dates"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_contracts_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contracts"),
    )
    op.create_index("ix_contracts_case_id_signed_on", "contracts", ["case_id", "signed_on"], unique=False)
    op.create_table(
        "diagnostics",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("social_part", sa.String(length=20000), nullable=False),
        sa.Column("housing_part", sa.String(length=20000), nullable=False),
        sa.Column("resources", DOCUMENT, nullable=False),
        sa.Column("rent_cents", BIG, nullable=False),
        sa.Column("annexes_cents", BIG, nullable=False),
        sa.Column("charges_cents", BIG, nullable=False),
        sa.Column("benefit_cents", BIG, nullable=False),
        sa.Column("fixed_charges_cents", BIG, nullable=False),
        sa.Column("resources_cents", BIG, nullable=True),
        sa.Column("units_tenths", BIG, nullable=True),
        sa.Column("effort_tenths", BIG, nullable=True),
        sa.Column("remainder_cents", BIG, nullable=True),
        sa.Column("recommendation", sa.String(length=32), nullable=True),
        sa.Column("recommendation_note", sa.String(length=20000), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_diagnostics_author_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_diagnostics_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_diagnostics"),
    )
    op.create_index("ix_diagnostics_case_id_made_on", "diagnostics", ["case_id", "made_on"], unique=False)
    op.create_table(
        "lease_stages",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("same_dwelling", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=20000), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_lease_stages_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lease_stages"),
        sa.UniqueConstraint("case_id", "from_on", name="uq_lease_stages_case_id_from_on"),
    )
    op.create_table(
        "reassessments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("levels", DOCUMENT, nullable=False),
        sa.Column("household_words", sa.String(length=20000), nullable=False),
        sa.Column("shared_note", sa.String(length=20000), nullable=False),
        sa.Column("private_note", sa.String(length=20000), nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_reassessments_author_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reassessments_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reassessments"),
    )
    op.create_index("ix_reassessments_case_id_held_on", "reassessments", ["case_id", "held_on", "id"], unique=False)
    op.create_table(
        "suspensions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ck_suspensions_dates"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_suspensions_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_suspensions"),
    )
    op.create_index("ix_suspensions_case_id", "suspensions", ["case_id"], unique=False)
    op.create_table(
        "appointments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_time", sa.String(length=32), nullable=True),
        sa.Column("contact_id", BIG, nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_appointments_case_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_appointments_contact_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_appointments_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
    )
    op.create_index("ix_appointments_case_id", "appointments", ["case_id"], unique=False)
    op.create_index("ix_appointments_user_id_planned_on", "appointments", ["user_id", "planned_on"], unique=False)
    op.create_table(
        "objectives",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("contract_id", BIG, nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("party", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_objectives_case_id"),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name="fk_objectives_contract_id"),
        sa.PrimaryKeyConstraint("id", name="pk_objectives"),
    )
    op.create_index("ix_objectives_case_id", "objectives", ["case_id"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    op.drop_index("ix_objectives_case_id", table_name="objectives")
    op.drop_table("objectives")
    op.drop_index("ix_appointments_user_id_planned_on", table_name="appointments")
    op.drop_index("ix_appointments_case_id", table_name="appointments")
    op.drop_table("appointments")
    op.drop_index("ix_suspensions_case_id", table_name="suspensions")
    op.drop_table("suspensions")
    op.drop_index("ix_reassessments_case_id_held_on", table_name="reassessments")
    op.drop_table("reassessments")
    op.drop_table("lease_stages")
    op.drop_index("ix_diagnostics_case_id_made_on", table_name="diagnostics")
    op.drop_table("diagnostics")
    op.drop_index("ix_contracts_case_id_signed_on", table_name="contracts")
    op.drop_table("contracts")
    op.drop_index("ix_contacts_case_id_occurred_on", table_name="contacts")
    op.drop_table("contacts")
    op.drop_index("ix_case_team_user_id", table_name="case_team")
    op.drop_table("case_team")
    op.drop_index("ix_case_summaries_referent", table_name="case_summaries")
    op.drop_index("ix_case_summaries_name", table_name="case_summaries")
    op.drop_index("ix_case_summaries_due", table_name="case_summaries")
    op.drop_index("ix_case_summaries_district", table_name="case_summaries")
    op.drop_index("ix_case_summaries_debt", table_name="case_summaries")
    op.drop_index("ix_case_summaries_contact", table_name="case_summaries")
    op.drop_table("case_summaries")
    op.drop_table("case_ends")
    op.drop_index("ix_arrears_reports_case_id", table_name="arrears_reports")
    op.drop_table("arrears_reports")
    op.drop_index("ix_alerts_programme_id_closed_on_due_on", table_name="alerts")
    op.drop_table("alerts")
    op.drop_index("ix_cases_rent_account_id", table_name="cases")
    op.drop_index("ix_cases_referent_id", table_name="cases")
    op.drop_index("ix_cases_household_id", table_name="cases")
    op.drop_table("cases")
    op.drop_table("sweep_log")
    op.drop_index("ix_sign_in_sessions_user_id", table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.drop_table("rent_lines")
    op.drop_table("programme_versions")
    op.drop_index("ix_programme_members_user_id", table_name="programme_members")
    op.drop_table("programme_members")
    op.drop_table("imports")
    op.drop_table("users")
    op.drop_table("rent_accounts")
    op.drop_table("programmes")
    op.drop_index("ix_household_members_person_id", table_name="household_members")
    op.drop_index("ix_household_members_household_id", table_name="household_members")
    op.drop_table("household_members")
    op.drop_index("ix_sign_in_failures_subject_at", table_name="sign_in_failures")
    op.drop_table("sign_in_failures")
    op.drop_table("persons")
    op.drop_table("organisations")
    op.drop_table("job_runs")
    op.drop_table("households")
    op.drop_table("dwellings")
    op.drop_index("ix_audit_events_entity_entity_id", table_name="audit_events")
    op.drop_index("ix_audit_events_case_id", table_name="audit_events")
    op.drop_table("audit_events")
