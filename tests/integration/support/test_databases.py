"""The databases under the tests are real ones, fresh for each test, and seen as the application sees them."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, inspect, text

from casework.kernel.database import create_engine_for
from casework.models import metadata
from tests.support.databases import Databases


def test_every_table_of_the_program_is_there(engine: Engine) -> None:
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}


@pytest.mark.databases("postgresql")
def test_the_application_is_no_superuser(engine: Engine) -> None:
    """A superuser passes row-level security, so tests as superuser would prove nothing."""
    with engine.connect() as connection:
        role = connection.execute(
            text("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        ).one()
        owner = connection.execute(
            text("SELECT DISTINCT tableowner = current_user FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        assert tuple(role) == (False, False, False)
        assert list(owner) == [True]


def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    engine = create_engine_for(empty_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_what_one_test_writes_no_other_sees(databases: Databases, database_kind: str) -> None:
    urls = [databases.create(database_kind) for _ in range(2)]
    first, second = (create_engine_for(url) for url in urls)
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id INTEGER)"))

    assert "only_here" not in inspect(second).get_table_names()

    for engine, url in zip((first, second), urls, strict=True):
        engine.dispose()
        databases.drop(url)
