"""One application and one world for each database, and requests that leave no trace in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.requests import Door, open_door
from tests.support.databases import Databases


@pytest.fixture(scope="session")
def door(databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The application, with a browser for each role; nothing that is sent to it stays."""
    url = databases.create(database_kind)
    with open_door(url, tmp_path_factory.mktemp("door")) as door:
        yield door
    databases.drop(url)
