"""What the browser tests start from: the demonstration, made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.demo.loading import load_demo
from casework.kernel.clock import FixedClock
from casework.kernel.database import create_engine_for
from tests.conftest import TODAY
from tests.factories import session_cookie
from tests.support.browsers import DESKTOP, watched_context
from tests.support.databases import SQLITE, Databases
from tests.support.live_server import LiveServer

SignedInPage = Callable[..., Page]


@pytest.fixture(scope="session")
def demo_file(databases: Databases) -> Path:
    """A SQLite database that holds the demonstration of TODAY."""
    url = databases.create(SQLITE)
    engine = create_engine_for(url)
    load_demo(engine, FixedClock.on(TODAY))
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return Path(make_url(url).database or "")


@pytest.fixture
def database_url(demo_file: Path, tmp_path: Path) -> str:
    """A copy of the demonstration for one test."""
    copy = tmp_path / "demo.sqlite3"
    shutil.copyfile(demo_file, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def user_of(app: Flask) -> Callable[[Role], User]:
    """The first account of a role in the demonstration."""

    def find(role: Role) -> User:
        with Session(app.extensions["casework"].engine) as session:
            found = session.scalars(
                select(User).where(User.role == role.value, User.password_hash.is_not(None)).order_by(User.id)
            ).first()
        assert found is not None
        return found

    return find


@pytest.fixture
def signed_in_page(
    browser: Browser, live_server: LiveServer, app: Flask, user_of: Callable[[Role], User]
) -> Iterator[SignedInPage]:
    """`signed_in_page(role, viewport=…, java_script_enabled=…)`: a watched page of somebody of that role."""
    stack = ExitStack()

    def open_page(role: Role, **options: object) -> Page:
        context = stack.enter_context(watched_context(browser, live_server.url, **({"viewport": DESKTOP} | options)))
        name, value = session_cookie(app, user_of(role))
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return context.new_page()

    with stack:
        yield open_page
