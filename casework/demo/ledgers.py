"""The rents of the demonstration, month by month."""

import random
from datetime import date

from casework.demo.people import Home
from casework.demo.situations import Rents
from casework.kernel.calendar import add_months, last_complete_month, month_start
from casework.kernel.text import search_key
from casework.simulation.chapters.rents import RentMonth

MONTHS = 14


def ledger_of(
    home: Home, rents: Rents, moved_in_on: date, ended_on: date | None, today: date, chance: random.Random
) -> list[RentMonth]:
    """Return the months of a lease up to the last complete one, oldest first."""
    last = last_complete_month(today)
    lines: list[RentMonth] = []
    balance = 0
    for back in range(MONTHS - 1, -1, -1):
        month = add_months(last, -back)
        if month < month_start(moved_in_on) or (ended_on is not None and month > month_start(ended_on)):
            continue
        paid = _paid(rents, back, home.base_cents, balance, chance)
        balance += home.base_cents - paid
        lines.append(_line(home, month, paid, balance))
    return lines


def _paid(rents: Rents, back: int, base: int, owed: int, chance: random.Random) -> int:
    """Return what was paid `back` months before the last one, when `owed` was owed before."""
    match rents:
        case Rents.PARTLY if back < 4:
            return base * chance.choice((70, 80, 90)) // 100
        case Rents.EARLY if back < 2:
            return base * 60 // 100
        case Rents.CONSTITUTED if back < 3:
            return base * 80 // 100 if back == 2 else 0
        case Rents.TO_REPORT if back < 4:
            return 0
        case Rents.REPORTED if back < 9:
            return 0 if back > 5 else base * chance.choice((100, 105, 110)) // 100
        case Rents.RECOVERING if back < 12:
            return 0 if back > 9 else base + min(owed, base * 15 // 100)
        case Rents.RECOVERED if back < 13:
            return 0 if back > 10 else base + min(owed, base * 40 // 100)
    return base


def _line(home: Home, month: date, paid_cents: int, balance_cents: int) -> RentMonth:
    tenant = search_key(home.family_name, home.given_name).upper()
    amounts = (home.rent_cents, home.charges_cents, home.benefit_cents, paid_cents, balance_cents)
    return RentMonth(home.lease_number, tenant, month, *amounts)
