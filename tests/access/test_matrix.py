"""tests/access/matrix.csv, line by line, by real requests.

A line says what each role gets at an endpoint, by a method, for what stands in a relation to them; several relations that
get the same stand in one line, a "+" between them. People review the file: a cell that nobody can justify is a defect of
the product. What was found is printed in the form of the file when a line is missing or wrong, to be judged.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from tests.access.requests import Door, methods_of, relations_of
from tests.access.vocabulary import WHO, Relation

FILE = Path(__file__).with_name("matrix.csv")
TOGETHER = " + "
Line = tuple[str, str, str]


def _matrix() -> dict[Line, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines: dict[Line, dict[str, str]] = {}
    for row in rows:
        endpoint, method, relations = row.pop("endpoint"), row.pop("method"), row.pop("relation").split(TOGETHER)
        for relation in relations:
            assert (endpoint, method, relation) not in lines, f"{endpoint} {method} {relation} stands twice"
            lines[endpoint, method, relation] = row
    return lines


def _as_lines(found: dict[Line, dict[str, str]]) -> list[str]:
    """Return cells in the form of the file: relations that get the same in one line."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for (endpoint, method, relation), cells in found.items():
        alike.setdefault((endpoint, method, *(cells[who] for who in WHO)), []).append(relation)
    return [
        ",".join((endpoint, method, TOGETHER.join(relations), *cells))
        for (endpoint, method, *cells), relations in alike.items()
    ]


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
    matrix, found, right, wrong = _matrix(), dict[Line, dict[str, str]](), 0, list[str]()
    for line, rules in _asked(door).items():
        for rule in rules:
            cells = {who: door.ask(who, line[1], door.url(rule, Relation(line[2]), who)).cell for who in WHO}
            expected = matrix.get(line, {})
            found[line] = cells
            right += sum(expected.get(who) == cell for who, cell in cells.items())
            wrong += [
                f"{' '.join(line)} as {who}: {cell} instead of {expected.get(who, 'no line')}"
                for who, cell in cells.items()
                if expected.get(who) != cell
            ]

    with capfd.disabled():
        sys.stderr.write(f"\naccess matrix on {database_kind}: {right}/{right + len(wrong)} cells\n")
    endpoints = {line[0] for line, cells in found.items() if cells != matrix.get(line)}
    judged = _as_lines({line: cells for line, cells in found.items() if line[0] in endpoints})
    assert wrong == [], "what was found, for people to judge:\n" + "\n".join(judged)
