"""The benchmark itself works: it measures every line, and finds the same rows and alerts on both sides."""

from __future__ import annotations

import re
import subprocess
import sys

from bench.__main__ import NAMES
from tests.support.tree import ROOT

LINES = (
    "catalogue of 96 definitions, beside TOML",
    "36 months of 2 households of F-SEMIS, beside rows alone",
    "36 months of 2 households of F-ICF, beside rows alone",
    "sweep of 200 households, first run",
    "sweep of 200 households, nothing new",
    "sweep on SQLite, 200 beside 150",
    "caseload, 50 rows, filtered and sorted",
    "case, 60 contacts",
    "save a contact",
    "caseload, behind both walls beside none",
    "case, behind both walls beside none",
    "caseload, 300 beside 150",
    "case, 300 beside 150",
    "caseload of a referent, 300 beside 150",
    "import of # ledger lines, beside COPY",
    "import of # ledger lines, SQLite, beside inserts",
    "anonymising 200 households, beside 5 minutes for 10000",
    "anonymising 200 households, SQLite, beside 5 minutes for 10000",
)


def test_quick_run_measures_every_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    # How many months a household has rented is the simulator's to say.
    measured = [re.sub(r"\d+ (?=ledger)", "# ", line.split("  ")[0]) for line in done.stdout.splitlines()[1:]]
    assert measured == list(LINES)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--only", "nothing"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert all(name in done.stderr for name in NAMES)
