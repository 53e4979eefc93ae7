"""Programmes are data: nothing in the code names one."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.programmes.catalogue import catalogue_codes, catalogue_definition

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted([*(ROOT / "casework").rglob("*.py"), *(ROOT / "templates").rglob("*.html")])


@pytest.mark.parametrize("code", catalogue_codes())
def test_no_line_of_the_program_names_a_programme_of_the_catalogue(code: str) -> None:
    definition = catalogue_definition(code)
    # A name of one word may be a word of the field; a code may be a number of something else unless it is quoted.
    organisations = [name for name in (*definition.landlords, *definition.operators) if " " in name]
    names = [f'"{code}"', f"'{code}'", *organisations]

    named = [str(path.relative_to(ROOT)) for path in CODE if any(name in path.read_text("utf-8") for name in names)]

    assert named == []
