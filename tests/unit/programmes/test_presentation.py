"""What a definition says is told, all of it, in words that a coordinator can read out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

import pytest

from casework.programmes import vocabulary
from casework.programmes.catalogue import catalogue_codes, catalogue_definition
from casework.programmes.definition import read_definition
from casework.programmes.definition.parts import Definition
from casework.programmes.presentation import Sheet, tell
from casework.programmes.presentation.words import counted, joined, number
from casework.programmes.vocabulary import actions, bodies, documents, parts, publics, thresholds
from casework.web.filters import euros

MINIMAL: dict[str, object] = {
    "id": "P",
    "title": "Un dispositif",
    "landlords": ["Office du Val"],
    "operators": ["Les Pins"],
    "valid_from": "2024-01-01",
    "category": "access",
}
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[A-Z]{2,}_[A-Z_]+\b")
LABELS: dict[str, set[str]] = {}
for _module in (vocabulary, actions, bodies, documents, parts, publics, thresholds):
    for _name, _labels in vars(_module).items():
        if _name.endswith("_LABELS") and "SINGULAR" not in _name:
            for _code, _label in _labels.items():
                LABELS.setdefault(_code, set()).add(_label)
# Told by other words than their own: the name is the head of the page, units and rhythms are part of sentences.
WOVEN = {"id", "title", "valid_from", "unit", "by", "mode", "period", "terms", "printed", "chosen"}


def texts(value: object) -> Iterator[str]:
    """Yield every text of a sheet."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def told(definition: Definition) -> str:
    return "\n".join(texts(tell(definition))).replace("\u00a0", " ")


def sheet(**tables: object) -> Sheet:
    return tell(read_definition("p.toml", MINIMAL | tables))


