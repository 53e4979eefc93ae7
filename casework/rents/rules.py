"""Arrears: what a household has to pay, when a debt is an « impayé constitué », and when it is reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.kernel.calendar import add_months, month_end
from casework.kernel.errors import RuleViolation
from casework.rents.vocabulary import AccountState


@dataclass(frozen=True)
class RentMonth:
    """One month of an account, in cents; a balance above nil is a debt."""

    month: date
    rent_cents: int
    charges_cents: int
    benefit_cents: int
    paid_cents: int
    balance_cents: int

    @property
    def base_cents(self) -> int:
        """What the household itself has to pay for the month."""
        return base_cents(self.rent_cents, self.charges_cents, self.benefit_cents)


@dataclass(frozen=True)
class ArrearsRun:
    """The unbroken run of constituted months up to the last one: its first month's last day, and its length."""

    since_on: date
    months: int
    report_due_on: date


def base_cents(rent_cents: int, charges_cents: int, benefit_cents: int) -> int:
    """Return rent + charges − benefit received by the landlord: net of it, gross where the tenant receives it."""
    return rent_cents + charges_cents - benefit_cents


def threshold_cents(base: int, multiple: int) -> int:
    """Return the debt from which an impayé is constituted; never below nil."""
    return max(0, multiple * base)


def is_constituted(debt_cents: int, base: int, multiple: int) -> bool:
    """Tell whether a debt is an « impayé constitué » (CCH R824-1): above nil, and at least `multiple` × base."""
    return debt_cents > 0 and debt_cents >= multiple * base


def state_of(balance_cents: int, base: int, multiple: int) -> AccountState:
    """Return where an account stands with this balance."""
    if balance_cents <= 0:
        return AccountState.AHEAD if balance_cents < 0 else AccountState.SETTLED
    return AccountState.CONSTITUTED if is_constituted(balance_cents, base, multiple) else AccountState.BEHIND


def arrears_run(months: Sequence[RentMonth], multiple: int, report_months: int) -> ArrearsRun | None:
    """Return the run of constituted months that ends with the last of `months` (oldest first), None without one."""
    run: list[RentMonth] = []
    for line in reversed(months):
        if not is_constituted(line.balance_cents, line.base_cents, multiple):
            break
        run.append(line)
    if not run:
        return None
    since_on = month_end(run[-1].month)
    return ArrearsRun(since_on, len(run), add_months(since_on, report_months))


def check_debt_to_report(debt_cents: int) -> None:
    """Refuse a report without a known debt. Raises RuleViolation on `reported_on`."""
    if debt_cents <= 0:
        raise RuleViolation("reported_on", "À cette date, le quittancement ne montre pas de dette à signaler.")


def check_reported_once_a_day(*, already_reported: bool) -> None:
    """Refuse a second report of the same day. Raises RuleViolation on `reported_on`."""
    if already_reported:
        raise RuleViolation("reported_on", "Un signalement est déjà noté à cette date.")
