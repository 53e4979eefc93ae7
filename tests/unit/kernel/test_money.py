from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.kernel.money import (
    format_amount,
    format_amount_in_english,
    format_number,
    format_number_in_english,
    parse_amount,
    round_half_up,
)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("402", 402_00),
        ("402,5", 402_50),
        ("1 234,56", 1_234_56),
        ("1\u00a0234,56\u00a0€", 1_234_56),
        ("1\u202f234,56 €", 1_234_56),
        ("1\u2009234.56", 1_234_56),
        ("1'234,56", 1_234_56),
        ("-12,5", -12_50),
        ("\u221212,50", -12_50),
        ("- 12,50", -12_50),
        ("+3", 3_00),
        ("0", 0),
        ("0,01", 1),
        ("0,29", 29),  # 0.29 * 100 is 28.999… in floating point
        ("1,15", 1_15),
        ("99999999999", 99_999_999_999_00),
        ("€12", 12_00),
        ("-€12.50", -12_50),
        ("\u2212€12.50", -12_50),
        ("\u221212,50\u00a0€", -12_50),
        ("€1,234.56", 1_234_56),
        ("1,234,567.8", 1_234_567_80),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "€",
        "-",
        ",50",
        "12,",
        "1,234,56",
        "1.234,56",
        "1,234",
        "12,345",
        "douze",
        "12O",
        "1e3",
        "0x10",
        "12-",
        "--12",
        "€€12",
        "12€€",
        "12,34.56",
        "1,2345.67",
        "NaN",
        "Infinity",
        "1_000",
        "123456789012",
        "12,50 €/mois",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0,00"),
        (5, "0,05"),
        (-5, "-0,05"),
        (-99, "-0,99"),
        (1_234_56, "1\u00a0234,56"),
        (-1_234_567_89, "-1\u00a0234\u00a0567,89"),
        (100, "1,00"),
    ],
)
def test_an_amount_is_written_with_no_break_spaces_and_two_decimals(cents: int, text: str) -> None:
    assert format_number(cents) == text
    assert format_amount(cents) == text.replace("-", "\u2212") + "\u00a0€"


@given(st.integers(-(10**13) + 1, 10**13 - 1))
def test_an_amount_that_is_written_is_read_back_the_same(cents: int) -> None:
    assert parse_amount(format_amount(cents)) == cents
    assert parse_amount(format_amount_in_english(cents)) == parse_amount(format_number_in_english(cents)) == cents


def test_an_amount_is_written_in_english_with_its_sign_before() -> None:
    assert format_amount_in_english(1_234_567_89) == "€1,234,567.89"
    assert format_amount_in_english(-12_05) == "\u2212€12.05"
    assert format_number_in_english(-12_05) == "-12.05"


@pytest.mark.parametrize(
    ("value", "exponent", "expected"),
    [
        ("0.5", "1", "1"),
        ("1.5", "1", "2"),
        ("2.5", "1", "3"),  # banker's rounding would say 2
        ("-2.5", "1", "-3"),
        ("23.384", "0.1", "23.4"),
        ("23.35", "0.1", "23.4"),
        ("23.25", "0.1", "23.3"),
        ("2.4999", "1", "2"),
    ],
)
def test_halves_are_rounded_up(value: str, exponent: str, expected: str) -> None:
    assert round_half_up(Decimal(value), exponent) == Decimal(expected)
