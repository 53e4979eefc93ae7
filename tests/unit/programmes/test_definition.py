from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from casework.programmes.catalogue import (
    catalogue_codes,
    catalogue_definition,
    catalogue_document,
    digest_of,
    load_document,
)
from casework.programmes.definition import DefinitionError, read_definition

MINIMAL: dict[str, object] = {
    "id": "P",
    "title": "Un dispositif",
    "landlord": "Office du Val",
    "operator": "Les Pins",
    "valid_from": "2024-01-01",
    "category": "access",
}
CADENCE: dict[str, object] = {"what": "contact", "every": 1, "unit": "month"}


def test_what_a_definition_does_not_say_stays_unsaid() -> None:
    definition = read_definition("p.toml", MINIMAL)

    assert definition.valid_from == date(2024, 1, 1)
    unsaid = (definition.households, definition.max_months, definition.reassess_every_months, definition.mode)
    assert unsaid == (None, None, None, None)
    assert (definition.contact_phases, definition.stages, dict(definition.thresholds)) == ((), (), {})


def test_phases_are_told_in_days_by_their_first_month() -> None:
    cadences = [
        {"what": "home_visit", "every": 1, "unit": "quarter", "from_month": 6},
        {"what": "contact", "every": 2, "unit": "week"},
        {"what": "meeting", "every": 1, "unit": "month", "from_month": 3},
        {"what": "evaluation", "every": 1, "unit": "year"},
        {"what": "reassessment", "every": 1, "unit": "quarter"},
    ]

    definition = read_definition("p.toml", MINIMAL | {"cadence": cadences})

    assert definition.contact_phases == ((0, 14), (3, 30), (6, 91))
    assert definition.reassess_every_months == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": None}, ["clé « id »", "« None »", "texte non vide"]),
        ({"title": "  "}, ["clé « title »", "texte non vide"]),
        ({"landlord": 7}, ["clé « landlord »", "« 7 »"]),
        ({"valid_from": "2024-02-30"}, ["clé « valid_from »", "« 2024-02-30 »", "AAAA-MM-JJ"]),
        ({"valid_from": 2024}, ["clé « valid_from »", "AAAA-MM-JJ"]),
        ({"category": "acces"}, ["clé « category »", "« acces »", "access_and_maintain"]),
        ({"mode": "all"}, ["clé « mode »", "« all »", "access, maintain, both"]),
        ({"catgory": "access"}, ["clé « catgory »", "clé inconnue", "category"]),
        ({"households": {"value": 0, "unit": "total"}}, ["[households]", "clé « value »", "« 0 »", "au moins 1"]),
        ({"households": {"unit": "total"}}, ["[households]", "clé « value »"]),
        ({"households": {"value": True, "unit": "total"}}, ["[households]", "« True »"]),
        ({"households": {"value": 3, "unit": "per_day"}}, ["[households]", "« per_day »", "active_caseload"]),
        ({"households": {"value": 3, "unit": "total", "approximate": "yes"}}, ["« yes »", "true ou false"]),
        ({"households": {"value": 3, "unit": "total", "approx": True}}, ["clé « approx »", "clé inconnue"]),
        ({"households": 30}, ["[households]", "« 30 »", "table"]),
        ({"duration": {"months": 1.5}}, ["[duration]", "« 1.5 »"]),
        ({"duration": {"month": 3}}, ["[duration]", "clé « month »", "months"]),
        ({"cadence": {"what": "contact"}}, ["clé « cadence »", "liste de tables"]),
        ({"cadence": [CADENCE | {"what": "visit"}]}, ["[[cadence]] n° 1", "« visit »", "home_visit"]),
        ({"cadence": [CADENCE, CADENCE | {"every": -1}]}, ["[[cadence]] n° 2", "clé « every »", "« -1 »"]),
        ({"cadence": [CADENCE | {"unit": "fortnight"}]}, ["[[cadence]] n° 1", "« fortnight »", "quarter"]),
        ({"cadence": [CADENCE | {"what": "reassessment", "unit": "week"}]}, ["clé « unit »", "« week »", "month"]),
        ({"cadence": [CADENCE, CADENCE]}, ["[[cadence]]", "même nature"]),
        ({"lease": {"stages": ["BAIL_DIRET"]}}, ["[lease]", "« BAIL_DIRET »", "BAIL_DIRECT"]),
        ({"lease": {"stages": "BAIL_DIRECT"}}, ["[lease]", "liste de textes"]),
        ({"accompaniment": {"open_ended": True, "max_months": 12}}, ["[accompaniment]", "s’excluent"]),
        ({"accompaniment": {"min_months": 13, "max_months": 12}}, ["[accompaniment]", "dépasse"]),
        ({"cost": [{"what": "total"}]}, ["[[cost]] n° 1", "clé « amount_cents »"]),
        ({"cost": [{"what": "rent", "amount_cents": 1}]}, ["[[cost]] n° 1", "« rent »", "rental_management"]),
        ({"cost": [{"what": "total", "amount_cents": 1, "period": "month"}]}, ["« month »", "year"]),
        ({"funding": [{"amount_cents": 1}]}, ["[[funding]] n° 1", "clé « funder »"]),
        ({"remarks": [7]}, ["clé « remarks »", "liste de textes"]),
        ({"thresholds": {"arears_multiple": 3}}, ["[thresholds]", "clé « arears_multiple »", "arrears_multiple"]),
        ({"thresholds": {"arrears_multiple": 0}}, ["[thresholds]", "clé « arrears_multiple »", "« 0 »", "au moins 1"]),
        ({"thresholds": {"arrears_multiple": True}}, ["[thresholds]", "« True »"]),
        ({"thresholds": {"arrears_multiple": "2"}}, ["[thresholds]", "« 2 »"]),
        ({"thresholds": {"reassess_notice_days": -1}}, ["[thresholds]", "« -1 »", "au moins 0"]),
        ({"thresholds": [1]}, ["[thresholds]", "table"]),
    ],
)
def test_a_fault_is_told_with_its_place_key_value_and_what_is_allowed(
    change: dict[str, object], words: list[str]
) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_definition("p.toml", MINIMAL | change)

    assert str(refused.value).startswith("p.toml")
    assert [word for word in words if word not in str(refused.value)] == []


@pytest.mark.parametrize("document", [None, [], "x", 3])
def test_what_is_no_table_is_no_definition(document: object) -> None:
    with pytest.raises(DefinitionError, match=r"p\.toml"):
        read_definition("p.toml", document)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    for content in (b"id = ", 'id = "é"'.encode("latin-1")):
        path = tmp_path / "casse.toml"
        path.write_bytes(content)
        with pytest.raises(DefinitionError, match=r"casse\.toml"):
            load_document(path)


@pytest.mark.parametrize("code", catalogue_codes())
def test_every_definition_of_the_catalogue_loads_under_its_code(code: str) -> None:
    assert catalogue_definition(code).id == code


def test_the_catalogue_holds_programmes_only_and_knows_no_other() -> None:
    assert "national" not in catalogue_codes()
    for code in ("national", "../national", "NOWHERE", ""):
        with pytest.raises(KeyError):
            catalogue_document(code)


def test_a_fingerprint_changes_with_the_definition_and_not_with_its_order() -> None:
    turned = dict(reversed(list(MINIMAL.items())))

    assert digest_of(MINIMAL) == digest_of(turned)
    assert digest_of(MINIMAL) != digest_of(MINIMAL | {"title": "Un autre"})
