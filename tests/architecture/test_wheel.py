"""The wheel is the whole application: what stands beside the package in a checkout travels inside it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.tree import ROOT, repository_files

# Folders of the repository and their place in the wheel.
PLACES = {"casework": "casework", "templates": "casework/templates", "migrations": "casework/migrations"}
BUILD_FILES = {"setup.cfg", "setup.py", "pyproject.toml", "README.md"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """Build from a copy: building leaves traces in the folder it is done in."""
    copy = tmp_path_factory.mktemp("checkout")
    for path in repository_files():
        name = path.relative_to(ROOT)
        if name.parts[0] in PLACES or str(name) in BUILD_FILES:
            (copy / name.parent).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--wheel-dir", str(copy / "dist"), str(copy)]
    built = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (path,) = (copy / "dist").glob("casework-*.whl")
    return zipfile.Path(path)


def test_every_file_of_the_application_is_in_the_wheel(wheel: zipfile.Path) -> None:
    names = set(wheel.root.namelist())
    expected = {
        str(Path(PLACES[top], *below))
        for path in repository_files()
        for top, *below in [path.relative_to(ROOT).parts]
        if top in PLACES
    }

    assert sorted(expected - names) == []


def test_nothing_else_is_in_the_wheel(wheel: zipfile.Path) -> None:
    tops = {name.partition("/")[0] for name in wheel.root.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"casework"}


def test_the_command_is_declared(wheel: zipfile.Path) -> None:
    (entry_points,) = [name for name in wheel.root.namelist() if name.endswith(".dist-info/entry_points.txt")]

    assert "casework = casework.cli:main" in wheel.root.read(entry_points).decode()
