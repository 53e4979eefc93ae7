"""The rent month by month, and the report of arrears to the family-benefits office."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casework.accounts.vocabulary import Role
from casework.kernel.calendar import add_months, month_end, month_start
from casework.kernel.context import Ctx
from casework.rents.service import report_to_caf
from casework.simulation.days import working_day
from casework.simulation.life import Dossier, Life, Payment, Step

RANK = 9
# Months before the referral that the landlord's books tell of.
KNOWN_BEFORE = 3
_REPORTED_AFTER = timedelta(days=40)
_LAPSE_MONTHS = range(3, 6)
_UNREPORTED_IN = 6
_EARLY_MONTHS = 3
# Days of a month on which reports are made: the ledger of the month before has come in.
REPORTS_FROM, _REPORT_DAYS = 10, 14


@dataclass(frozen=True)
class RentMonth:
    """One line of the landlord's ledger, in cents."""

    lease_number: str
    tenant: str
    month: date
    rent_cents: int
    charges_cents: int
    received_cents: int
    paid_cents: int
    balance_cents: int

    def is_constituted(self, multiple: int) -> bool:
        """Tell whether so much is owed that it is an « impayé constitué », by the parameter of the programme."""
        base = self.rent_cents + self.charges_cents - self.received_cents
        return self.balance_cents > 0 and self.balance_cents >= multiple * base


@dataclass(frozen=True)
class Report:
    """The landlord reports the arrears."""

    reported_on: date
    reference: str

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Note it through the use case."""
        report_to_caf(ctx, dossier.case_id, self.reported_on, self.reference)


def rent_months(life: Life) -> list[RentMonth]:
    """Return the months of the household's lease, from some months before the referral to its end, oldest first."""
    if life.moved_in_on is None:
        return []
    chance = life.chance("ledger")
    first = max(month_start(life.moved_in_on), add_months(month_start(life.referred_on), -KNOWN_BEFORE))
    lapse = range(start := chance.randrange(0, 14), start + chance.choice(_LAPSE_MONTHS))
    home, balance = life.home, 0
    found: list[RentMonth] = []
    while (month := add_months(first, len(found))) <= life.last_day:
        paid = _paid(life.payment, len(found), lapse, home.base_cents, balance, chance)
        balance += home.base_cents - paid
        amounts = (home.rent_cents, home.charges_cents, home.received_cents, paid, balance)
        found.append(RentMonth(home.lease_number, home.family_name.upper(), month, *amounts))
    return found


def _paid(payment: Payment, number: int, lapse: range, base: int, owed: int, chance: random.Random) -> int:
    """Return what is paid in the month `number`, when `owed` was owed before it."""
    match payment:
        case Payment.SHORT if chance.randrange(4) == 0:
            return base * chance.choice((60, 75, 90)) // 100
        case Payment.EARLY if number < _EARLY_MONTHS:
            return base // 2
        case Payment.LAPSED if number in lapse:
            return 0
        case Payment.LOST if number >= lapse.start:
            return 0
    return base + min(max(owed, 0), base * 35 // 100)


def known_on(life: Life) -> date:
    """Return the day from which the landlord's ledgers can name the lease of the household."""
    return max(life.referred_on, life.moved_in_on or life.referred_on)


def plan(life: Life, chance: random.Random) -> Iterator[Step]:
    """Yield the reports to the CAF: at most once for each run of constituted arrears that lasts."""
    months = rent_months(life)
    since: date | None = None
    for line in months:
        if not line.is_constituted(life.terms.arrears_multiple):
            since = None
        elif since is None:
            since = month_end(line.month)
            day = _report_day(life, months, since)
            if day is not None and chance.randrange(_UNREPORTED_IN):
                reference = f"CAF {day:%Y-%m} / {life.home.lease_number}"
                yield Step(day, RANK, Role.LANDLORD_RENT, life.place, Report(day, reference))


def _report_day(life: Life, months: Sequence[RentMonth], since: date) -> date | None:
    """Return the day of the report of a run that began at the end of a month; None when nothing is owed any more.

    The ledger that tells of it has come in by then: the one of the month before, or the first after the referral.
    """
    wanted = max(since, known_on(life)) + _REPORTED_AFTER
    day = working_day(wanted.replace(day=REPORTS_FROM + wanted.day % _REPORT_DAYS), date.min, date.max)
    told = [line for line in months if month_end(line.month) < month_start(day)]
    return day if day < life.last_day and told and told[-1].balance_cents > 0 else None
