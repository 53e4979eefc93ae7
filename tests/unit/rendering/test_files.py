"""A file is whole or not there, and its name holds nothing that a browser reads otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.rendering.files import name_part, write_atomically


def test_a_file_is_written_and_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "bilan.pdf"

    write_atomically(target, b"first")
    write_atomically(target, b"second")

    assert target.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_is_for_its_owner_alone_even_where_another_one_was_open(tmp_path: Path) -> None:
    target = tmp_path / "dossier.json"
    target.touch(mode=0o644)

    write_atomically(target, b"content")

    assert target.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_atomically(tmp_path / "nowhere" / "bilan.pdf", b"content")

    assert list(tmp_path.iterdir()) == []


def test_what_was_there_survives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "bilan.pdf"
    target.write_bytes(b"before")

    def refuse(_self: Path, _target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(target, b"after")

    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("text", "part"), [("T-2026-001_b", "T-2026-001_b"), ("F/É 12", "F---12"), ('..\\"\r\n;', "-------"), ("", "")]
)
def test_a_part_of_a_name_is_letters_and_digits(text: str, part: str) -> None:
    assert name_part(text) == part
