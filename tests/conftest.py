"""The fixtures of every test, and what each kind of test may and must do."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine

import casework
from casework.kernel.clock import FixedClock
from casework.kernel.database import create_engine_for
from casework.kernel.vault import Vault, using
from casework.settings import Settings
from casework.web.printing import PageApp
from tests.support.browsers import accessibility_violations, start_browser, watched_context
from tests.support.compiled_templates import CompiledTemplates
from tests.support.databases import KINDS, SQLITE, Databases
from tests.support.guards import no_outside_world
from tests.support.keys import KEYS, SOURCE
from tests.support.live_server import LiveServer
from tests.support.strict_client import StrictClient

# What a test may touch follows from where it lives.
MARKS = {
    "unit": "unit",
    "architecture": "unit",
    "integration": "integration",
    "migrations": "integration",
    "access": "access",
    "e2e": "browser",
}
# A Monday, the day after the clocks went forward: the day on which naive date arithmetic shows.
TODAY = date(2026, 3, 30)

# The same examples everywhere and every time: a failure in continuous integration is a failure at home.
hypothesis.settings.register_profile("casework", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("casework")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test the mark of its folder."""
    root = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(root).parts[0]
        if folder not in MARKS:
            raise pytest.UsageError(f"{item.path}: tests live in one of tests/{{{','.join(MARKS)}}}")
        item.add_marker(MARKS[folder])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs a database on both, unless it names its own; a browser sees no difference between them."""
    if "database_kind" not in metafunc.fixturenames:
        return
    named = metafunc.definition.get_closest_marker("databases")
    in_browser = Path(metafunc.definition.path).relative_to(Path(__file__).parent).parts[0] == "e2e"
    kinds = named.args if named else (SQLITE,) if in_browser else KINDS
    metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep unit tests away from databases and the network."""
    with no_outside_world() if item.get_closest_marker("unit") else nullcontext():
        return (yield)


@pytest.fixture(scope="session", autouse=True)
def compiled_templates() -> Iterator[None]:
    """One store of compiled templates for the applications of a test run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PageApp, "jinja_options", {**PageApp.jinja_options, "bytecode_cache": CompiledTemplates()})
        yield


@pytest.fixture(scope="session", autouse=True)
def key_ring() -> Iterator[None]:
    """One ring of keys for everything that runs in a test run, the processes that a test starts among it."""
    with pytest.MonkeyPatch.context() as patch, using(Vault(SOURCE)):
        patch.setenv("CASEWORK_KEYS", KEYS)
        yield


@pytest.fixture(autouse=True)
def vault(key_ring: None) -> Iterator[Vault]:
    """The vault of the test; one that an application or a command puts in its place is gone after the test."""
    with using(Vault(SOURCE)) as installed:
        yield installed


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Maker of databases: `databases.create("postgresql", migrated=False)`."""
    with Databases(tmp_path_factory.mktemp("databases")) as made:
        yield made


@pytest.fixture
def database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """The address of a fresh, migrated database; the test runs on SQLite and on PostgreSQL."""
    url = databases.create(database_kind)
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """The address of a database without any table, for tests of the migrations themselves."""
    url = databases.create(database_kind, migrated=False)
    yield url
    databases.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The test's own way into the database of the application."""
    engine = create_engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    """The clock of the application: stands still on TODAY until the test moves it."""
    return FixedClock.on(TODAY)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of the application under test."""
    return Settings(database_url=database_url, data_dir=tmp_path / "data", secret_key="a key for tests only", keys=KEYS)


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The application over a fresh database."""
    application = casework.create_app(settings, clock)
    application.testing = True
    application.test_client_class = StrictClient
    yield application
    application.extensions["casework"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> StrictClient:
    """A browser without eyes that checks every page it gets."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    return client


@pytest.fixture
def live_server(app: Flask) -> Iterator[LiveServer]:
    """The application over real HTTP: `live_server.url`."""
    with LiveServer(app) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for each test process."""
    with sync_playwright() as playwright:
        chromium = start_browser(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page of a fresh profile; script errors, broken policy and requests to other addresses fail the test."""
    with watched_context(browser, live_server.url) as context:
        yield context.new_page()


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """The audit of accessibility: `assert axe(page) == []`."""
    return accessibility_violations
