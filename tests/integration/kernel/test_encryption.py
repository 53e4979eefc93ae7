"""What is confidential lies closed in the database, whoever looks into it, and comes out of it plain."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, String, cast, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from casework.accounts.vocabulary import Category, Role
from casework.cases.queries import case_head
from casework.confidential.address_service import SecretAddress, protect_address, revise_address
from casework.confidential.glass_service import Urgency, break_glass
from casework.confidential.note_service import NoteNews, record_note
from casework.confidential.vocabulary import Motive, Topic
from casework.contacts.models import Contact
from casework.contacts.service import ContactNews, correct_contact, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.desk.case_queries import thread_and_details
from casework.diagnostics.models import Diagnostic
from casework.diagnostics.queries import get_diagnostic, list_diagnostics
from casework.diagnostics.rules import Budget
from casework.diagnostics.service import Findings, record_diagnostic
from casework.exchange.bulk import insert_rows
from casework.kernel.audit import AuditEvent, record_bulk
from casework.kernel.clock import FixedClock
from casework.kernel.database import create_engine_for, insert_many, upsert
from casework.kernel.errors import ConfigurationError
from casework.kernel.key_ledger import VaultKey, check_keys
from casework.kernel.keyring import GivenKeys, KeyRing
from casework.kernel.vault import DamagedValue, UnknownKey, Vault, encrypted_columns, using
from casework.models import metadata
from casework.privacy.rights import Answer, answer_request, record_request
from casework.privacy.vocabulary import Decision as RightDecision
from casework.privacy.vocabulary import Right
from casework.reassessments.models import Reassessment
from casework.reassessments.queries import last_reassessment
from casework.reassessments.service import ReassessmentNews, hold_reassessment
from casework.reassessments.vocabulary import Decision
from tests.factories import acting_as, make_case, make_programme, make_user, system_ctx
from tests.support.encrypted import ENCRYPTED_COLUMNS

CANARY = "Motcanari"


def _news(note: str = f"{CANARY}contact") -> ContactNews:
    return ContactNews(date(2026, 3, 2), ContactKind.TEL, ContactOutcome.REALISEE, private_note=note)


@pytest.fixture
def case_id(engine: Engine, clock: FixedClock) -> int:
    """A case with a canary in every encrypted column, planted by the use cases."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case_id = make_case(ctx, programme, referent=referent).id
    with acting_as(engine, clock, referent) as ctx:
        contact_id = record_contact(ctx, case_id, _news())
        correct_contact(ctx, case_id, contact_id, _news(f"{CANARY}corrige"))
        findings = Findings(date(2026, 3, 3), Budget({}), social_part=f"{CANARY}diagnostic", housing_part="Humide.")
        record_diagnostic(ctx, case_id, findings)
        news = ReassessmentNews(date(2026, 3, 4), Decision.POURSUITE, private_note=f"{CANARY}bilan")
        hold_reassessment(ctx, case_id, news)
        ctx.session.flush()
        note = NoteNews(Topic.SANTE, date(2026, 3, 4), f"{CANARY}sante")
        record_note(ctx, case_id, note)
        days = (date(1999, 9, 9), date(1999, 11, 9))
        record_note(ctx, case_id, NoteNews(Topic.DETENTION, date(2026, 3, 4), "", None, *days, f"{CANARY}spip"))
        protect_address(ctx, case_id, f"{CANARY}moyen")
        revise_address(ctx, case_id, SecretAddress(f"{CANARY}voie", f"{CANARY}quartier", f"{CANARY}moyen"))
        asked = record_request(ctx, case_id, Right.RECTIFICATION, date(2026, 3, 4), f"{CANARY}demande")
        answer_request(ctx, case_id, asked.id, Answer(RightDecision.GRANTED, date(2026, 3, 5), f"{CANARY}reponse"))
        number = case_head(ctx, case_id).number
    with system_ctx(engine, clock) as ctx:
        manager = make_user(ctx, Role.MANAGER, programme=make_programme(ctx))
    with acting_as(engine, clock, manager) as ctx:
        break_glass(ctx, Urgency(number, Motive.AUTRE, f"{CANARY}motif de l’ouverture"))
    return case_id


