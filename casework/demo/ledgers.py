"""The landlord's ledgers, month by month, as the landlord's software writes them."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.demo.people import Home
from casework.demo.situations import Rents
from casework.exchange.reading.records import Source
from casework.kernel.calendar import add_months, last_complete_month, month_start
from casework.kernel.money import format_number
from casework.kernel.text import search_key

MONTHS = 14
_HEADER = "N° bail;Locataire;Mois;Loyer;Charges;APL;Encaissé;Solde"


@dataclass(frozen=True)
class LedgerLine:
    """One month of one lease, in cents."""

    home: Home
    month: date
    paid_cents: int
    balance_cents: int


def ledger_of(
    home: Home, rents: Rents, moved_in_on: date, ended_on: date | None, today: date, chance: random.Random
) -> list[LedgerLine]:
    """Return the months of a lease up to the last complete one, oldest first."""
    last = last_complete_month(today)
    lines: list[LedgerLine] = []
    balance = 0
    for back in range(MONTHS - 1, -1, -1):
        month = add_months(last, -back)
        if month < month_start(moved_in_on) or (ended_on is not None and month > month_start(ended_on)):
            continue
        paid = _paid(rents, back, home.base_cents, balance, chance)
        balance += home.base_cents - paid
        lines.append(LedgerLine(home, month, paid, balance))
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


def ledger_files(lines: Iterable[LedgerLine]) -> list[Source]:
    """Return the lines as files, one for each month, in the encoding of the landlord's software."""
    by_month: dict[date, list[str]] = {}
    for line in lines:
        home = line.home
        amounts = (home.rent_cents, home.charges_cents, home.benefit_cents, line.paid_cents, line.balance_cents)
        cells = [
            home.lease_number,
            search_key(home.family_name, home.given_name).upper(),
            f"{line.month:%m/%Y}",
            *map(format_number, amounts),
        ]
        by_month.setdefault(line.month, [_HEADER]).append(";".join(cells))
    return [
        Source(f"quittancement_{month:%Y-%m}.csv", "\r\n".join([*rows, ""]).encode("cp1252"))
        for month, rows in sorted(by_month.items())
    ]
