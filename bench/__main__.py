"""`python -m bench`: what the application costs beside the bare floor, in ratios. It never fails on time."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.engine import make_url

from bench import data
from bench.anonymising import measure_anonymising
from bench.data import Filled, fill
from bench.definitions import measure_catalogue
from bench.households import LIVED, Lived, live
from bench.imports import measure_postgresql, measure_sqlite, write_ledgers
from bench.measure import Line, seconds, table
from bench.pages import measure_door, measure_pages, measure_scale
from bench.simulations import measure_simulations
from bench.sweeps import measure_growth, measure_sweep
from bench.traces import leave_traces
from casework.kernel.database import create_engine_for
from casework.kernel.migrate import upgrade
from casework.kernel.row_security import grant
from casework.kernel.vault import Vault, install
from tests.support.keys import SOURCE
from tests.support.postgres import APPLICATION, SUPERUSER, PostgresServer

PAGES = ("caseload", "case", "save")
ANONYMISING = ("anonymising-postgresql", "anonymising-sqlite")
IMPORTS = ("import-postgresql", "import-sqlite")
NAMES = ("catalogue", "simulation", *PAGES, "door", "scale", "sweep", "sweep-sqlite", *IMPORTS, *ANONYMISING)
# What a team's own server does: every commit reaches the disk.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
MEMORY = {"shared_buffers": "1GB", "max_wal_size": "4GB", "maintenance_work_mem": "256MB"}


@dataclass(frozen=True)
class Scale:
    """How much is measured: households, rounds, requests in each round, households that are simulated, and multiplied."""

    small: int
    medium: int
    large: int
    rounds: int
    requests: int
    long_rounds: int
    simulated: int
    lived: int


FULL = Scale(small=1_000, medium=10_000, large=100_000, rounds=15, requests=15, long_rounds=3, simulated=30, lived=250)
QUICK = Scale(small=150, medium=200, large=300, rounds=1, requests=2, long_rounds=1, simulated=2, lived=25)


class Bench:
    """The databases of one run, each made when it is first asked for."""

    def __init__(self, server: PostgresServer, scale: Scale, scratch: Path) -> None:
        self._server, self._scale, self._scratch = server, scale, scratch
        template = create_engine_for(server.create_database("template"))
        upgrade(server.url("template"))
        with template.begin() as connection:
            grant(connection, APPLICATION)
        template.dispose()
        self._lived: Lived | None = None
        self._filled: dict[tuple[int, bool], Filled] = {}

    def lines(self, names: set[str]) -> Iterator[Line]:
        """Measure what is asked for."""
        scale = self._scale
        if "catalogue" in names:
            yield from measure_catalogue(scale.rounds)
        if "simulation" in names:
            yield from measure_simulations(self._scratch, scale.simulated, scale.long_rounds)
        if "sweep" in names:
            yield from measure_sweep(self._households(scale.medium, swept=False), scale.long_rounds)
        if "sweep-sqlite" in names:
            small, medium = (self._households(size, swept=False) for size in (scale.small, scale.medium))
            yield from measure_growth(small, medium, self._scratch, scale.long_rounds)
        if names & set(PAGES):
            yield from measure_pages(self._households(scale.medium), names, scale.rounds, scale.requests)
        if "door" in names:
            yield from measure_door(self._households(scale.medium), scale.rounds, scale.requests)
        if "scale" in names:
            small, large = self._households(scale.small), self._households(scale.large)
            yield from measure_scale(small, large, scale.rounds, scale.requests)
        if names & set(IMPORTS):
            yield from self._imports(names)
        if names & set(ANONYMISING):
            filled = self._traced(scale.medium)
            yield from measure_anonymising(filled, self._copier(filled), self._scratch, scale.long_rounds, names)

    def _imports(self, names: set[str]) -> Iterator[Line]:
        filled = self._households(self._scale.medium, ledger=False)
        folder = self._scratch / "ledgers"
        rows = write_ledgers(filled, folder)
        rounds = self._scale.long_rounds
        if "import-postgresql" in names:
            yield from measure_postgresql(filled, rows, folder, self._copier(filled), rounds)
        if "import-sqlite" in names:
            yield from measure_sqlite(filled, rows, folder, self._scratch, rounds)

    def _copier(self, filled: Filled) -> Callable[[str], str]:
        return lambda name: self._server.create_database(name, make_url(filled.url).database or "")

    def _households(self, size: int, *, ledger: bool = True, swept: bool = True) -> Filled:
        key = (size, ledger)
        if key not in self._filled:
            name = f"households_{size}" if ledger else f"households_{size}_no_ledger"
            lived = self._those_who_lived()
            url = self._server.create_database(name, LIVED)
            spent = seconds(lambda: self._fill(key, url, name, lived))
            _say(f"{size} households made in {spent:.1f} s")
        filled = self._filled[key]
        if swept and ledger:
            spent = seconds(lambda: data.sweep(filled.url, filled.programme_id))
            _say(f"{size} households swept in {spent:.1f} s")
        return filled

    def _traced(self, size: int) -> Filled:
        """Return a copy of so many households in which the history of each has left its traces."""
        filled, name = self._households(size), f"households_{size}_traced"
        traced = replace(filled, url=self._copier(filled)(name))
        spent = seconds(lambda: leave_traces(self._server.url(name, SUPERUSER)))
        _say(f"{size} households traced in {spent:.1f} s")
        return traced

    def _fill(self, key: tuple[int, bool], url: str, name: str, lived: Lived) -> None:
        size, ledger = key
        self._filled[key] = fill(url, self._server.url(name, SUPERUSER), lived, size, ledger=ledger)

    def _those_who_lived(self) -> Lived:
        if self._lived is None:
            url = self._server.create_database(LIVED, "template")
            start = time.perf_counter()
            self._lived = live(url, self._server.url(LIVED, SUPERUSER), self._scale.lived)
            _say(f"{self._lived.count} households lived in {time.perf_counter() - start:.1f} s")
        return self._lived


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few households and one round: shows that all works")
    parser.add_argument("--only", action="append", choices=NAMES, help="measure this alone; may be given again")
    parser.add_argument("--rounds", type=int, help="rounds of the pages")
    parser.add_argument("--large", type=int, help="households of the largest database")
    options = parser.parse_args()
    scale = QUICK if options.quick else FULL
    scale = replace(scale, rounds=options.rounds or scale.rounds, large=options.large or scale.large)
    settings = DURABLE | (MEMORY if not options.quick else {})
    install(Vault(SOURCE))
    with tempfile.TemporaryDirectory(prefix="casework-bench-") as scratch, PostgresServer(**settings) as server:
        lines: list[Line] = []
        for line in Bench(server, scale, Path(scratch)).lines(set(options.only or NAMES)):
            _say("  ".join(line.cells()))
            lines.append(line)
    print(table(lines))


if __name__ == "__main__":
    main()
