"""Differences between two versions, in words."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date

import pytest

from casework.programmes.catalogue import catalogue
from casework.programmes.definition import Definition, read_definition
from casework.programmes.presentation.changes import change_rows, place_words, value_words
from casework.programmes.rules import differences
from casework.programmes.vocabulary import PARAMETER_LABELS
from casework.programmes.vocabulary.places import FIELD_LABELS, SECTION_LABELS
from tests.unit.programmes.test_versions import BASE


def _rows(**changes: object) -> list[tuple[str, str, str]]:
    found = differences(read_definition("avant", BASE), read_definition("après", BASE | changes))
    return [
        (row[0].replace("\u00a0", " "), row[1].replace("\u00a0", " "), row[2].replace("\u00a0", " "))
        for row in change_rows(found)
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"households": {"value": 15, "unit": "total"}}, ("Ménages : nombre", "12", "15")),
        ({"households": {"value": 12, "unit": "per_year"}}, ("Ménages : unité", "au total", "par an")),
        ({"accompaniment": {"max_months": 18}}, ("Accompagnement : au plus, en mois", "", "18 mois")),
        ({"lease": {}}, ("Parcours du logement : ordre imposé", "oui", "non")),
        (
            {"path": [{"stages": ["RES_SOCIALE", "BAIL_DIRECT"], "same_dwelling": True}]},
            (
                "Parcours du logement : chemin",
                "Allocation logement temporaire (ALT) → Bail direct",
                "Résidence sociale → Bail direct · même logement : oui",
            ),
        ),
        ({"publics": ["young"]}, ("Publics", "Ménages en impayé de loyer", "")),
        (
            {
                "cadence": [
                    {"what": "home_visit", "every": 2, "unit": "week", "from_month": 3},
                    {"what": "reassessment", "every": 2, "unit": "month"},
                ]
            },
            (
                "Rythme",
                "Visite à domicile · chaque semaine",
                "Visite à domicile · toutes les 2 semaines · mois du contrat à partir duquel il vaut : 3",
            ),
        ),
        ({"cost": {"total_cents": 4_700_000, "total_period": "year"}}, ("Coûts : total", "", "47 000,00 €")),
        (
            {"parameters": {"effort_warn_tenths": 300, "reassess_notice_days": 7}},
            ("Paramètre : Taux d’effort à surveiller", "", "30,0 %"),
        ),
        (
            {"funding": [{"funder": "État", "share_percent": 50}]},
            ("Financement", "", "État · part du coût, en pour cent : 50"),
        ),
    ],
)
def test_a_change_is_told_with_its_place_as_it_was_and_as_it_becomes(
    changes: dict[str, object], expected: tuple[str, str, str]
) -> None:
    assert _rows(**changes)[0] == expected


def test_every_place_of_the_catalogue_has_a_name_and_every_code_its_words() -> None:
    known = {*SECTION_LABELS.values(), *FIELD_LABELS.values(), *PARAMETER_LABELS.values()}
    blank = Definition(id="x", title="", valid_from=date(2000, 1, 1), category="access", landlords=())
    for definition in catalogue():
        for found in differences(blank, definition):
            section, _dot, name = found.place.partition(".")
            assert section in SECTION_LABELS
            assert not name or name in FIELD_LABELS or name in PARAMETER_LABELS, found.place
            words = value_words(found.place, found.after)
            assert words
            assert place_words(found.place).split("\u00a0:")[0] in known
            for part in fields(found.after) if is_dataclass(found.after) and not isinstance(found.after, type) else ():
                assert part.name in FIELD_LABELS, (found.place, part.name)


def test_two_parts_that_differ_are_never_told_in_the_same_words() -> None:
    definitions = catalogue()
    blank = Definition(id="x", title="", valid_from=date(2000, 1, 1), category="access", landlords=())
    told: dict[tuple[str, str], object] = {}
    for definition in definitions:
        for found in differences(blank, definition):
            key = (found.place, value_words(found.place, found.after))
            assert told.setdefault(key, found.after) == found.after, key


def test_every_code_of_the_vocabulary_is_told_in_words() -> None:
    blank = Definition(id="x", title="", valid_from=date(2000, 1, 1), category="access", landlords=())
    for definition in catalogue():
        for found in differences(blank, definition):
            words = value_words(found.place, found.after)
            assert not any("_" in word for word in words.split()), (found.place, words)
