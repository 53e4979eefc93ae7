"""What comes round for a whole programme: the landlord's ledger each month, and the sweeps of the nights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.exchange.reading.records import Source
from casework.kernel.calendar import add_months, month_end, month_start
from casework.kernel.money import format_number
from casework.simulation.chapters.rents import RentMonth, known_on, rent_months
from casework.simulation.life import Life

LEDGER_DAY = 5
# After the ledger, and in the middle of what is left of the month: alerts come and go as from night to night.
SWEEP_DAYS = (6, 20)
_HEADER = "N° bail;Locataire;Mois;Loyer;Charges;APL;Encaissé;Solde"


@dataclass(frozen=True)
class Round:
    """A day on which the ledger comes in, a sweep is made, or both."""

    day: date
    ledger: tuple[RentMonth, ...]
    sweeps: bool


def rounds_of(lives: Sequence[Life], first_day: date, last_day: date) -> list[Round]:
    """Return the rounds from the first day to the last one, which is swept whatever day it is."""
    waiting = [(known_on(life), line) for life in lives for line in rent_months(life)]
    rounds: list[Round] = []
    for day in _days(first_day, last_day):
        told: tuple[RentMonth, ...] = ()
        if day.day == LEDGER_DAY:
            told = tuple(line for known, line in waiting if _comes_in(known, line, day))
            waiting = [(known, line) for known, line in waiting if not _comes_in(known, line, day)]
        rounds.append(Round(day, told, day.day in SWEEP_DAYS or day == last_day))
    return rounds


def _days(first_day: date, last_day: date) -> list[date]:
    days = {last_day}
    month = month_start(first_day)
    while month <= last_day:
        days |= {month.replace(day=number) for number in (LEDGER_DAY, *SWEEP_DAYS)}
        month = add_months(month, 1)
    return sorted(day for day in days if first_day <= day <= last_day)


def _comes_in(known: date, line: RentMonth, day: date) -> bool:
    return known <= day and month_end(line.month) < day


def ledger_files(lines: Sequence[RentMonth]) -> list[Source]:
    """Return lines as the landlord's software writes them: a file for each month."""
    by_month: dict[date, list[str]] = {}
    for line in lines:
        amounts = (line.rent_cents, line.charges_cents, line.received_cents, line.paid_cents, line.balance_cents)
        cells = (line.lease_number, line.tenant, f"{line.month:%m/%Y}", *map(format_number, amounts))
        by_month.setdefault(line.month, [_HEADER]).append(";".join(cells))
    return [
        Source(f"quittancement_{month:%Y-%m}.csv", "\r\n".join([*rows, ""]).encode("cp1252"))
        for month, rows in sorted(by_month.items())
    ]
