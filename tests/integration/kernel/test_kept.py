"""Statements that are kept: the rows, the errors and the guards are those of any other statement."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import (
    Engine,
    Integer,
    String,
    bindparam,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from casework.accounts.models import SignInFailure
from casework.contacts.models import Contact
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.households.models import Person
from casework.kernel import audit, kept
from casework.kernel.audit import AuditEvent, MissingAudit, WriteWhileReading
from casework.kernel.clock import FixedClock
from casework.kernel.context import Actor
from casework.kernel.database import Base, sent_together
from casework.kernel.kept import count_of, row_of, rows_of
from casework.kernel.transaction import reading_context
from tests.factories import make_case, make_programme, system_ctx
from tests.support.databases import Databases
from tests.support.statements import counted

SYSTEM = Actor(None, None, "SYSTEM")
AT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
FAILURE = insert(SignInFailure).values(
    subject=bindparam("who"), at=bindparam("when", type_=SignInFailure.__table__.c.at.type)
)
RENAME = update(Person).where(Person.family_name == bindparam("old")).values(family_name=bindparam("new"))


@pytest.fixture
def lived(engine: Engine, clock: FixedClock) -> Engine:
    """A case with a contact: dates, instants, documents, yes and no, encrypted and empty columns."""
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx))
        ctx.session.flush()
        news = ContactNews(
            ctx.today, ContactKind.VAD, ContactOutcome.REALISEE, private_note="À reprendre avec Mme d’Été."
        )
        record_contact(ctx, case.id, news)
        ctx.session.add(Person(family_name="Petit", given_name="Zoé", born_on=date(1984, 2, 29), is_protected=True))
    return engine


@pytest.mark.parametrize("model", [Person, Contact, AuditEvent])
def test_the_rows_are_those_of_any_other_statement(lived: Engine, model: type[Base]) -> None:
    columns = model.__table__.c
    statement = select(*columns).where(columns.id > bindparam("after")).order_by(columns.id)
    with lived.connect() as connection:
        expected = [tuple(row) for row in connection.execute(statement, {"after": 0})]
        found = rows_of(connection, statement, {"after": 0})
        none = rows_of(connection, statement, {"after": 10**9})

    assert expected
    assert found == expected
    assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in expected]
    assert none == []


def test_values_that_the_statement_has_itself_need_not_be_given(lived: Engine) -> None:
    statement = select(Person.given_name, literal(7)).where(
        Person.family_name == "Petit", Person.born_on < bindparam("day", type_=Person.born_on.type)
    )
    with lived.connect() as connection:
        assert row_of(connection, statement, {"day": date(1984, 3, 1)}) == ("Zoé", 7)
        assert row_of(connection, statement, {"day": date(1984, 2, 29)}) is None


def test_a_value_may_stand_twice_and_a_per_cent_sign_is_one(lived: Engine) -> None:
    name = bindparam("name", type_=String())
    statement = select(Person.given_name, literal_column("'50%'", String())).where(
        or_(Person.family_name == name, Person.given_name == name), Person.family_name.like("P%")
    )
    with lived.connect() as connection:
        assert rows_of(connection, statement, {"name": "Petit"}) == [("Zoé", "50%")]
        assert rows_of(connection, statement, {"name": "Zoé"}) == [("Zoé", "50%")]
        assert rows_of(connection, statement, {"name": "P"}) == []


def test_a_statement_keeps_its_rows_when_it_is_sent_again(lived: Engine) -> None:
    statement = select(bindparam("number", type_=Integer()))
    others = [select(literal(place), bindparam("number", type_=Integer())) for place in range(kept.HELD + 5)]
    with lived.connect() as connection:
        first, second = (rows_of(connection, statement, {"number": number}) for number in (1, 2))
        told = [row_of(connection, other, {"number": 3}) for other in others]
        held = connection.info[kept._CURSORS]

        assert (first, second) == ([(1,)], [(2,)])
        assert told == [(place, 3) for place in range(len(others))]
        assert 0 < len(held) <= kept.HELD
        assert rows_of(connection, statement, {"number": 4}) == [(4,)]


def test_a_statement_that_was_refused_is_sent_again(engine: Engine) -> None:
    with engine.connect() as connection:
        for _ in range(5):  # the driver prepares what it sent a few times
            with pytest.raises(IntegrityError):
                count_of(connection, FAILURE, {"who": None, "when": AT})
            connection.rollback()
            assert count_of(connection, FAILURE, {"who": "somebody", "when": AT}) == 1
        connection.rollback()


def test_how_many_rows_were_written(lived: Engine, clock: FixedClock) -> None:
    with system_ctx(lived, clock) as ctx:
        audit.record_bulk(ctx, Person, "rename", {"rows": 1})
        assert count_of(ctx.session.connection(), RENAME, {"old": "Petit", "new": "Grand"}) == 1
        assert count_of(ctx.session.connection(), RENAME, {"old": "Petit", "new": "Grand"}) == 0


@pytest.mark.databases("postgresql")
def test_nobody_counts_rows_of_statements_that_are_sent_together(lived: Engine, clock: FixedClock) -> None:
    def write() -> None:
        with system_ctx(lived, clock) as ctx, sent_together(ctx.session):
            count_of(ctx.session.connection(), RENAME, {"old": "Petit", "new": "Grand"})

    with pytest.raises(TypeError, match="before the end of the block"):
        write()


def test_what_the_database_refuses_is_told_as_ever_and_without_what_was_typed(engine: Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(IntegrityError) as refused:
            count_of(connection, FAILURE, {"who": None, "when": AT})
        connection.rollback()
        assert count_of(connection, FAILURE, {"who": "somebody", "when": AT}) == 1
        with pytest.raises(DBAPIError) as unknown:
            rows_of(connection, select(text("nowhere")), {})

    assert "subject" in str(refused.value)
    assert refused.value.params is None
    assert not refused.value.connection_invalidated
    assert "nowhere" in str(unknown.value)


@pytest.mark.databases("postgresql")
def test_a_server_that_went_away_costs_one_request(lived: Engine, databases: Databases) -> None:
    own = select(func.pg_backend_pid())
    with lived.connect() as connection, lived.connect() as other:
        pids = [row[0] for held in (connection, other) for row in rows_of(held, own, {})]
        other.close()
        for pid in pids:
            databases.server.admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        with pytest.raises(OperationalError) as lost:
            rows_of(connection, own, {})

    assert lost.value.connection_invalidated
    for _ in range(3):
        with lived.connect() as connection:
            assert row_of(connection, own, {}) not in {None, *((pid,) for pid in pids)}


def test_a_list_of_values_goes_the_longer_way(lived: Engine) -> None:
    statement = select(Person.given_name).where(Person.family_name.in_(["Petit", "Grand"]))
    with lived.connect() as connection:
        assert rows_of(connection, statement, {}) == [("Zoé",)]
        assert rows_of(connection, statement.where(Person.id == bindparam("id")), {"id": 10**9}) == []


def test_a_default_of_a_column_goes_the_longer_way(lived: Engine, clock: FixedClock) -> None:
    statement = insert(Person).values(family_name=bindparam("name"), given_name="Anne")
    with system_ctx(lived, clock) as ctx:
        audit.record_bulk(ctx, Person, "import", {"rows": 1})
        assert count_of(ctx.session.connection(), statement, {"name": "Roy"}) == 1
    with Session(lived) as session:
        assert session.scalars(select(Person.is_protected).where(Person.family_name == "Roy")).all() == [False]


def test_a_statement_is_compiled_once_for_a_database(lived: Engine) -> None:
    statement = select(Person.family_name).where(Person.id == bindparam("id"))
    with lived.connect() as connection, counted(lived) as sent:
        for number in range(3):
            rows_of(connection, statement, {"id": number})
    selects = [statement for statement in sent if statement.startswith("SELECT")]
    assert len(selects) == 3
    assert len(set(map(id, selects))) == 1


def test_who_only_reads_cannot_write(engine: Engine, clock: FixedClock) -> None:
    audit.install(engine)

    def write() -> None:
        with reading_context(engine, SYSTEM, clock) as ctx:
            count_of(ctx.session.connection(), FAILURE, {"who": "somebody", "when": AT})

    with pytest.raises(WriteWhileReading, match="sign_in_failures"):
        write()


def test_a_write_without_a_trace_is_not_committed(lived: Engine, clock: FixedClock) -> None:
    audit.install(lived)

    def write() -> None:
        with system_ctx(lived, clock) as ctx:
            count_of(ctx.session.connection(), RENAME, {"old": "Petit", "new": "Grand"})

    with pytest.raises(MissingAudit, match="persons"):
        write()
    with Session(lived) as session:
        assert session.scalar(select(Person.given_name).where(Person.family_name == "Petit")) == "Zoé"
