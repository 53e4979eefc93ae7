"""Three years of a programme lived through by the use cases, beside the same rows written many at once; on SQLite."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from bench.measure import Line, alternate, seconds
from casework.kernel import audit
from casework.kernel.clock import SystemClock
from casework.kernel.context import Ctx
from casework.kernel.database import create_engine_for
from casework.kernel.events import Events
from casework.kernel.migrate import upgrade
from casework.kernel.transaction import writing_context
from casework.simulation.bulk.service import simulate_in_bulk
from casework.simulation.service import OPENER, Order, simulate

# The one that states least, and the one that states the densest rhythm for a whole caseload.
PROGRAMMES = ("F-SEMIS", "F-ICF")
FIRST, LAST = date(2023, 1, 2), date(2026, 1, 1)
TARGET = 8.0

Way = Callable[[Ctx, Order], object]


def measure_simulations(scratch: Path, households: int, rounds: int) -> Iterator[Line]:
    """Measure 36 months of so many households, each time in a new database."""
    template = scratch / "simulation_template.sqlite3"
    upgrade(f"sqlite:///{template}")
    for code in PROGRAMMES:
        order = Order(code, households, FIRST, LAST)
        times = alternate(_timed(template, order, simulate), _timed(template, order, simulate_in_bulk), rounds)
        yield Line(f"36 months of {households} households of {code}, beside rows alone", *times, TARGET)


def _timed(template: Path, order: Order, way: Way) -> Callable[[], float]:
    copy = template.with_name("simulation.sqlite3")

    def measured() -> float:
        for left in copy.parent.glob(f"{copy.name}*"):
            left.unlink()
        shutil.copyfile(template, copy)
        engine = create_engine_for(f"sqlite:///{copy}")
        audit.install(engine)
        try:
            with writing_context(engine, OPENER, SystemClock(), "bench", Events()) as ctx:
                return seconds(lambda: way(ctx, order))
        finally:
            engine.dispose()

    return measured