def _raw(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table as it lies there: what a dump would hold."""
    found = {}
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            found[table] = [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
    return found


def test_no_table_holds_a_word_in_clear_and_the_use_cases_read_them(
    engine: Engine, clock: FixedClock, case_id: int
) -> None:
    rows = _raw(engine)

    assert {str(column) for column in encrypted_columns(metadata)} == set(ENCRYPTED_COLUMNS)
    assert [table for table, found in rows.items() if CANARY in repr(found)] == []
    # As each database gives a date back, and as the trace would write it: four digits alone may stand in a seal.
    assert [table for table, found in rows.items() if re.search("1999(-|, )", repr(found))] == []
    assert "Humide." in repr(rows["diagnostics"])  # the search above does find what lies open
    with Session(engine) as session:
        assert session.scalars(select(Contact.private_note)).all() == [f"{CANARY}corrige"]
        assert session.scalars(select(Contact)).one().private_note == f"{CANARY}corrige"
    with system_ctx(engine, clock) as ctx:
        referent = make_user(ctx, Role.MANAGER, programme=make_programme(ctx))
    with acting_as(engine, clock, referent) as ctx:
        thread, _details = thread_and_details(ctx, case_head(ctx, case_id), "", None, frozenset(Category))
        shown = {row.private for row in thread}
        review = last_reassessment(ctx, case_id)
        diagnostic = get_diagnostic(ctx, case_id, list_diagnostics(ctx, case_id)[0].id)
    assert shown >= {f"{CANARY}corrige", f"{CANARY}diagnostic", f"{CANARY}bilan"}
    assert review is not None
    assert (review.private_note, diagnostic.social_part) == (f"{CANARY}bilan", f"{CANARY}diagnostic")


@pytest.mark.databases("sqlite")
def test_no_file_of_the_database_holds_a_word_in_clear(engine: Engine, database_url: str, case_id: int) -> None:
    path = Path(make_url(database_url).database or "")
    written = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    engine.dispose()
    with create_engine_for(database_url).connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    whole = path.read_bytes()

    for content in (written, whole):
        assert CANARY.encode() not in content
        assert b"Humide." in content


def test_an_import_closes_what_it_brings_in(engine: Engine, clock: FixedClock, case_id: int) -> None:
    row = {
        "case_id": case_id,
        "occurred_on": date(2026, 3, 5),
        "kind": "TEL",
        "outcome": "REALISEE",
        "created_at": clock.now(),
        "shared_note": "Partagé",
    }
    with system_ctx(engine, clock) as ctx:
        insert_rows(ctx.session, Contact, [row | {"private_note": f"{CANARY}import"}, row | {"private_note": ""}] * 30)
        record_bulk(ctx, Contact, "import", {"rows": 60})

    assert CANARY not in repr(_raw(engine)["contacts"])
    with Session(engine) as session:
        notes = session.scalars(select(Contact.private_note).where(Contact.shared_note == "Partagé")).all()
        raw = session.scalars(select(cast(Contact.private_note, String)).where(Contact.shared_note == "Partagé")).all()
    assert sorted(notes) == [""] * 30 + [f"{CANARY}import"] * 30
    assert len(set(raw)) == 31  # nothing tells that thirty notes say the same


def test_rows_that_travel_as_a_document_may_not_carry_an_encrypted_column(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx, pytest.raises(TypeError, match="encrypted column"):
        insert_many(ctx.session, upsert(ctx.session, Contact), [{"private_note": CANARY}])


def test_the_audit_shows_that_a_note_changed_and_not_what_it_says(
    engine: Engine, clock: FixedClock, case_id: int, vault: Vault
) -> None:
    with Session(engine) as session:
        written, corrected = session.scalars(
            select(AuditEvent.difference).where(AuditEvent.entity == "contacts").order_by(AuditEvent.id)
        ).all()

    first, second = (
        f"*** {vault.fingerprint('contacts.private_note', words)}" for words in (f"{CANARY}contact", f"{CANARY}corrige")
    )
    assert written["private_note"] == [None, first]
    assert corrected == {"private_note": [first, second]}
    assert first != second


def test_a_value_that_was_tampered_with_or_moved_is_refused_and_logged_without_its_content(
    engine: Engine, case_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE diagnostics SET social_part = (SELECT private_note FROM contacts)"))
        connection.execute(text("UPDATE reassessments SET private_note = :open"), {"open": f"{CANARY}clair"})
    with Session(engine) as session:
        for column in (Diagnostic.social_part, Reassessment.private_note):
            with pytest.raises(DamagedValue, match=str(column.expression).replace(".", r"\.")):
                session.scalars(select(column)).all()
        assert session.scalars(select(Contact.private_note)).all() == [f"{CANARY}corrige"]
    assert "diagnostics.social_part" in caplog.text
    assert "reassessments.private_note" in caplog.text
    assert CANARY not in caplog.text


def test_a_statement_that_fails_does_not_say_what_was_typed(engine: Engine, clock: FixedClock, case_id: int) -> None:
    with pytest.raises(IntegrityError) as refused, system_ctx(engine, clock) as ctx:
        ctx.session.add(
            Contact(
                case_id=2**40,
                occurred_on=date(2026, 3, 5),
                kind="TEL",
                outcome="REALISEE",
                created_at=clock.now(),
                shared_note=f"{CANARY}partage",
            )
        )

    assert CANARY not in str(refused.value)
    assert isinstance(refused.value, StatementError)


def test_a_key_that_the_database_needs_must_be_in_the_ring(engine: Engine, case_id: int, vault: Vault) -> None:
    check_keys(engine, vault)
    check_keys(engine, vault)
    stranger = Vault(GivenKeys(KeyRing.generated().dumped()))

    with pytest.raises(ConfigurationError, match=vault.ring.active) as refused:
        check_keys(engine, stranger)
    assert "CASEWORK_KEYS" in str(refused.value)
    with Session(engine) as session:
        assert session.scalars(select(VaultKey.key_id)).all() == [vault.ring.active]
        with using(stranger), pytest.raises(UnknownKey, match=vault.ring.active):
            session.scalars(select(Contact.private_note)).all()


def test_a_database_without_tables_or_out_of_reach_is_left_to_others(
    empty_database_url: str, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    engine = create_engine_for(empty_database_url)
    check_keys(engine, vault)
    engine.dispose()
    assert caplog.text == ""
    nowhere = create_engine_for("postgresql://nobody@/nowhere?host=/nowhere")
    check_keys(nowhere, vault)
    assert "cannot be asked" in caplog.text


def test_whether_a_note_is_empty_can_be_asked(engine: Engine, case_id: int) -> None:
    with Session(engine) as session:
        assert session.scalar(select(func.count()).where(Contact.private_note != "")) == 1
