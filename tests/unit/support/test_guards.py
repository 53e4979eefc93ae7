"""A unit test that reaches for the outside world fails, however it goes about it."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import pytest

from casework.kernel.database import create_engine_for
from tests.support.guards import OutsideWorld


def test_a_unit_test_cannot_open_a_database(tmp_path: Path) -> None:
    with pytest.raises(OutsideWorld):
        create_engine_for(f"sqlite:///{tmp_path / 'x.sqlite3'}").connect()
    with pytest.raises(OutsideWorld):
        create_engine_for("postgresql://owner@/nowhere?host=/nowhere").connect()
    with pytest.raises(OutsideWorld):
        sqlite3.connect(":memory:")


def test_a_unit_test_cannot_reach_the_network() -> None:
    with socket.socket() as connection, pytest.raises(OutsideWorld):
        connection.connect(("127.0.0.1", 9))
    with pytest.raises(OutsideWorld):
        socket.getaddrinfo("localhost", 80)
