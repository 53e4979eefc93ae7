from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, Integer, Row, delete, false, func, insert, literal_column, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.accounts.models import Organisation, SignInFailure, User
from casework.accounts.vocabulary import OrganisationKind, Role
from casework.cases.models import Case, CaseEnd, Suspension
from casework.contacts.models import Contact
from casework.households.models import Person
from casework.kernel import audit
from casework.kernel.audit import AuditEvent, MissingAudit, insert_row, record_bulk
from casework.kernel.clock import FixedClock
from casework.kernel.context import Actor, Ctx
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context
from tests.factories import acting_as, make_case, make_organisation, make_programme, make_user, system_ctx

ACTOR = Actor(None, None, "SYSTEM")


@contextmanager
def _writing(engine: Engine, clock: FixedClock, use_case: str = "test.use_case") -> Iterator[Ctx]:
    audit.install(engine)
    with writing_context(engine, ACTOR, clock, use_case, Events()) as ctx:
        yield ctx


def _trace(engine: Engine, entity: str) -> list[Row[str, dict[str, list[object]], int | None, int | None]]:
    with Session(engine) as session:
        return list(
            session.execute(
                select(AuditEvent.operation, AuditEvent.difference, AuditEvent.entity_id, AuditEvent.case_id)
                .where(AuditEvent.entity == entity)
                .order_by(AuditEvent.id)
            )
        )


def _person(born_on: date | None = None) -> Person:
    return Person(family_name="Martin", given_name="Anne", born_on=born_on)


def test_what_is_added_changed_and_taken_away_leaves_the_difference(engine: Engine, clock: FixedClock) -> None:
    with _writing(engine, clock) as ctx:
        person = _person(born_on=date(1984, 5, 17))
        ctx.session.add(person)
    with _writing(engine, clock) as ctx:
        found = ctx.session.get_one(Person, person.id)
        found.family_name = "Petit"
        found.born_on = None
    with _writing(engine, clock) as ctx:
        ctx.session.delete(ctx.session.get_one(Person, person.id))

    added, changed, gone = _trace(engine, "persons")
    assert added.operation == "insert"
    assert added.difference["family_name"] == [None, "Martin"]
    assert added.difference["born_on"] == [None, "1984-05-17"]
    assert "phone" not in added.difference
    assert (changed.operation, changed.difference) == (
        "update",
        {"family_name": ["Martin", "Petit"], "born_on": ["1984-05-17", None]},
    )
    assert gone.operation == "delete"
    assert gone.difference["family_name"] == ["Petit", None]
    assert {row.entity_id for row in (added, changed, gone)} == {person.id}


def test_a_row_that_was_touched_and_not_changed_leaves_no_trace(engine: Engine, clock: FixedClock) -> None:
    with _writing(engine, clock) as ctx:
        person = _person()
        ctx.session.add(person)
    with _writing(engine, clock) as ctx:
        ctx.session.get_one(Person, person.id).family_name = "Martin"

    assert [row.operation for row in _trace(engine, "persons")] == ["insert"]


def test_the_trace_says_who_when_and_by_which_use_case(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        user = make_user(ctx, Role.REFERENT, programme=make_programme(ctx))
    clock.instant += timedelta(hours=3)
    with acting_as(engine, clock, user, "contacts.record_contact") as ctx:
        ctx.session.add(_person())

    with Session(engine) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.entity == "persons")).one()
        assert (event.actor_id, event.at, event.use_case) == (user.id, clock.now(), "contacts.record_contact")


def test_the_trace_of_a_fact_names_its_case(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx), ended_on=date(2026, 3, 1))
        ctx.session.add(Suspension(case_id=case.id, from_on=date(2026, 1, 1), reason="Hospitalisation"))

    for entity in ("cases", "suspensions", "diagnostics", "contracts"):
        assert {row.case_id for row in _trace(engine, entity)} == {case.id}, entity


def test_a_table_whose_key_is_the_case_is_traced_with_it(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx))
        ctx.session.add(
            CaseEnd(case_id=case.id, ended_on=date(2026, 3, 1), reason="OBJ", outcome="X", created_at=ctx.clock.now())
        )

    (row,) = _trace(engine, "case_ends")
    assert row.case_id == case.id
    assert row.difference["reason"] == [None, "OBJ"]


