"""Households by the thousand, the same at each run, with the histories that a team of three years has.

The rows are made by the database itself. They lie in the order in which life brings them (all contacts of a day, all
lines of a month), so that the history of one household is spread over the tables, as it is in use.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.service import sweep_programme
from casework.kernel import audit
from casework.kernel.clock import FixedClock
from casework.kernel.context import Actor, Ctx
from casework.kernel.database import create_engine_for
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context
from casework.kernel.vault import installed
from casework.models import metadata
from casework.programmes.models import Programme
from casework.programmes.queries import versions_of
from casework.programmes.service import open_programme
from tests.factories import make_user

TODAY = date(2026, 3, 30)
CLOCK = FixedClock.on(TODAY)
PROGRAMME = "F-SEMIS"
CONTACTS, REASSESSMENTS, LINES = 60, 12, 36
REFERENTS = 40
CASES_OF_ONE = 50
DISTRICT = "Quartier 5"
SYSTEM = Actor(None, None, "SYSTEM")

# Households are numbered from 1; household, person, dwelling, account and case of a number share it as their id.
_EACH = "FROM generate_series(1, :n) i"
_SIGNED = "(:today - 725 - (i % 30)::int)"
_BASE = "(27000 + (i % 200) * 100)"
# One household in eight pays nothing any more since one to ten months.
_UNPAID_MONTHS = "(CASE WHEN i % 8 = 5 THEN greatest(0, m - 36 + 1 + (i / 8) % 10) ELSE 0 END)"

_HOUSEHOLDS = f"""
INSERT INTO persons (id, family_name, given_name, civility, born_on, phone)
SELECT i, (ARRAY['Bernard','Petit','Étienne','Moreau','Lefèvre','Garcia','Nguyen','Diallo','Le Goff','Öztürk'])[1 + i % 10]
  || ' ' || chr((65 + (i / 10) % 26)::int) || lower(to_hex(i)), (ARRAY['Anne','José','Léa','Karim','Zoé','Paul','Fatou'])[1 + i % 7],
  'MME', date '1960-01-01' + (i * 37 % 15000)::int, NULL {_EACH};
INSERT INTO households (id, adults, children, composition, people_entered, version)
SELECT i, 1 + i % 2, i % 4, 'FSEULE', false, 1 {_EACH};
INSERT INTO household_members (id, household_id, person_id, link, from_on, to_on)
SELECT i, i, i, 'REFERENCE', NULL, NULL {_EACH};
INSERT INTO dwellings (id, address, district, typology)
SELECT i, (1 + i % 90) || ' rue des Lilas', 'Quartier ' || 1 + (i / 8) % 12, 'T3' {_EACH};
INSERT INTO rent_accounts (id, landlord_id, lease_number)
SELECT i, :landlord, 'L' || lpad(i::text, 7, '0') {_EACH};
INSERT INTO cases (id, number, programme_id, programme_version_id, household_id, referred_on, referral_source,
  housing_at_entry, created_at, referral_motive, dwelling_id, referent_id, rent_account_id, moved_in_on,
  resources_cents, rent_cents, charges_cents, benefit_cents, benefit_payment, import_id, version)
SELECT i, 'B-' || lpad(i::text, 6, '0'), :programme, :version, i, {_SIGNED} - 30, 'PARTENAIRE', 'HLM', :now,
  'Impayés et difficultés de voisinage.', i, CASE WHEN i % :every = 1 THEN :first ELSE :first + 1 + i % :others END, i,
  CASE WHEN i % 20 = 3 THEN :today - 100 ELSE {_SIGNED} - 20 END,
  120000, 42000 + (i % 200) * 100, 6000, 21000, 'TIERS_PAYANT', NULL, 1 {_EACH};
INSERT INTO case_team (case_id, user_id, since_on) SELECT id, referent_id, referred_on FROM cases;
INSERT INTO diagnostics (id, case_id, made_on, author_id, created_at, social_part, housing_part, resources, rent_cents,
  annexes_cents, charges_cents, benefit_cents, fixed_charges_cents, resources_cents, effort_tenths, remainder_cents,
  recommendation, recommendation_note)
SELECT i, i, {_SIGNED} - 10, :first, :now, :social, 'Logement adapté.', '{{}}', 42000, 0, 6000, 21000,
  0, 120000, 225, 900, 'ACC_MOYEN', '' {_EACH};
INSERT INTO contracts (id, case_id, kind, signed_on, created_at, planned_end_on, household_signatory,
  association_signatory, landlord_signatory, terms)
SELECT i, i, 'INITIAL', {_SIGNED}, :now, {_SIGNED} + (720 + (i % 12) * 60)::int, 'A', 'B', 'C', '' {_EACH};
INSERT INTO objectives (id, case_id, contract_id, label, party, due_on, state, settled_on)
SELECT i, i, i, 'Reprendre le paiement du loyer', 'HOUSEHOLD', NULL, 'OPEN', NULL {_EACH};
INSERT INTO lease_stages (id, case_id, stage, from_on, created_at, same_dwelling, note)
SELECT 2 * i - 1, i, 'BAIL_GLISSANT', {_SIGNED} - 20, :now, true, '' {_EACH};
INSERT INTO lease_stages (id, case_id, stage, from_on, created_at, same_dwelling, note)
SELECT 2 * i, i, 'BAIL_DIRECT', {_SIGNED} + 400, :now, true, '' {_EACH} WHERE i % 3 <> 0;
INSERT INTO case_ends (case_id, ended_on, reason, outcome, created_at, next_housing, relay, note)
SELECT i, :today - (i % 300)::int, 'OBJ', 'MAINTIEN_TITRE', :now, NULL, '', '' {_EACH} WHERE i % 25 = 0;
INSERT INTO suspensions (id, case_id, from_on, reason, to_on)
SELECT i, i, :today - 20, 'Hospitalisation', NULL {_EACH} WHERE i % 60 = 1;
"""

_HISTORIES = f"""
INSERT INTO contacts (id, case_id, occurred_on, kind, outcome, created_at, author_id, duration_minutes, shared_note,
  private_note, import_id)
