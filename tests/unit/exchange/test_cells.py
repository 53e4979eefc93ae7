from datetime import date

import pytest

from casework.contacts.vocabulary import CONTACT_OUTCOME_LABELS, ContactOutcome
from casework.exchange.reading.cells import BadCell, Codes, read_amount, read_count, read_day, read_line, read_month
from casework.kernel.money import MAX_CENTS


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2025", date(2025, 12, 31)),
        (" 1/2/2026 ", date(2026, 2, 1)),
        ("29-02-2024", date(2024, 2, 29)),
        ("2025-12-31", date(2025, 12, 31)),
    ],
)
def test_dates_are_read_as_they_are_written_in_france(text: str, day: date) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text", ["", "31/02/2025", "12/31/2025", "1/1/25", "31/12/1812", "hier", "2025/12/31", "0/0/0000"]
)
def test_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(BadCell):
        read_day(text)


@pytest.mark.parametrize("text", ["06/2025", "6/2025", "2025-06", "01/06/2025", "2025-06-15"])
def test_a_month_is_its_first_day(text: str) -> None:
    assert read_month(text) == "2025-06-01"


@pytest.mark.parametrize("text", ["", "13/2025", "juin", "2025"])
def test_impossible_months_are_refused(text: str) -> None:
    with pytest.raises(BadCell):
        read_month(text)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0,00", 0),
        ("345,17", 345_17),
        ("1\u00a0234,56", 1_234_56),
        ("1\u202f234,56", 1_234_56),
        ("1 234,56 €", 1_234_56),
        ("-12,50", -12_50),
        ("\u221212,5", -12_50),
        ("402", 402_00),
        ("402.5", 402_50),
        (",50", None),
        ("12,345", None),
        ("1.234,56", None),
        ("12O,00", None),
        ("9 999 999,99", 9_999_999_99),
        ("10 000 000,00", MAX_CENTS),
        ("10 000 000,01", None),
        ("-10 000 000,01", None),
        ("1" * 14 + ",00", None),
        ("", None),
        ("néant", None),
    ],
)
def test_amounts_are_read_to_the_cent(text: str, cents: int | None) -> None:
    if cents is None:
        with pytest.raises(BadCell):
            read_amount(text)
    else:
        assert read_amount(text) == cents


def test_counts_have_bounds() -> None:
    assert read_count(" 30 ", 30) == 30
    for text in ("31", "-1", "1,5", "²", "1e3"):
        with pytest.raises(BadCell):
            read_count(text, 30)


@pytest.mark.parametrize("text", ["REALISEE", "réalisée", " Realisee ", "Le contact a eu lieu"])
def test_codes_are_read_without_minding_case_and_accents(text: str) -> None:
    assert Codes(ContactOutcome, CONTACT_OUTCOME_LABELS).read(text) == "REALISEE"


def test_an_unknown_code_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(BadCell, match="ABSENT, REALISEE, REFUS, REPORTEE"):
        Codes(ContactOutcome, CONTACT_OUTCOME_LABELS).read("VENU")


def test_a_line_is_cleaned_and_bounded() -> None:
    assert read_line("  Le\tGall \n Aline ") == "Le Gall Aline"
    with pytest.raises(BadCell, match="200"):
        read_line("x" * 201)
