"""Builders of whole histories: invented households that live through a programme."""

from __future__ import annotations

from datetime import date

from casework.kernel.context import Ctx
from casework.programmes.models import Programme
from casework.simulation.bulk.service import simulate_in_bulk
from casework.simulation.service import Order


def make_history(ctx: Ctx, code: str, households: int, first_day: date, last_day: date, *, seed: int = 1) -> Programme:
    """Put a programme in use and let households live through it, with the rows that the use cases leave.

    `ctx` has to be one of the system itself; its clock says nothing here.
    """
    return simulate_in_bulk(ctx, Order(code, households, first_day, last_day, seed)).programme
