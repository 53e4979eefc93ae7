"""Promises of every Python file: small, named for what it does, and told the time instead of reading it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tree import PACKAGE, ROOT, python_files, shown, syntax

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base_service", "misc"}
FORBIDDEN_ENDINGS = ("_utils", "_util", "_helpers", "_helper", "_manager")

CLOCK = PACKAGE / "kernel" / "clock.py"
CLOCK_READS = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
    # The database has a clock too, and a test cannot move that one.
    "func": {"now", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp", "statement_timestamp"},
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(path: Path) -> Iterator[Function]:
    yield from (node for node in ast.walk(syntax(path)) if isinstance(node, Function))


def _lines(function: Function) -> int:
    """Return the length without decorators and docstring: explaining must not cost."""
    first, last = function.lineno, function.end_lineno or function.lineno
    documentation = function.body[0] if ast.get_docstring(function) else None
    explained = (documentation.end_lineno or 0) - documentation.lineno + 1 if documentation else 0
    return last - first + 1 - explained


def test_no_file_outgrows_a_sitting() -> None:
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}

    assert {name: count for name, count in lengths.items() if count > MAX_FILE_LINES} == {}


def test_no_function_outgrows_a_screen() -> None:
    long = [
        f"{shown(path, function.lineno)} {function.name}: {_lines(function)} lines"
        for path in python_files()
        for function in _functions(path)
        if _lines(function) > MAX_FUNCTION_LINES
    ]

    assert long == []


def test_modules_are_named_for_what_they_do() -> None:
    parts = {part: path for path in python_files() for part in path.relative_to(PACKAGE).with_suffix("").parts}
    nameless = [
        shown(path) for part, path in parts.items() if part in FORBIDDEN_NAMES or part.endswith(FORBIDDEN_ENDINGS)
    ]

    assert nameless == []


def _clock_reads(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if node.attr in CLOCK_READS.get(owner, ()):
                yield node.lineno, f"{owner}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            for name in sorted({alias.name for alias in node.names} & CLOCK_READS["time"]):
                yield node.lineno, f"time.{name}"


@pytest.mark.parametrize("folder", ["casework", "migrations", "bench"])
def test_only_the_clock_reads_the_clock(folder: str) -> None:
    reads = [
        f"{shown(path, line)} {name}"
        for path in python_files(ROOT / folder)
        if path != CLOCK
        for line, name in _clock_reads(syntax(path))
    ]

    assert reads == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("datetime.now(UTC)", ["datetime.now"]),
        ("dt.datetime.utcnow()", ["datetime.utcnow"]),
        ("date.today()", ["date.today"]),
        ("from time import monotonic, time", ["time.time"]),
        ("mapped_column(default=func.now())", ["func.now"]),
        ("ctx.clock.now(); clock.today(); time.monotonic()", []),
    ],
)
def test_the_check_of_the_clock_sees_every_read(source: str, names: list[str]) -> None:
    assert [name for _line, name in _clock_reads(ast.parse(source))] == names
