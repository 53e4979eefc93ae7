"""The sweep and the checker, two opinions on the alerts of the same histories, on days all along them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from casework.alerts.service import sweep_programme
from casework.kernel import audit
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.programmes.models import Programme
from casework.simulation.checker.alerts import alerts_due
from casework.simulation.checker.queries import read_history
from tests.factories import make_history, system_ctx
from tests.integration.simulation.conftest import FIRST, LAST

Found = set[tuple[str, str, date]]


def _days() -> Iterator[date]:
    """Yield days of every kind: a step of 23 days meets ends and beginnings of months, and leap days among them."""
    day = FIRST
    while day <= LAST:
        yield day
        day += timedelta(days=23)
    yield date(2024, 2, 29)


@pytest.mark.parametrize(("code", "households"), [("F-SEMIS", 25), ("F-ICF", 12), ("2.3.9", 15)])
def test_the_sweep_finds_what_the_rows_say_on_every_day(engine: Engine, code: str, households: int) -> None:
    audit.install(engine)
    with system_ctx(engine, FixedClock.on(LAST + timedelta(days=1))) as ctx:
        programme = make_history(ctx, code, households, FIRST, LAST, seed=8)
        opinions = list(_opinions(ctx, programme))

    assert [day for day, swept, read in opinions if swept != read] == []
    assert len({rule for _day, swept, _read in opinions for _case, rule, _due in swept}) >= 7


def _opinions(ctx: Ctx, programme: Programme) -> Iterator[tuple[date, Found, Found]]:
    cases = read_history(ctx.session, programme).cases
    for day in _days():
        swept = {(found.case, found.rule, found.due_on) for found in sweep_programme(ctx, programme.id, day)}
        yield day, swept, {(case.number, rule, due) for case in cases for rule, due in alerts_due(case, day)}
