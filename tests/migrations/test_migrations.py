"""The migrations lead to the tables of the program, and back, and there again."""

from __future__ import annotations

from sqlalchemy import inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from casework.kernel.database import create_engine_for
from casework.kernel.migrate import current_revision, differences, downgrade, head_revision, upgrade
from casework.models import metadata
from casework.rents.models import RentLine


def _schema(url: str) -> dict[str, object]:
    """Return everything the database says of its tables, in an order of its own."""
    engine = create_engine_for(url)
    inspector = inspect(engine)
    schema: dict[str, object] = {}
    for table in inspector.get_table_names():
        schema[table] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column.get("default"))
                for column in inspector.get_columns(table)
            ],
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": sorted(map(str, inspector.get_foreign_keys(table))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "checks": sorted(map(str, inspector.get_check_constraints(table))),
            "indexes": sorted(_index(index) for index in inspector.get_indexes(table)),
        }
    engine.dispose()
    return schema


def _index(index: ReflectedIndex) -> str:
    """Return an index in words, the condition of a partial one among them."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def test_up_down_and_up_again_gives_the_same_schema(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    first = _schema(empty_database_url)
    downgrade(empty_database_url)
    below = _schema(empty_database_url)
    upgrade(empty_database_url)

    assert set(below) <= {"alembic_version"}
    assert set(first) == {*metadata.tables, "alembic_version"}
    assert _schema(empty_database_url) == first


def test_the_migrations_say_what_the_tables_say(database_url: str) -> None:
    engine = create_engine_for(database_url)

    assert differences(engine, metadata) == []
    assert current_revision(engine) == head_revision()

    engine.dispose()


def test_a_second_upgrade_changes_nothing(database_url: str) -> None:
    before = _schema(database_url)
    upgrade(database_url)

    assert _schema(database_url) == before


def test_every_constraint_has_a_name(database_url: str) -> None:
    """A violation is told to the user by the name of the constraint."""
    engine = create_engine_for(database_url)
    inspector = inspect(engine)
    nameless = [
        (table, constraint)
        for table in inspector.get_table_names()
        if table != "alembic_version"
        for constraint in [
            inspector.get_pk_constraint(table),
            *inspector.get_foreign_keys(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_check_constraints(table),
        ]
        if not constraint["name"]
    ]
    engine.dispose()

    assert nameless == []


_A_PROGRAMME = (
    "INSERT INTO programmes (id, code, name, landlord_id, operator_id, created_at) "
    "VALUES (1, 'A', 'A', 1, 1, '2025-02-03 10:20:30')"
)
_A_VERSION = (
    "INSERT INTO programme_versions (id, programme_id, number, valid_from, definition, digest) "
    "VALUES (1, 1, 1, '2025-01-01', '{}', 'x')"
)


def test_versions_that_were_there_take_the_day_their_programme_was_opened(empty_database_url: str) -> None:
    upgrade(empty_database_url, "0004")
    engine = create_engine_for(empty_database_url)
    with engine.begin() as connection:
        for statement in [
            "INSERT INTO organisations (id, kind, name, created_at) VALUES (1, 'LANDLORD', 'A', '2025-01-01 08:00:00')",
            _A_PROGRAMME,
            _A_VERSION,
        ]:
            connection.execute(text(statement))
    upgrade(empty_database_url)
    downgrade(empty_database_url, "0004")
    upgrade(empty_database_url)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT created_at, created_by_id, reason FROM programme_versions")).one()
    engine.dispose()

    assert str(row.created_at).startswith("2025-02-03 10:20:30")
    assert (row.created_by_id, row.reason) == (None, "")


def test_the_ledger_keeps_its_lines_when_they_change_their_key(empty_database_url: str) -> None:
    upgrade(empty_database_url, "0007")
    engine = create_engine_for(empty_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO organisations (id, name, kind, created_at) VALUES (1, 'Bailleur', 'LANDLORD', '2026-01-01 00:00:00')"
        )
        connection.exec_driver_sql(
            "INSERT INTO rent_accounts (id, landlord_id, lease_number) VALUES (7, 1, 'L7'), (8, 1, 'L8')"
        )
        connection.exec_driver_sql(
            "INSERT INTO rent_lines (account_id, month, rent_cents, charges_cents, benefit_cents, paid_cents,"
            " balance_cents, tenant_name, import_id) VALUES (8, '2026-02-01', 1, 2, 3, 4, 5, 'B', 9),"
            " (7, '2026-02-01', 1, 2, 3, 4, -5, 'A', NULL), (7, '2026-01-01', 6, 7, 8, 9, 10, 'A', 9)"
        )

    def lines() -> list[tuple[object, ...]]:
        columns = ", ".join(RentLine.__table__.c.keys())
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(f"SELECT {columns} FROM rent_lines ORDER BY account_id, month")
            return [tuple(row) for row in rows]

    before = lines()
    assert len(before) == 3
    upgrade(empty_database_url)
    assert lines() == before
    downgrade(empty_database_url, "0007")
    assert lines() == before
    with engine.connect() as connection:
        numbers = connection.exec_driver_sql("SELECT count(DISTINCT id), count(id) FROM rent_lines").one()
    engine.dispose()
    assert tuple(numbers) == (3, 3)