SELECT (j - 1) * :n + i, i, :today - (i % 36)::int - ({CONTACTS} - j) * 12,
  (ARRAY['VAD', 'BUREAU', 'TEL', 'ATELIER', 'TENTATIVE'])[1 + (i + j) % 5],
  CASE WHEN (i + j) % 11 = 0 OR (i % 40 = 7 AND j > 56) THEN 'ABSENT' ELSE 'REALISEE' END, :now, :first, 45,
  'Point sur le budget et le paiement du loyer ; un rendez-vous est pris avec la banque. Entretien n° ' || j,
  :private, NULL
FROM (SELECT i, j FROM generate_series(1, {CONTACTS}) j, generate_series(1, :n) i ORDER BY j, i) ordered;
INSERT INTO reassessments (id, case_id, held_on, decision, created_at, author_id, levels, household_words, shared_note,
  private_note, import_id)
SELECT (j - 1) * :n + i, i, :today - (i % 70)::int - ({REASSESSMENTS} - j) * 60, 'POURSUITE', :now, :first,
  '{{"BUDGET": 3}}', '', 'Le budget est tenu, les démarches avancent.', '', NULL
FROM (SELECT i, j FROM generate_series(1, {REASSESSMENTS}) j, generate_series(1, :n) i ORDER BY j, i) ordered;
"""

LEDGER = f"""
SELECT i AS account_id, (date '2023-03-01' + (m - 1) * interval '1 month')::date AS month,
  42000 + (i % 200) * 100 AS rent_cents, 6000 AS charges_cents, 21000 AS benefit_cents,
  CASE WHEN {_UNPAID_MONTHS} > 0 THEN 0 ELSE {_BASE} END AS paid_cents, {_BASE} * {_UNPAID_MONTHS} AS balance_cents,
  'Locataire ' || i AS tenant_name, NULL::bigint AS import_id
FROM (SELECT i, m FROM generate_series(1, {LINES}) m, generate_series(1, :n) i ORDER BY m, i) ordered
"""
_LINES = f"""
INSERT INTO rent_lines (account_id, month, rent_cents, charges_cents, benefit_cents, paid_cents, balance_cents,
  tenant_name, import_id)
{LEDGER};
"""


@dataclass(frozen=True)
class Filled:
    """A database with its households, and who signs in to it."""

    url: str
    size: int
    programme_id: int
    landlord_id: int
    manager: User
    referent: User


def fill(url: str, superuser_url: str, size: int, *, ledger: bool = True) -> Filled:
    """Fill the migrated, empty database at `url` with `size` households, without summaries and alerts as yet."""
    engine = create_engine_for(url)
    audit.install(engine)
    with writing_context(engine, SYSTEM, CLOCK, "bench", Events()) as ctx:
        programme = open_programme(ctx, PROGRAMME)
        manager = make_user(ctx, Role.MANAGER, programme=programme, password=None)
        referents = [make_user(ctx, Role.REFERENT, programme=programme, password=None) for _ in range(REFERENTS)]
        values = _values(ctx, programme, referents, size)
    engine.dispose()
    _make_rows(superuser_url, values, ledger=ledger)
    return Filled(url, size, programme.id, programme.landlord_id, manager, referents[0])


def _values(ctx: Ctx, programme: Programme, referents: list[User], size: int) -> dict[str, object]:
    return {
        "n": size,
        "today": TODAY,
        "now": CLOCK.now(),
        "programme": programme.id,
        "landlord": programme.landlord_id,
        "version": versions_of(ctx, programme.id)[0].id,
        "first": referents[0].id,
        "others": REFERENTS - 1,
        "every": max(2, size // CASES_OF_ONE),
        "social": installed().encrypt("diagnostics.social_part", "Isolement, santé fragile."),
        "private": installed().encrypt(
            "contacts.private_note", "La personne dit sa fatigue ; à reprendre la prochaine fois."
        ),
    }


def _make_rows(superuser_url: str, values: dict[str, object], *, ledger: bool) -> None:
    engine = create_engine_for(superuser_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # The rows are consistent as they are made: checking each foreign key would take longer than everything else.
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("SET synchronous_commit = off"))
        for statement in (_HOUSEHOLDS + _HISTORIES + (_LINES if ledger else "")).split(";\n"):
            if statement.strip():
                connection.execute(text(statement), values)
        for table in metadata.sorted_tables:
            if "id" in table.c:
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}")
                )
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()


def sweep(url: str, programme_id: int) -> int:
    """Run the application's sweep of all rules and return how many alerts hold."""
    engine = create_engine_for(url)
    audit.install(engine)
    with writing_context(engine, SYSTEM, CLOCK, "bench", Events()) as ctx:
        found = sweep_programme(ctx, programme_id, TODAY)
    engine.dispose()
    return len(found)
