"""The files of the project, for the tests that hold a promise for every one of them, present or future."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "casework"
TEMPLATES = ROOT / "templates"
STATIC = PACKAGE / "web" / "static"
VENDOR = STATIC / "vendor"

# Parts of the house that are no rooms of it.
NOT_ROOMS = {"kernel", "web", "rendering", "scheduler", "translations"}


@cache
def repository_files() -> tuple[Path, ...]:
    """Return every file that is under version control or would be with the next commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def python_files(folder: Path = PACKAGE) -> list[Path]:
    """Return the Python files below `folder`."""
    return sorted(folder.rglob("*.py"))


def room_files(name: str) -> list[Path]:
    """Return the files that do the job `name` ("rules", "service"…) in the rooms; a job may have grown into a folder."""
    found = []
    for path in python_files():
        room, *below = path.relative_to(PACKAGE).with_suffix("").parts
        if room not in NOT_ROOMS and below and below[0] == name:
            found.append(path)
    return found


@cache
def syntax(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each imported name in full, with its line; what is only imported for the type checker counts too."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def shown(path: Path, line: int | None = None) -> str:
    """Return the place as an editor opens it."""
    place = str(path.relative_to(ROOT))
    return place if line is None else f"{place}:{line}"
