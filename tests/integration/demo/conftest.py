"""The demonstration, loaded once for each database and looked at by many tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

import casework
from casework.demo.loading import load_demo
from casework.kernel.clock import FixedClock
from casework.settings import Settings
from tests.conftest import TODAY
from tests.support.databases import Databases
from tests.support.keys import KEYS
from tests.support.strict_client import StrictClient


@pytest.fixture(scope="session")
def demo_app(databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a database that holds the demonstration."""
    url = databases.create(database_kind)
    folder = tmp_path_factory.mktemp("demo")
    settings = Settings(database_url=url, data_dir=folder, secret_key="a key for tests only", keys=KEYS)
    clock = FixedClock.on(TODAY)
    application = casework.create_app(settings, clock)
    application.testing = True
    application.test_client_class = StrictClient
    held = application.extensions["casework"]
    load_demo(held.engine, clock)
    yield application
    held.engine.dispose()
    databases.drop(url)
