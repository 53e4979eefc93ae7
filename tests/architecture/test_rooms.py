"""Promises of the files of a room: each has one job, and what it needs for another job it may not import.

The arrows between the rooms are the contract of import-linter in setup.cfg.
"""

from __future__ import annotations

import ast
import re
import sys

import pytest

from tests.support.tree import PACKAGE, imports, python_files, room_files, shown, syntax

FLASK = r"(?:flask\w*|werkzeug|jinja2)"
DATABASE = r"(?:sqlalchemy|alembic|psycopg|pysqlite3|sqlite3|casework\.kernel\.database)"
CLOCK = r"casework\.kernel\.(?:clock|context)"


def _room(*jobs: str) -> str:
    return rf"casework\.\w+\.(?:{'|'.join(jobs)})"


# Where the transaction of a request, and that of a command or job, are ended.
TRANSACTIONS = {PACKAGE / "web" / "requests.py", PACKAGE / "kernel" / "transaction.py"}

# What a file of this name never imports.
FORBIDDEN = {
    "rules": [FLASK, DATABASE, CLOCK, "wtforms", _room("models", "queries", "service", "forms", "routes")],
    "models": [FLASK, "wtforms", _room("queries", "service", "forms", "routes")],
    "queries": [FLASK, "wtforms", _room("service", "forms", "routes")],
    "service": [FLASK, "wtforms", _room("forms", "routes")],
    # A form may build the arguments of its use case, whose types stand in the service.
    "forms": [DATABASE, _room("models", "queries", "routes")],
    "routes": [DATABASE],
    "jobs": [FLASK, "wtforms", _room("forms", "routes")],
}


@pytest.mark.parametrize("job", FORBIDDEN)
def test_a_file_imports_only_what_its_job_needs(job: str) -> None:
    forbidden = re.compile(rf"(?:{'|'.join(FORBIDDEN[job])})(?:\.|$)")
    found = [
        f"{shown(path, line)} imports {name}"
        for path in room_files(job)
        for name, line in imports(path)
        if forbidden.match(name)
    ]

    assert found == []


def test_a_vocabulary_imports_nothing_but_other_words() -> None:
    found = [
        f"{shown(path, line)} imports {name}"
        for path in room_files("vocabulary")
        for name, line in imports(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and not re.match(_room("vocabulary"), name)
    ]

    assert found == []


def test_a_transaction_ends_in_one_place() -> None:
    """One for each request, one for each command or job: no use case decides by itself that its work is final."""
    found = [
        f"{shown(path, node.lineno)} calls {node.func.attr}()"
        for path in python_files()
        if path not in TRANSACTIONS
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]

    assert found == []
