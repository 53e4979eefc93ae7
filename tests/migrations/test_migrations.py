"""The migrations lead to the tables of the program, and back, and there again."""

from __future__ import annotations

from sqlalchemy import inspect

from casework.kernel.database import create_engine_for
from casework.kernel.migrate import current_revision, differences, downgrade, head_revision, upgrade
from casework.models import metadata


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
            "indexes": sorted(map(str, inspector.get_indexes(table))),
        }
    engine.dispose()
    return schema


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
