from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.kernel.calendar import add_months
from casework.kernel.errors import RuleViolation
from casework.rents.rules import (
    ArrearsRun,
    RentMonth,
    arrears_run,
    base_cents,
    check_debt_to_report,
    check_reported_once_a_day,
    is_constituted,
    state_of,
    threshold_cents,
)


@pytest.mark.parametrize(
    ("rent", "charges", "benefit", "base"),
    [
        (352_00, 50_00, 250_00, 152_00),  # the benefit goes to the landlord: net
        (352_00, 50_00, 0, 402_00),  # the tenant receives it: gross
        (200_00, 0, 220_00, -20_00),
    ],
)
def test_the_base_is_what_the_household_itself_pays(rent: int, charges: int, benefit: int, base: int) -> None:
    assert base_cents(rent, charges, benefit) == base


@pytest.mark.parametrize(
    ("debt", "base", "constituted"),
    [
        (304_00, 152_00, True),
        (303_99, 152_00, False),
        (804_00, 402_00, True),
        (803_99, 402_00, False),
        (0, 0, False),
        (-10_00, -50_00, False),
        (1, 0, True),
        (1, -20_00, True),
    ],
)
def test_an_impaye_is_constituted_from_twice_the_base(debt: int, base: int, constituted: bool) -> None:
    assert is_constituted(debt, base, 2) is constituted


@given(debt=st.integers(-(10**9), 10**9), base=st.integers(-(10**7), 10**7), multiple=st.integers(1, 6))
def test_the_threshold_shown_is_the_one_that_counts(debt: int, base: int, multiple: int) -> None:
    assert is_constituted(debt, base, multiple) == (debt > 0 and debt >= threshold_cents(base, multiple))


@pytest.mark.parametrize(
    ("balance", "state"), [(-1, "AHEAD"), (0, "SETTLED"), (1, "BEHIND"), (303_99, "BEHIND"), (304_00, "CONSTITUTED")]
)
def test_the_state_of_an_account_says_how_far_it_is(balance: int, state: str) -> None:
    assert state_of(balance, 152_00, 2) == state


def _months(*balances: int) -> list[RentMonth]:
    first = date(2025, 10, 1)
    return [RentMonth(add_months(first, n), 300_00, 0, 0, 0, balance) for n, balance in enumerate(balances)]


@pytest.mark.parametrize(
    ("balances", "run"),
    [
        ((), None),
        ((700_00, 0), None),
        ((0, 0, 600_00), ArrearsRun(date(2025, 12, 31), 1, date(2026, 2, 28))),
        ((700_00, 0, 650_00, 900_00), ArrearsRun(date(2025, 12, 31), 2, date(2026, 2, 28))),
        ((700_00, 600_00, 650_00), ArrearsRun(date(2025, 10, 31), 3, date(2025, 12, 31))),
    ],
)
def test_the_run_of_arrears_ends_with_the_last_month(balances: tuple[int, ...], run: ArrearsRun | None) -> None:
    assert arrears_run(_months(*balances), 2, 2) == run


def test_a_report_needs_a_debt_and_a_day_of_its_own() -> None:
    check_debt_to_report(1)
    for debt in (0, -5):
        with pytest.raises(RuleViolation, match="pas de dette"):
            check_debt_to_report(debt)
    check_reported_once_a_day(already_reported=False)
    with pytest.raises(RuleViolation, match="déjà noté"):
        check_reported_once_a_day(already_reported=True)
