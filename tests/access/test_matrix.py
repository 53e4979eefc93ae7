"""tests/access/matrix.csv, line by line, by real requests."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from tests.access.requests import Door, methods_of, relations_of
from tests.access.world import WHO, Relation

FILE = Path(__file__).with_name("matrix.csv")
Line = tuple[str, str, str]


def _matrix() -> dict[Line, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = {(row.pop("endpoint"), row.pop("method"), row.pop("relation")): row for row in rows}
    assert len(lines) == len(rows), "a line stands twice"
    return lines


def _asked(door: Door) -> dict[Line, list[Rule]]:
    """Return the addresses that each line of the matrix must be about."""
    asked: dict[Line, list[Rule]] = {}
    for rule in door.rules():
        for method in methods_of(rule):
            for relation in relations_of(rule):
                asked.setdefault((rule.endpoint, method, relation.value), []).append(rule)
    return asked


def test_every_endpoint_has_its_lines_and_every_line_an_endpoint(door: Door) -> None:
    lines, asked = set(_matrix()), set(_asked(door))

    assert sorted(asked - lines) == [], "say who may: these have no line in tests/access/matrix.csv"
    assert sorted(lines - asked) == [], "these lines of tests/access/matrix.csv are about nothing"


def test_every_cell_of_the_matrix_is_what_a_real_request_gets(
    door: Door, database_kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    matrix, right, wrong = _matrix(), 0, []
    for line, rules in _asked(door).items():
        for rule in rules:
            for who in WHO:
                expected = matrix.get(line, {}).get(who, "no line")
                found = door.ask(who, line[1], door.url(rule, Relation(line[2]), who)).cell
                right += found == expected
                if found != expected:
                    wrong.append(f"{' '.join(line)} as {who}: {found} instead of {expected}")

    with capfd.disabled():
        sys.stderr.write(f"\naccess matrix on {database_kind}: {right}/{right + len(wrong)} cells\n")
    assert wrong == []
