"""Promises of every file under version control."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.tree import ROOT, VENDOR, repository_files, shown

# Folders that exist on the machine of whoever wrote a file and mean nothing on another one.
MACHINE_PATH = re.compile(r"(?<![\w./:>}])/(?:home|root|Users|work|private|mnt|tmp|opt)/[\w.]")
FOREIGN = (VENDOR, ROOT / "tests" / "support" / "axe.min.js", ROOT / "tests" / "support" / "axe.LICENSE")
DATABASE_FILES = {".sqlite3", ".db", ".dump"}


def _texts() -> list[tuple[Path, str]]:
    own = [path for path in repository_files() if not any(path.is_relative_to(foreign) for foreign in FOREIGN)]
    texts = []
    for path in own:
        try:
            texts.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:  # pictures, fonts, ledgers in the encoding of their software
            continue
    return texts


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = [
        f"{shown(path, number)}: {line.strip()[:80]}"
        for path, text in _texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ('folder = "/home' + '/anna/casework"', True),
        ("cd /tmp" + "/try", True),
        ("https://example.org/work" + "/x", False),
        ('href="/menages/12"', False),
    ],
)
def test_the_check_of_paths_knows_an_address_from_a_folder(line: str, is_found: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is is_found


def test_no_database_is_under_version_control() -> None:
    assert [shown(path) for path in repository_files() if path.suffix in DATABASE_FILES] == []


def test_every_text_ends_with_a_line_end_and_no_line_with_a_space() -> None:
    untidy = [
        shown(path)
        for path, text in _texts()
        if path.suffix in {".py", ".html", ".css", ".js", ".toml", ".cfg", ".sh"}
        and text
        and (not text.endswith("\n") or re.search(r"[ \t]+$", text, re.MULTILINE))
    ]

    assert untidy == []