def said(definition: object, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (key, value) of everything that a definition says."""
    if is_dataclass(definition):
        for field in fields(definition):
            yield from said(getattr(definition, field.name), field.name)
    elif isinstance(definition, tuple | list):
        for item in definition:
            yield from said(item, name)
    elif definition not in (None, False, "") and not isinstance(definition, Fraction):
        yield name, definition


@pytest.mark.parametrize("code", catalogue_codes())
def test_every_word_and_number_of_a_definition_is_told(code: str) -> None:
    definition = catalogue_definition(code)
    words = told(definition)
    missing = []
    for name, value in said(definition):
        if name in WOVEN:
            continue
        if isinstance(value, str):
            possible = LABELS.get(value, {value})
        elif name.endswith("_cents"):
            possible = {euros(value)}
        elif isinstance(value, bool) or not isinstance(value, int | float):
            continue
        else:
            possible = {number(value)} if value != 1 else {"1", "une fois", "chaque"}
        if not any(form.replace("\u00a0", " ") in words for form in possible):
            missing.append((name, value))

    assert missing == []


@pytest.mark.parametrize("code", catalogue_codes())
def test_no_code_is_shown_to_a_reader(code: str) -> None:
    assert CODE.findall(told(catalogue_definition(code))) == []


def test_what_happens_once_is_not_told_as_a_rhythm() -> None:
    cadences = [
        {"what": "evaluation", "every": 2, "unit": "month", "times": 1, "anchor": "après deux mois"},
        {"what": "lease_slide_evaluation", "every": 6, "unit": "month", "times": 2},
        {"what": "home_visit", "times": 1, "anchor": "état des lieux"},
        {"what": "workshop", "times": 3},
        {"what": "meeting", "every": 1, "unit": "month", "times": 4, "at_least": True, "from_month": 1},
        {"what": "commission", "anchor": "périodique"},
        {"what": "steering", "every": 1, "unit": "quarter", "times": 1},
        {"what": "contact", "every": 2, "unit": "week"},
    ]

    (stretch,) = sheet(cadence=cadences).stretches

    assert [(r.often.replace("\u00a0", " "), r.note) for r in stretch.rhythms] == [
        ("une fois, au bout de 2 mois", "après deux mois"),
        ("2 fois en tout, tous les 6 mois", ""),
        ("une fois", "état des lieux"),
        ("3 fois en tout", ""),
        ("chaque mois, 4 fois au moins, après 1 mois d’accompagnement", ""),
        ("sans rythme chiffré", "périodique"),
        ("une fois, au bout de 3 mois", ""),
        ("toutes les 2 semaines", ""),
    ]


def test_rhythms_stand_under_their_phase_and_a_phase_without_rhythm_stays() -> None:
    phases = [{"name": "Avant l’entrée"}, {"name": "Après", "months": 6}]
    cadences = [
        {"what": "contact", "every": 1, "unit": "week", "phase": "Après"},
        {"what": "reassessment", "every": 1, "unit": "quarter"},
    ]

    found = sheet(phase=phases, cadence=cadences).stretches

    assert [(s.name, s.length, [r.often for r in s.rhythms]) for s in found] == [
        ("", "", ["chaque trimestre"]),
        ("Avant l’entrée", "", []),
        ("Après", "6\u00a0mois", ["chaque semaine"]),
    ]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({}, "non précisée"),
        ({"min_months": 6, "max_months": 12}, "de 6 à 12 mois"),
        ({"min_months": 6, "open_ended": True}, "6 mois au moins, sans durée limitée"),
        ({"max_months": 12}, "12 mois au plus"),
        ({"typical_months": 24}, "24 mois en général"),
        ({"period_months": 6, "renewable": True}, "6 mois pour commencer"),
    ],
)
def test_the_length_of_an_accompaniment_is_told_even_when_nobody_knows_it(
    limits: dict[str, object], words: str
) -> None:
    items = dict(sheet(accompaniment=limits).accompaniment)

    assert items["Durée"][0].replace("\u00a0", " ") == words


def test_reviews_renewals_and_the_exception_are_told() -> None:
    limits = {
        "max_months": 12,
        "derogation": True,
        "renewable": True,
        "renewal_months": 2,
        "renewals_max": 1,
        "review_months": [2, 6],
        "only_for": "accès",
    }

    items = {term: words[0].replace("\u00a0", " ") for term, words in sheet(accompaniment=limits).accompaniment}

    assert items["Renouvellement"] == "possible, 2 mois à chaque fois, 1 fois au plus"
    assert items["Points d’étape"] == "au bout de 2 et 6 mois"
    assert items["Vaut seulement pour"] == "accès"
    assert items["Dérogation"] == "une durée plus longue est possible, avec un motif"


def test_a_path_is_drawn_with_its_gates_limits_holder_and_mode() -> None:
    drawn = sheet(
        path=[
            {
                "stages": ["SOUS_LOCATION", "BAIL_DIRECT"],
                "mode": "access",
                "same_dwelling": True,
                "holder": "Les Pins",
                "condition": "au cas par cas",
            }
        ],
        lease={"order_matters": True, "named": ["COLOCATION"]},
        gate=[
            {"to": "BAIL_DIRECT", "by": "dated_evaluation", "months": [6, 12]},
            {
                "to": "BAIL_DIRECT",
                "by": "payment_and_debt",
                "regular_payment": True,
                "debt_mode": "reduced_to",
                "debt_percent": 25,
                "body": "Comité",
            },
        ],
        stage_limit=[{"stage": "SOUS_LOCATION", "max_months": 18}],
    )

    (way,) = drawn.ways
    assert way.mode == "Pour accéder à un logement"
    assert [(s.name, s.limit.replace("\u00a0", " ")) for s in way.steps] == [
        ("Sous-location", "18 mois au plus"),
        ("Bail direct", ""),
    ]
    assert [gate.replace("\u00a0", " ") for gate in way.steps[1].gates] == [
        "Évaluation à date fixée (au bout de 6 et 12 mois)",
        "Loyer payé et dette réduite : Comité (loyer payé régulièrement, dette ramenée à 25 %)",
    ]
    assert way.steps[0].gates == ()
    assert [note.replace("\u00a0", " ") for note in way.notes] == [
        "Condition : au cas par cas.",
        "Sans changer de logement.",
        "Bail au nom de : Les Pins, tant que le ménage n’en est pas titulaire.",
    ]
    assert (drawn.order, drawn.named) == ("L’ordre des étapes est imposé.", "Colocation")


def test_a_stage_in_periods_is_drawn_once_a_period_and_its_limit_is_told_once() -> None:
    drawn = sheet(
        path=[{"stages": ["APPARTEMENT_TEMOIN"] * 3}],
        stage_limit=[{"stage": "APPARTEMENT_TEMOIN", "max_months": 6, "periods": 3}],
    )

    steps = [(s.name.replace("\u00a0", " "), s.limit.replace("\u00a0", " ")) for s in drawn.ways[0].steps]
    assert steps == [
        ("Appartement témoin, période 1", "6 mois au plus, en 3 périodes"),
        ("Appartement témoin, période 2", ""),
        ("Appartement témoin, période 3", ""),
    ]


def test_a_lost_box_is_unknown_and_a_sheet_of_the_guide_has_no_boxes() -> None:
    semis = dict(tell(catalogue_definition("F-SEMIS")).boxes)
    caen = dict(tell(catalogue_definition("F-CAEN")).boxes)

    assert set(semis.values()) == {("inconnu",)}
    assert caen["Aide à l’investissement du FNDOLLTS"] == ("non",)
    assert caen["Logements mobilisés"] == ("Logements existants sans aménagement",)
    assert tell(catalogue_definition("2.3.9")).boxes == ()


@pytest.mark.parametrize(
    ("threshold", "value"),
    [
        ({"what": "effort_rate_max", "value": 25, "unit": "percent"}, "25 %"),
        ({"what": "prior_stay_min_months", "value": 18, "unit": "month", "strict": True}, "plus de 18 mois"),
        ({"what": "arrears_max_age_months", "value": 6, "unit": "month", "strict": True}, "moins de 6 mois"),
        ({"what": "labelled_per_programme_max", "low": 1, "value": 2, "unit": "dwelling"}, "1 à 2 logements"),
        ({"what": "disability_recognition", "value": 1, "unit": "boolean"}, "oui"),
        ({"what": "no_guarantor", "value": 0, "unit": "boolean"}, "non"),
        ({"what": "rent_ceiling"}, "sans montant imprimé"),
        ({"what": "landlord_posts", "value": 1, "unit": "post"}, "1 poste"),
    ],
)
def test_a_number_is_told_with_its_unit_and_its_exact_base(threshold: dict[str, object], value: str) -> None:
    (found,) = sheet(threshold=[threshold | {"base": "loyer / ressources"}]).numbers

    assert (found.value.replace("\u00a0", " "), found.base) == (value, "loyer / ressources")


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ({"min": 18, "max": 30}, "18 à 30 ans"),
        ({"max": 25, "max_strict": True}, "moins de 25 ans"),
        ({"min": 75, "min_strict": True}, "plus de 75 ans"),
        ({"min": 18}, "18 ans et plus"),
        ({"max": 35}, "jusqu’à 35 ans"),
        ({"min": 18, "max": 25, "max_strict": True}, "18 ans et plus, moins de 25 ans"),
    ],
)
def test_ages_are_told_with_their_limit_in_or_out(ages: dict[str, object], words: str) -> None:
    assert dict(sheet(age=ages).audience)["Âge"][0].replace("\u00a0", " ") == words


def test_the_headcount_is_told_as_the_source_counts_and_for_the_whole_project() -> None:
    households, dwellings, length, accompaniment = sheet(
        households={"value": 50, "low": 40, "unit": "per_year"},
        dwellings={"value": 20, "unit": "total", "per_year": 10, "approximate": True},
        duration={"months": 36, "is_minimum": True, "renewable": True, "renewals_max": 2, "total_months_max": 60},
    ).tiles

    told_tiles = [
        (tile.value.replace("\u00a0", " "), tile.note.replace("\u00a0", " "))
        for tile in (households, dwellings, length, accompaniment)
    ]
    assert told_tiles == [
        ("40 à 50", "par an, soit 150 sur tout le projet"),
        ("environ 20", "au total, dont 10 par an"),
        ("36 mois au moins", "renouvelable, 2 fois au plus, 60 mois en tout au plus"),
        ("non précisé", ""),
    ]


def test_a_figure_that_does_not_agree_is_told_with_the_sum_that_gives_it() -> None:
    terms = [[10, 6000, 3], [10, 2000, 3]]
    (gap,) = sheet(reconcile=[{"about": "coût", "unit": "eur", "printed": 176_000, "terms": terms}]).gaps
    (homes,) = sheet(reconcile=[{"about": "lieux", "unit": "dwelling", "printed": 2, "terms": [[1]]}]).gaps

    assert (gap.printed, gap.computed, gap.difference, gap.formula) == tuple(
        words.replace(" ", "\u00a0") if "×" not in words else words
        for words in ("176 000 €", "240 000 €", "64 000 €", "10 × 6\u00a0000 × 3 + 10 × 2\u00a0000 × 3")
    )
    assert (homes.printed, homes.computed, homes.difference) == (
        "2\u00a0logements",
        "1\u00a0logement",
        "−\u00a01\u00a0logement",
    )


def test_costs_are_told_with_what_they_are_worth() -> None:
    money = sheet(
        cost={
            "total_cents": 100_00,
            "total_period": "year",
            "approximate": True,
            "ceiling": True,
            "accompaniment_unit_cents": 20_00,
            "accompaniment_unit_low_cents": 10_00,
            "accompaniment_unit_period": "measure",
        },
        cost_part=[{"what": "payroll", "amount_cents": 5_00, "label": "un poste", "period": "year", "fte": 0.5}],
        funding=[{"funder": "État", "share_percent": 71, "leases": ["BAIL_DIRECT"]}],
    ).money

    plain = [
        tuple(words.replace("\u00a0", " ") for words in line)
        for line in (*money.units, *money.lines, *money.fundings, (money.total, money.doubt))
    ]
    assert plain == [
        ("Accompagnement, par ménage", "de 10,00 € à 20,00 € par accompagnement"),
        ("Salaires : un poste", "5,00 € par an, 0,5 ETP"),
        ("État", "71 % du coût, pour ce statut du logement : Bail direct"),
        ("100,00 € par an", "montant approximatif, montant maximal"),
    ]
    assert not sheet().money.is_said


def test_what_is_not_said_leaves_its_section_out_and_what_is_expected_is_called_unknown() -> None:
    bare = sheet()

    assert set(bare.sections) == {"who", "for-whom", "path", "accompaniment", "money"}
    assert dict(bare.audience)["Objet"] == ("inconnu",)
    assert dict(sheet(operators=[]).carriers)["Opérateur"] == ("non précisé",)


def test_a_list_ends_with_and() -> None:
    assert [joined(words) for words in ([], ["a"], ["a", "b", "c"])] == ["", "a", "a, b et c"]


def test_one_and_a_half_is_singular_in_french() -> None:
    assert [counted(n, "post").replace("\u00a0", " ") for n in (0, 1.5, 2)] == ["0 poste", "1,5 poste", "2 postes"]