def test_secrets_are_named_and_never_told(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        user = make_user(ctx, Role.REFERENT)
    with _writing(engine, clock) as ctx:
        ctx.session.get_one(User, user.id).password_hash = "$argon2id$another"

    added, changed = _trace(engine, "users")
    assert added.difference["password_hash"] == [None, "***"]
    assert changed.difference == {"password_hash": ["***", "***"]}


@pytest.mark.parametrize("statement", ["insert", "update", "delete", "orm update", "bulk"])
def test_rows_changed_past_the_trace_cannot_be_committed(engine: Engine, clock: FixedClock, statement: str) -> None:
    with _writing(engine, clock) as ctx:
        ctx.session.add(_person())

    def change(session: Session) -> None:
        table = Person.__table__
        if statement == "insert":
            session.execute(insert(Person), [{"family_name": "Durand", "given_name": "Luc"}])
        elif statement == "update":
            session.connection().execute(table.update().values(family_name="Durand"))  # type: ignore[attr-defined]
        elif statement == "delete":
            session.execute(delete(Person))
        elif statement == "orm update":
            session.execute(update(Person).values(family_name="Durand"))
        else:
            session.bulk_insert_mappings(Person.__mapper__, [{"family_name": "Durand", "given_name": "Luc"}])

    def write() -> None:
        with _writing(engine, clock) as ctx:
            change(ctx.session)

    with pytest.raises(MissingAudit, match="persons"):
        write()
    with Session(engine) as session:
        assert session.scalars(select(Person.family_name)).all() == ["Martin"]


def test_the_trace_of_another_table_does_not_excuse(engine: Engine, clock: FixedClock) -> None:
    def write() -> None:
        with _writing(engine, clock) as ctx:
            make_organisation(ctx, OrganisationKind.ASSOCIATION)
            ctx.session.execute(insert(Person), [{"family_name": "Durand", "given_name": "Luc"}])

    with pytest.raises(MissingAudit, match="persons"):
        write()


def test_the_trace_of_one_transaction_does_not_excuse_the_next(engine: Engine, clock: FixedClock) -> None:
    audit.install(engine)
    with Session(engine, autoflush=False) as session:
        audit.bind(session, ACTOR, clock, "test")
        session.add(_person())
        session.commit()  # flushed by the commit itself
        session.execute(update(Person).values(family_name="Durand"))
        with pytest.raises(MissingAudit):
            session.commit()


def test_a_statement_on_many_rows_is_committed_with_its_counts(engine: Engine, clock: FixedClock) -> None:
    with _writing(engine, clock) as ctx:
        ctx.session.execute(insert(Person), [{"family_name": f"N{i}", "given_name": "X"} for i in range(3)])
        record_bulk(ctx, Person, "import", {"rows": 3, "file": "menages.csv"})

    (row,) = _trace(engine, "persons")
    assert (row.operation, row.difference) == ("import", {"rows": 3, "file": "menages.csv"})
    with Session(engine) as session:
        assert session.scalar(select(func.count(Person.id))) == 3


def test_what_is_undone_leaves_neither_rows_nor_trace(engine: Engine, clock: FixedClock) -> None:
    def write() -> None:
        with _writing(engine, clock) as ctx:
            ctx.session.add(_person())
            ctx.session.flush()
            raise KeyError("something went wrong")

    with pytest.raises(KeyError):
        write()
    assert _trace(engine, "persons") == []
    with Session(engine) as session:
        assert session.scalars(select(Person)).all() == []


def test_a_transaction_that_was_undone_does_not_forbid_the_next(engine: Engine, clock: FixedClock) -> None:
    audit.install(engine)
    with Session(engine) as session:
        audit.bind(session, ACTOR, clock, "test")
        session.execute(insert(Person), [{"family_name": "Durand", "given_name": "Luc"}])
        session.rollback()
        session.add(_person())
        session.commit()

    assert [row.operation for row in _trace(engine, "persons")] == ["insert"]


def test_tables_that_say_so_need_no_trace(engine: Engine, clock: FixedClock) -> None:
    with _writing(engine, clock) as ctx:
        ctx.session.add(SignInFailure(subject="address:x", at=ctx.clock.now()))
        ctx.session.flush()
        ctx.session.execute(delete(SignInFailure))

    assert _trace(engine, "sign_in_failures") == []
    assert "sign_in_failures" in audit.untraced_tables()


def test_no_table_of_facts_about_people_goes_without_trace() -> None:
    for model in (Case, Contact, Person, Organisation, User, Suspension, CaseEnd):
        assert model.__tablename__ not in audit.untraced_tables()


def test_naming_the_actor_again_in_the_middle_of_a_request_forgets_no_write(engine: Engine, clock: FixedClock) -> None:
    def write() -> None:
        with _writing(engine, clock) as ctx:
            ctx.session.execute(insert(Organisation).values(kind="FUNDER", name="Sans trace", created_at=clock.now()))
            audit.bind(ctx.session, ctx.actor, clock, "the same request, signed in")

    with pytest.raises(MissingAudit):
        write()


def test_a_traced_row_of_a_table_excuses_no_untraced_write_of_the_same_table(engine: Engine, clock: FixedClock) -> None:
    def write() -> None:
        with _writing(engine, clock) as ctx:
            make_organisation(ctx, OrganisationKind.FUNDER, "Avec trace")
            ctx.session.flush()
            ctx.session.execute(insert(Organisation).values(kind="FUNDER", name="Sans trace", created_at=clock.now()))

    with pytest.raises(MissingAudit):
        write()


PERSON = {
    "family_name": "Martin",
    "given_name": "Anne",
    "civility": "MME",
    "born_on": date(1984, 5, 17),
    "is_protected": False,
}
ALWAYS = select(literal_column("1", Integer()))


def test_a_row_leaves_the_same_trace_as_an_object(engine: Engine, clock: FixedClock) -> None:
    with _writing(engine, clock) as ctx:
        ctx.session.add(Person(**PERSON))  # type: ignore[arg-type]
    with _writing(engine, clock) as ctx:
        person_id = insert_row(ctx, Person, PERSON, ALWAYS)

    of_object, of_row = _trace(engine, "persons")
    assert of_row.operation == "insert"
    assert of_row.entity_id == person_id
    assert of_row.difference == of_object.difference | {"id": [None, person_id]}
    with Session(engine) as session:
        assert session.get_one(Person, person_id).born_on == PERSON["born_on"]


def test_a_row_for_which_nothing_is_found_is_not_there_and_leaves_no_trace(engine: Engine, clock: FixedClock) -> None:
    with _writing(engine, clock) as ctx:
        assert insert_row(ctx, Person, PERSON, ALWAYS.where(false())) is None

    assert _trace(engine, "persons") == []
    with Session(engine) as session:
        assert session.scalars(select(Person.id)).all() == []


def test_the_trace_of_a_row_names_its_case(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case_id = make_case(ctx, make_programme(ctx)).id
        values = {"occurred_on": ctx.today, "kind": "VAD", "outcome": "REALISEE", "shared_note": "", "private_note": ""}
        insert_row(ctx, Contact, values | {"case_id": case_id, "created_at": ctx.clock.now()}, ALWAYS)

    (row,) = _trace(engine, "contacts")
    assert row.case_id == case_id
    assert row.difference["created_at"] == [None, clock.now().isoformat()]


@pytest.mark.parametrize("next_write", ["an object", "a bulk", "another row"])
def test_traces_stand_in_the_order_of_the_writes(engine: Engine, clock: FixedClock, next_write: str) -> None:
    with _writing(engine, clock) as ctx:
        insert_row(ctx, Person, PERSON, ALWAYS)
        if next_write == "an object":
            ctx.session.add(_person())
            ctx.session.flush()
        elif next_write == "a bulk":
            record_bulk(ctx, Person, "import", {"rows": 0})
        else:
            insert_row(ctx, Person, PERSON, ALWAYS)

    first, second = _trace(engine, "persons")
    assert first.difference["civility"] == [None, "MME"]
    assert second.operation == ("import" if next_write == "a bulk" else "insert")


def test_a_row_that_is_undone_leaves_no_trace_in_the_next_transaction(engine: Engine, clock: FixedClock) -> None:
    audit.install(engine)
    with Session(engine) as session:
        ctx = Ctx(ACTOR, clock, session)
        audit.bind(session, ACTOR, clock, "test")
        insert_row(ctx, Person, PERSON, ALWAYS)
        session.rollback()
        insert_row(ctx, Person, PERSON, ALWAYS)
        session.close()
        person_id = insert_row(ctx, Person, PERSON, ALWAYS)
        session.commit()

    assert [row.entity_id for row in _trace(engine, "persons")] == [person_id]


def test_a_row_that_the_database_refuses_leaves_no_trace(engine: Engine, clock: FixedClock) -> None:
    audit.install(engine)
    with Session(engine) as session:
        audit.bind(session, ACTOR, clock, "test")
        with pytest.raises(IntegrityError):
            insert_row(Ctx(ACTOR, clock, session), Person, PERSON | {"given_name": None}, ALWAYS)
        session.rollback()
        session.execute(insert(Person), [{"family_name": "Durand", "given_name": "Luc"}])
        with pytest.raises(MissingAudit):
            session.commit()

    assert _trace(engine, "persons") == []


def test_a_row_excuses_no_untraced_write_of_the_same_table(engine: Engine, clock: FixedClock) -> None:
    def write() -> None:
        with _writing(engine, clock) as ctx:
            insert_row(ctx, Person, PERSON, ALWAYS)
            ctx.session.execute(update(Person).values(family_name="Durand"))

    with pytest.raises(MissingAudit):
        write()
    assert _trace(engine, "persons") == []
