from __future__ import annotations

import pytest
from spellchecker import SpellChecker

from tests.support.french import FAULTS_OF_FIGURES, misspelt, words_in, words_of_the_field


@pytest.mark.parametrize("word", ["accompagement", "logment", "ménnage", "acceuil", "Réévalution", "éco-gestee"])
def test_a_slip_is_seen(word: str) -> None:
    assert misspelt(f"Le {word} du ménage") == [word]


@pytest.mark.parametrize(
    "text",
    [
        "Bail glissant, sous-location et colocation",
        "Aujourd’hui, jusqu’à l’entrée : quelqu’un du SIAO",
        "%(name)s en %(months)s mois, voir https://exempel.fr",
    ],
)
def test_right_words_elisions_acronyms_and_places_pass(text: str) -> None:
    assert misspelt(text) == []


def test_a_name_passes_only_where_it_is_one() -> None:
    assert misspelt("Freha accompagne", frozenset({"Freha"})) == []
    assert misspelt("Freha accompagne", frozenset({"Alynéa"})) == ["Freha"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("47 000 €", 2),
        ("47\u00a0000\u00a0€ et 25\u00a0%, puis 3,5", 0),
        ("25% du coût", 1),
        ("en 2015 100 ménages", 1),
        ("un mot , puis un autre .", 1),
    ],
)
def test_figures_that_may_break_are_seen(text: str, faults: int) -> None:
    assert sum(1 for fault in FAULTS_OF_FIGURES.values() if fault.search(text)) == faults


def test_every_word_of_the_field_is_one_that_the_dictionary_lacks() -> None:
    known = SpellChecker(language="fr", distance=1)

    assert sorted(word for word in words_of_the_field() if word.lower() in known) == []
    assert words_in("l’éco-geste") == ["l", "éco-geste"]
