"""Uploads wait for a day: from the first file on, and no longer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.exchange.reading.records import Source
from casework.exchange.uploads import KEPT_FOR, WaitingRoom

NOW = datetime(2026, 3, 30, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _interrupted() -> Iterator[Source]:
    yield Source("menages.csv", b"a")
    raise OSError("disk full")


def test_an_upload_that_is_being_written_is_left_alone_by_whoever_cleans(tmp_path: Path) -> None:
    room = WaitingRoom(tmp_path)

    def sources() -> Iterator[Source]:
        for number in range(3):
            assert WaitingRoom(tmp_path).forget_old(NOW + HOUR) == 0
            yield Source(f"{number}.csv", b"%d" % number)

    token = room.keep(7, 1, sources(), NOW)

    assert [source.data for source in room.sources(room.find(7, token))] == [b"0", b"1", b"2"]
    assert [path.name for path in (tmp_path / "imports").iterdir()] == [token]


def test_an_upload_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk full"):
        WaitingRoom(tmp_path).keep(7, 1, _interrupted(), NOW)

    assert list((tmp_path / "imports").iterdir()) == []


def test_what_a_crash_leaves_goes_with_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = WaitingRoom(tmp_path)
    with monkeypatch.context() as crashed:
        crashed.setattr(shutil, "rmtree", lambda *_arguments, **_options: None)
        with pytest.raises(OSError, match="disk full"):
            room.keep(7, 1, _interrupted(), NOW)
    assert len(list((tmp_path / "imports").iterdir())) == 1

    assert room.forget_old(NOW + KEPT_FOR) == 0
    assert room.forget_old(NOW + KEPT_FOR + HOUR) == 1
    assert list((tmp_path / "imports").iterdir()) == []


def test_an_upload_without_its_index_is_found_by_nobody_and_goes(tmp_path: Path) -> None:
    room = WaitingRoom(tmp_path)
    token = room.keep(7, 1, [Source("menages.csv", b"a")], NOW)
    (tmp_path / "imports" / token / "index.json").unlink()

    assert room.forget_old(NOW) == 1
