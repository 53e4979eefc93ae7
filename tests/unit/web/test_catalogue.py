from __future__ import annotations

import io
import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from scripts.messages import MO, PO, as_mo, as_po, merged, missing
from tests.support.french import FAULTS

PLACES = re.compile(r"%(?:\(\w+\))?[a-z%]")
# A number before a plural must choose its form (ngettext, Counted), unless it can be neither none nor one.
COUNTED = re.compile(r"%\((\w+)\)[sd][ \u00a0](?:(\w+[sx])\b|\w+\(s\))")
NO_NOUNS = {"dans", "alors", "is", "has", "reaches"}
ALWAYS_SEVERAL = {
    "%(option)s\u00a0: de 1 à %(most)s caractères sont attendus.": "the width of a column of the database",
    "Ce texte a %(length)s caractères, %(most)s au plus peuvent être enregistrés\u00a0: raccourcissez-le.": "the longest text",
    "Ce texte dépasse %(length)s caractères.": "the width of a column of the database",
    "Cette date de naissance donne plus de %(n)s ans\u00a0: vérifiez l’année.": "the oldest age that is believed",
    "Cette ligne a %(found)s colonnes\u00a0; l’en-tête en a %(expected)s.": "one noun for two numbers",
    "Envoyez %(most)s fichiers au plus à la fois.": "the most files of one import",
    "L’archive «\u00a0%(name)s\u00a0» contient plus de %(most)s fichiers.": "the most files of one archive",
    "Le mot de passe doit compter au plus %(n)s caractères.": "the longest password",
    "Le mot de passe doit compter au moins %(n)s caractères.": "the shortest password",
    "Les %(most)s premiers sont montrés.": "the length of a list that is full",
    "Les %(shown)s premières sont montrées.": "the length of a list that is full",
    "Les %(shown)s premières sont montrées\u00a0; le fichier à télécharger les contient toutes.": "the length of a list that is full",
}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_the_catalogue_is_in_step_with_the_code() -> None:
    today = merged()
    po = as_po(today)
    assert missing(today) == []
    assert PO.read_bytes() == po, "run .venv/bin/python scripts/messages.py"
    # The bytes of a .mo hold the minute in which it was compiled: what counts is that it says the same.
    with MO.open("rb") as file:
        compiled = [(message.id, message.string) for message in messages(read_mo(file))]
    expected = io.BytesIO(as_mo(read_po(io.BytesIO(po), locale="en")))
    assert compiled == [(message.id, message.string) for message in messages(read_mo(expected))]


def test_every_message_has_its_english(catalogue: Catalog) -> None:
    assert len(messages(catalogue)) > 1000
    lacking = [
        message.id
        for message in messages(catalogue)
        if message.fuzzy or not all(form.strip() for form in forms(message.string))
    ]
    assert lacking == []


def test_a_message_has_as_many_forms_in_english_as_in_french(catalogue: Catalog) -> None:
    assert [m.id for m in messages(catalogue) if len(forms(m.id)) != len(forms(m.string))] == []


def test_french_and_english_have_the_same_places_to_fill(catalogue: Catalog) -> None:
    differing = [
        (french, english)
        for message in messages(catalogue)
        for french, english in zip(forms(message.id), forms(message.string), strict=True)
        if set(PLACES.findall(french)) != set(PLACES.findall(english))
    ]
    assert differing == []


def counts_without_a_singular(*texts: str) -> bool:
    found = (match for text in texts for match in COUNTED.finditer(text))
    return any(match[2] not in NO_NOUNS for match in found)


def test_a_number_before_a_noun_has_its_singular(catalogue: Catalog) -> None:
    single = [message for message in messages(catalogue) if isinstance(message.id, str)]
    offenders = {str(m.id) for m in single if counts_without_a_singular(*forms(m.id), *forms(m.string))}
    assert offenders == set(ALWAYS_SEVERAL)


@pytest.mark.parametrize(
    ("text", "is_fault"),
    [
        ("%(n)d ménages sur cette page", True),
        ("au plus %(months)s mois", True),
        ("%(adults)s adulte(s)", True),
        ("at most %(months)s months", True),
        ("%(lines)s\u00a0lignes", True),
        ("%(entries)s dans l’année", False),
        ("Lignes\u00a0: %(count)s.", False),
        ("le %(day)s, pour %(debt)s", False),
    ],
)
def test_a_number_without_its_singular_is_seen(text: str, is_fault: bool) -> None:
    assert counts_without_a_singular(text) == is_fault


def test_english_keeps_no_french_punctuation(catalogue: Catalog) -> None:
    french = re.compile(r"[«»\u00a0\u202f]|\s[:;?!]|'|\"| {2}")
    assert [form for m in messages(catalogue) for form in forms(m.string) if french.search(form)] == []


def test_one_thing_has_one_word_in_english(catalogue: Catalog) -> None:
    """A reassessment comes every two months, an annual review every year; who follows a household is a caseworker."""
    pairs = [pair for m in messages(catalogue) for pair in zip(forms(m.id), forms(m.string), strict=True)]
    both = re.compile(r"réévaluation.*\bbilan|\bbilan.*réévaluation", re.IGNORECASE)

    assert [english for _french, english in pairs if re.search(r"\breferents?\b", english, re.IGNORECASE)] == []
    assert [
        english
        for french, english in pairs
        if re.search("réévaluation", french, re.IGNORECASE)
        and not both.search(french)
        and re.search(r"\breviews?\b", english, re.IGNORECASE)
    ] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_french_is_set_as_french_is_set(catalogue: Catalog, fault: str) -> None:
    offenders = [
        f"{form!r} in {', '.join(name for name, _line in message.locations)}"
        for message in messages(catalogue)
        for form in forms(message.id)
        if FAULTS[fault].search(form)
    ]
    assert offenders == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Et la suite\u00a0? Écrivez l’heure comme 14:30\u202f!", 0),
        ("Lire «\u00a0Ici\u00a0» sur https://exemple.fr", 0),
        ("Et la suite ?", 1),
        ("Date : hier", 1),
        ("Étape 2: fin", 1),
        ("« Ici »", 2),
        ("L'année", 1),
        ("Deux  espaces", 1),
    ],
)
def test_the_faults_are_seen(text: str, faults: int) -> None:
    assert sum(1 for fault in FAULTS.values() if fault.search(text)) == faults
