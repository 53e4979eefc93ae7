from __future__ import annotations

from datetime import date, timedelta

import pytest

from casework.web.filters import (
    day,
    decimal,
    distance,
    euros,
    first_capital,
    in_a_row,
    label,
    long_day,
    month,
    number,
    short_day,
    tenths,
    told,
)

TODAY = date(2026, 3, 30)


def test_dates_are_written_short_and_long() -> None:
    assert day(date(2026, 3, 3)) == "03/03/2026"
    assert long_day(date(2026, 3, 3)) == "mardi 3 mars 2026"
    assert long_day(date(2026, 5, 1)) == "vendredi 1er mai 2026"
    assert short_day(date(2026, 5, 1)) == "1er mai 2026"
    assert month(date(2026, 8, 1)) == "août 2026"
    assert (day(None), long_day(None), short_day(None)) == ("–", "–", "–")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "aujourd’hui"),
        (1, "hier"),
        (-1, "demain"),
        (2, "il y a 2 jours"),
        (59, "il y a 59 jours"),
        (60, "il y a 2 mois"),
        (-3, "dans 3 jours"),
        (-61, "dans 2 mois"),
        (76, "il y a 2 mois"),
        (77, "il y a 3 mois"),
        (119, "il y a 4 mois"),
        (-119, "dans 4 mois"),
        (-303, "dans 10 mois"),
        (303, "il y a 10 mois"),
        (-320, "dans 11 mois"),
        (-365, "dans 12 mois"),
        (-730, "dans 24 mois"),
    ],
)
def test_a_distance_is_told_in_words(days: int, words: str) -> None:
    assert distance(TODAY - timedelta(days=days), TODAY) == words


def test_what_never_was_is_never() -> None:
    assert distance(None, TODAY) == "jamais"


def test_amounts_and_rates_are_written_as_in_france() -> None:
    assert euros(1_234_56) == "1\u00a0234,56\u00a0€"
    assert euros(None) == "–"
    assert tenths(234) == "23,4\u00a0%"
    assert tenths(None) == "non calculable"
    assert tenths(0) == "0,0\u00a0%"


def test_amounts_and_rates_are_written_in_english_on_english_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.web.filters.language", lambda: "en")
    assert (euros(1_234_56), euros(-12_00), euros(None)) == ("€1,234.56", "−€12.00", "–")
    assert (number(1_234_56), tenths(234), tenths(-5), decimal(13)) == ("1,234.56", "23.4%", "−0.5%", "1.3")


def test_what_is_joined_by_hand_is_set_as_the_language_sets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (told("Bailleur", "SEMIS"), in_a_row(["un", "deux"])) == ("Bailleur\u00a0: SEMIS", "un\u00a0; deux")
    monkeypatch.setattr("casework.web.filters.language", lambda: "en")
    assert (told("Landlord", "SEMIS"), in_a_row(["one", "two"])) == ("Landlord: SEMIS", "one; two")


def test_a_first_capital_leaves_the_other_letters_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert first_capital(long_day(date(2026, 11, 27))) == "Vendredi 27 novembre 2026"
    monkeypatch.setattr("casework.web.filters.language", lambda: "en")
    assert first_capital(long_day(date(2026, 11, 27))) == "Friday 27 November 2026"
    assert first_capital("") == ""


def test_a_rate_below_nil_keeps_its_figures() -> None:
    """A benefit above the rent gives one."""
    assert tenths(-5) == "−0,5\u00a0%"
    assert tenths(-123) == "−12,3\u00a0%"


def test_an_unknown_code_is_shown_as_it_is_and_none_as_a_dash() -> None:
    assert label("A", {"A": "Un"}) == "Un"
    assert label("B", {"A": "Un"}) == "B"
    assert label(None, {"A": "Un"}) == label("", {}) == "–"
