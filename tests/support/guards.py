"""Unit tests prove rules, not wiring: while one runs, opening a connection of any kind is an error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

_FORBIDDEN = frozenset({"socket.connect", "socket.bind", "socket.getaddrinfo", "sqlite3.connect"})


class OutsideWorld(AssertionError):
    """A unit test reached for a database or the network."""


class _Guard:
    """Python keeps an audit hook for ever, so one is installed once and listens only when told to."""

    def __init__(self) -> None:
        self.is_on = False
        self.is_installed = False

    def install(self) -> None:
        if not self.is_installed:
            sys.addaudithook(self._on_event)
            event.listen(Engine, "do_connect", self._on_connect)
            self.is_installed = True

    def _on_event(self, name: str, _arguments: tuple[object, ...]) -> None:
        if self.is_on and name in _FORBIDDEN:
            raise OutsideWorld(f"a unit test must not use {name}: move it to tests/integration, or pass what it reads")

    def _on_connect(self, *_arguments: object) -> None:
        if self.is_on:
            raise OutsideWorld("a unit test must not open a database: move it to tests/integration")


_GUARD = _Guard()


@contextmanager
def no_outside_world() -> Iterator[None]:
    """Refuse connections to databases and to the network inside the block."""
    _GUARD.install()
    _GUARD.is_on = True
    try:
        yield
    finally:
        _GUARD.is_on = False
