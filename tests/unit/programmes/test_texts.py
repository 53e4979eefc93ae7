"""The French of the catalogue: set right, spelt right, respectful, in our own words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from casework.programmes.catalogue import FOLDER, catalogue_codes, catalogue_definition
from tests.support.french import FAULTS, FAULTS_OF_FIGURES, misspelt, words_in
from tests.support.tree import ROOT

FILES = sorted(FOLDER.glob("*.toml"), key=lambda path: path.name)
# The sources and what was drawn from them stand beside the repository on some machines.
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
MECHANISMS = ROOT.parent / "shared" / "mechanisms.md"
# Keys whose texts are codes, and names that nobody may put in other words.
CODES = {"publics", "actions", "origin", "category", "mode", "stages", "stage", "unit", "by", "kind", "what", "when"}
CODES |= {
    "roles",
    "parties",
    "to",
    "leases",
    "stock",
    "scope",
    "status",
    "key",
    "named",
    "period",
    "total_period",
    "id",
}
CODES |= {"per", "debt_mode", "forms", "accompaniment_unit_period", "gla_unit_period"}
A_CODE = re.compile(r"access|maintain|[a-z]+(_[a-z]+)+|[A-Z]+(_[A-Z]+)+")
NAMES = {"landlords", "operators", "place", "funder", "holder", "name", "body"}
RUN = 7
# People are no « cas »; these are words of their own.
CASES = re.compile(r"au cas par cas|en cas d|cas exceptionnel|« cas complexes »")
# What a sheet misprints stands between « and ».
QUOTED = re.compile(r"«[^»]*»")


def texts(node: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield (key, text) of everything that a file says in words."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from texts(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value, key)
    elif isinstance(node, str) and key not in CODES and not A_CODE.fullmatch(node):
        yield key, node


@cache
def said(path: Path) -> tuple[tuple[str, str], ...]:
    return tuple(texts(tomllib.loads(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_french_is_set_as_french_is_set(path: Path) -> None:
    rules = FAULTS | FAULTS_OF_FIGURES
    faults = [(rule, text) for _key, text in said(path) for rule, fault in rules.items() if fault.search(text)]
    faults += [("no space at the ends", text) for _key, text in said(path) if text != text.strip()]

    assert faults == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_people_are_called_as_people(path: Path) -> None:
    words = [CASES.sub("", text.replace("\u00a0", " ")) for _key, text in said(path)]

    assert [text for text in words if re.search(r"\b(usagers?|bénéficiaires?|cas)\b", text, re.IGNORECASE)] == []


@cache
def names() -> frozenset[str]:
    """Return the words of the names of places and organisations, wherever the catalogue gives them."""
    given = [text for path in FILES for key, text in said(path) if key in {"landlords", "operators", "place"}]
    return frozenset(word for text in given for word in words_in(text) if not word[0].islower())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_word_is_spelt_right(path: Path) -> None:
    assert [word for _key, text in said(path) for word in misspelt(QUOTED.sub("", text), names())] == []


@cache
def runs() -> frozenset[tuple[str, ...]]:
    """Return every run of words of the sources."""
    found: set[tuple[str, ...]] = set()
    for path in SEEDS:
        words = [word.lower() for word in words_in(path.read_text(encoding="utf-8"))]
        found.update(tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
    return frozenset(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_sentence_is_taken_from_the_sources(path: Path) -> None:
    copied = []
    for _key, text in [pair for pair in said(path) if pair[0] not in NAMES]:
        words = [word.lower() for word in words_in(text)]
        found = [words[start : start + RUN] for start in range(len(words) - RUN + 1)]
        copied += [" ".join(run) for run in found if tuple(run) in runs()]

    assert copied == []


def contradictions() -> set[tuple[str, str]]:
    """Return (entry, kind of remark) of every contradiction that was found in the sources."""
    kinds = {"Arithmetic": "arithmetic", "Logic": "logic", "Misprints": "misprint"}
    kind, found = "", set()
    for line in MECHANISMS.read_text(encoding="utf-8").splitlines() if MECHANISMS.exists() else ():
        if line.startswith("##"):
            heading = line.removeprefix("### ").split(" ")[0]
            kind = kinds.get(heading, "") if line.startswith("### ") else ""
        elif kind and (entry := re.match(r"- \*\*([^*]+)\*\*", line)):
            found.add((entry[1], kind))
    return found


def test_every_contradiction_of_a_sheet_is_among_its_remarks() -> None:
    remarked = {(code, remark.kind) for code in catalogue_codes() for remark in catalogue_definition(code).remarks}

    assert sorted(contradictions() - remarked) == []
