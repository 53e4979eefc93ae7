"""The words that only the association reads are encrypted by the migration, and opened by its way down."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

from casework.contacts.models import Contact
from casework.diagnostics.models import Diagnostic
from casework.kernel.clock import FixedClock
from casework.kernel.database import create_engine_for
from casework.kernel.migrate import downgrade, upgrade
from casework.kernel.vault import Vault, head_of
from casework.reassessments.models import Reassessment
from tests.factories import make_case, make_programme, system_ctx
from tests.support.keys import KEY_ID

BEFORE = "0005"
WORDS = "Motcanari : elle craint son frère."
PLACES = (("contacts", "private_note"), ("diagnostics", "social_part"), ("reassessments", "private_note"))
Values = dict[str, list[str]]


def _values(url: str) -> Values:
    """Return what lies in the database, whatever the types of the program make of it."""
    engine = create_engine_for(url)
    with engine.connect() as connection:
        found = {
            table: list(connection.scalars(text(f"SELECT {name} FROM {table} ORDER BY id"))) for table, name in PLACES
        }
    engine.dispose()
    return found


def _audit(connection: Connection) -> str:
    return " ".join(str(row) for row in connection.scalars(text("SELECT difference FROM audit_events ORDER BY id")))


def _fill(engine: Engine, clock: FixedClock, count: int) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx))
        for number in range(count):
            words = f"{WORDS} {number}" if number % 3 else ""
            day = ctx.today.replace(day=1 + number % 28)
            contact = Contact(case_id=case.id, occurred_on=day, kind="TEL", outcome="REALISEE", created_at=clock.now())
            contact.private_note = words
            review = Reassessment(case_id=case.id, held_on=day, decision="POURSUITE", created_at=clock.now())
            review.private_note = words
            ctx.session.add_all([contact, review])
        diagnostic = ctx.session.query(Diagnostic).one()
        diagnostic.social_part = WORDS


def test_what_is_there_is_encrypted_in_batches_opened_again_and_encrypted_again(
    engine: Engine, database_url: str, clock: FixedClock, vault: Vault
) -> None:
    _fill(engine, clock, 1100)  # more than two batches
    engine.dispose()

    downgrade(database_url, BEFORE)
    plain = _values(database_url)
    with engine.begin() as connection:  # an audit row of the time before, as the program then wrote it
        connection.execute(
            text(
                "INSERT INTO audit_events (at, use_case, entity, entity_id, operation, difference) VALUES "
                "('2026-03-01 08:00:00', 'x', 'contacts', 1, 'update', :difference)"
            ),
            {"difference": f'{{"private_note": ["", "{WORDS}"], "kind": ["TEL", "VAD"], "note": [null, 1]}}'},
        )
    engine.dispose()
    upgrade(database_url)
    closed = _values(database_url)
    downgrade(database_url, BEFORE)
    opened = _values(database_url)
    upgrade(database_url)
    again = _values(database_url)

    assert [len(values) for values in plain.values()] == [1100, 1, 1100]
    assert plain["contacts"][:3] == ["", f"{WORDS} 1", f"{WORDS} 2"]
    assert plain["diagnostics"] == [WORDS]
    assert opened == plain
    for table, name in PLACES:
        for values in (closed[table], again[table]):
            assert [vault.decrypt(f"{table}.{name}", v) if v else v for v in values] == plain[table]
            assert all(v == "" or v.startswith(head_of(KEY_ID)) for v in values)
            assert "Motcanari" not in "".join(values)
    with engine.connect() as connection:
        assert "Motcanari" not in _audit(connection)
        assert '"kind": ["TEL", "VAD"]' in _audit(connection).replace("'", '"')
        assert vault.fingerprint("contacts.private_note", WORDS) in _audit(connection)
        assert list(connection.scalars(text("SELECT key_id FROM vault_keys"))) == [KEY_ID]


def test_an_empty_database_needs_no_key(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    engine = create_engine_for(empty_database_url)
    with engine.connect() as connection:
        assert list(connection.scalars(text("SELECT key_id FROM vault_keys"))) == []
    engine.dispose()
