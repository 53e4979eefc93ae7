"""The review in words, outside any request: French."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from casework.reports.presentation import Cover, empty_words, number, sentences, shares
from casework.reports.queries import ReviewedProgramme
from casework.reports.rules import AnnualReview, review_of
from casework.reports.vocabulary import GROUPED

PROGRAMME = ReviewedProgramme(1, "F-X", "Un toit", "Office du Val", "Les Pins")
EMPTY = review_of([], 2025)
FULL = replace(
    EMPTY,
    households_referred=24,
    diagnostics_made=1,
    stock_on_1_january=0,
    entered=19,
    left=2,
    stock_on_31_december=17,
    active_caseload=19,
    persons_adults=27,
    persons_children=1,
    household_months=1095,
    composition={"FSEULE": 4, "CAVEC": 8, "MYSTERE": 4, "HSEUL": 3},
    median_duration_days_of_left=118.5,
    contacts_made=1154,
    home_visits_made=86,
    contacts_missed=0,
    reassessments_held=31,
)


def told(review: AnnualReview, issued_on: date = date(2026, 2, 1)) -> list[str]:
    return [s.replace("\u00a0", " ") for s in sentences(review, Cover(PROGRAMME, 2025, issued_on))]


def test_a_full_year_is_told_in_six_sentences() -> None:
    assert told(FULL) == [
        "19 ménages ont été suivis en 2025 ; 17 l’étaient encore au 31 décembre.",
        "19 entrées et 2 sorties dans l’année ; aucun ménage n’était suivi avant le 1er janvier.",
        "Les ménages suivis réunissent 27 adultes et 1 enfant, pour 1 095 mois-mesures.",
        "1 154 contacts ont eu lieu, dont 86 visites à domicile ; 0 absence ou refus et 31 réévaluations tenues.",
        "24 ménages ont été orientés et 1 diagnostic a été réalisé.",
        "La durée médiane d’accompagnement des ménages sortis est de 118,5 jours.",
    ]


def test_a_year_that_is_not_over_is_told_in_the_present() -> None:
    assert told(FULL, date(2025, 12, 31))[0] == "19 ménages ont été suivis en 2025 ; 17 le sont encore."


def test_a_year_in_which_everybody_left_says_so() -> None:
    review = replace(FULL, stock_on_31_december=0, left=19)

    assert told(review)[0].endswith("aucun ne l’était plus au 31 décembre.")
    assert told(review, date(2025, 6, 1))[0].endswith("aucun ne l’est plus.")


def test_a_year_without_anybody_is_told_kindly() -> None:
    assert told(EMPTY) == [
        "Aucun ménage n’a été suivi en 2025.",
        "0 ménage a été orienté et 0 diagnostic a été réalisé.",
    ]


def test_a_breakdown_starts_with_the_largest_and_knows_unknown_codes() -> None:
    lines = shares(FULL, "composition")

    assert [(line.label, line.shown, line.part, line.length) for line in lines] == [
        ("Couple avec enfant(s)", "8", "42,1\u00a0%", 100),
        ("Femme seule", "4", "21,1\u00a0%", 50),
        ("MYSTERE", "4", "21,1\u00a0%", 50),
        ("Homme seul", "3", "15,8\u00a0%", 38),
    ]


def test_parts_of_a_column_have_as_many_figures_one_as_the_other() -> None:
    review = replace(FULL, composition={"CAVEC": 3, "HSEUL": 3})

    assert [line.part for line in shares(review, "composition")] == ["50,0\u00a0%", "50,0\u00a0%"]


def test_what_is_grouped_comes_last_and_has_its_part() -> None:
    review = replace(FULL, composition={"CAVEC": 12, "HSEUL": 6, GROUPED: 8})

    assert [(line.code, line.count, line.label, line.part) for line in shares(review, "composition")] == [
        ("CAVEC", 12, "Couple avec enfant(s)", "46,2\u00a0%"),
        ("HSEUL", 6, "Homme seul", "23,1\u00a0%"),
        (GROUPED, 8, "Autres, regroupés car peu nombreux", "30,8\u00a0%"),
    ]


def test_an_empty_breakdown_says_why() -> None:
    assert empty_words(EMPTY, "outcomes") == "Aucun ménage."
    assert "trop peu" in empty_words(replace(EMPTY, left=3), "outcomes")


@pytest.mark.parametrize(
    ("value", "written"), [(None, "–"), (0, "0"), (1234567, "1 234 567"), (270.0, "270"), (118.5, "118,5")]
)
def test_numbers_are_written_as_in_a_text(value: float | None, written: str) -> None:
    assert number(value).replace("\u00a0", " ") == written
