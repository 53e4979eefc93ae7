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
    "landlords": ["Office du Val"],
    "operators": ["Les Pins"],
    "valid_from": "2024-01-01",
    "category": "access",
}
CADENCE: dict[str, object] = {"what": "contact", "every": 1, "unit": "month"}


def test_what_a_definition_does_not_say_stays_unsaid() -> None:
    definition = read_definition("p.toml", MINIMAL)

    assert definition.valid_from == date(2024, 1, 1)
    unsaid = (definition.households, definition.max_months, definition.reassess_every_months, definition.mode)
    assert unsaid == (None, None, None, None)
    assert (definition.contact_phases, definition.lease.stages, dict(definition.parameters)) == ((), (), {})
    assert (definition.duration.renewable, definition.eligibility.dalo, definition.diagnostic) == (None, None, None)


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


LEASE: dict[str, object] = {"path": [{"stages": ["ALT", "BAIL_DIRECT"]}]}
RECONCILE: dict[str, object] = {"about": "coût", "unit": "eur", "printed": 3, "terms": [[1, 2]]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": None}, ["clé « id »", "« None »", "texte non vide"]),
        ({"title": "  "}, ["clé « title »", "texte non vide"]),
        ({"landlords": 7}, ["clé « landlords »", "« 7 »"]),
        ({"landlords": []}, ["clé « landlords »", "au moins un"]),
        ({"valid_from": "2024-02-30"}, ["clé « valid_from »", "« 2024-02-30 »", "AAAA-MM-JJ"]),
        ({"valid_from": 2024}, ["clé « valid_from »", "AAAA-MM-JJ"]),
        ({"category": "acces"}, ["clé « category »", "« acces »", "access_and_maintain"]),
        ({"mode": "all"}, ["clé « mode »", "« all »", "access, maintain, both"]),
        ({"catgory": "access"}, ["clé « catgory »", "clé inconnue", "category"]),
        ({"publics": ["youngsters"]}, ["clé « publics »", "« youngsters »", "domestic_violence"]),
        ({"actions": ["magic"]}, ["clé « actions »", "« magic »", "outreach"]),
        ({"households": {"value": 0, "unit": "total"}}, ["[households]", "clé « value »", "« 0 »", "au moins 1"]),
        ({"households": {"unit": "total"}}, ["[households]", "clé « value »"]),
        ({"households": {"value": True, "unit": "total"}}, ["[households]", "« True »"]),
        ({"households": {"value": 3, "unit": "per_day"}}, ["[households]", "« per_day »", "active_caseload"]),
        ({"households": {"value": 3, "unit": "total", "low": 4}}, ["[households]", "clé « low »", "au plus 3"]),
        ({"households": {"value": 3, "unit": "total", "approximate": "yes"}}, ["« yes »", "true ou false"]),
        ({"households": {"value": 3, "unit": "total", "approx": True}}, ["clé « approx »", "clé inconnue"]),
        ({"households": 30}, ["[households]", "« 30 »", "table"]),
        ({"duration": {"months": 1.5}}, ["[duration]", "« 1.5 »"]),
        ({"duration": {"month": 3}}, ["[duration]", "clé « month »", "months"]),
        ({"age": {"min": 30, "max": 18}}, ["[age]", "clé « min »", "au plus 18"]),
        (
            {
                "households": {"value": 9, "unit": "total"},
                "quota": [{"value": 10, "unit": "household", "by": "mode", "of": "access"}],
            },
            ["[[quota]] n° 1", "clé « value »", "« 10 »", "9"],
        ),
        (
            {"quota": [{"value": 1, "unit": "person", "by": "mode", "of": "access"}]},
            ["« person »", "household, dwelling"],
        ),
        ({"cadence": {"what": "contact"}}, ["clé « cadence »", "liste de tables"]),
        ({"cadence": [CADENCE | {"what": "visit"}]}, ["[[cadence]] n° 1", "« visit »", "home_visit"]),
        ({"cadence": [CADENCE | {"every": 0}]}, ["[[cadence]] n° 1", "clé « every »", "« 0 »", "au moins 1"]),
        ({"cadence": [CADENCE, CADENCE | {"every": -1}]}, ["[[cadence]] n° 2", "clé « every »", "« -1 »"]),
        ({"cadence": [CADENCE | {"unit": "fortnight"}]}, ["[[cadence]] n° 1", "« fortnight »", "quarter"]),
        ({"cadence": [CADENCE | {"what": "reassessment", "unit": "week"}]}, ["clé « unit »", "« week »", "month"]),
        ({"cadence": [CADENCE, CADENCE]}, ["[[cadence]]", "même nature"]),
        ({"cadence": [CADENCE | {"phase": "fin"}]}, ["[[cadence]] n° 1", "clé « phase »", "« fin »", "aucune phase"]),
        ({"cadence": [CADENCE | {"at_least": True}]}, ["[[cadence]] n° 1", "clé « at_least »", "times"]),
        ({"path": [{"stages": ["BAIL_DIRET"]}]}, ["[[path]] n° 1", "« BAIL_DIRET »", "BAIL_DIRECT"]),
        ({"path": [{"stages": "BAIL_DIRECT"}]}, ["[[path]] n° 1", "liste de textes"]),
        ({"path": [{"stages": []}]}, ["[[path]] n° 1", "clé « stages »", "au moins un"]),
        ({"path": [{"stages": ["ALT", "SOUS_LOCATION", "ALT"]}]}, ["« ALT → SOUS_LOCATION → ALT »", "ne revient pas"]),
        ({"path": [{"stages": ["BAIL_DIRECT", "BAIL_GLISSANT"]}]}, ["[[path]] n° 1", "rien ne suit BAIL_DIRECT"]),
        ({"path": [{"stages": ["ALT", "OSDT"]}]}, ["[[path]] n° 1", "OSDT", "premier statut"]),
        ({"lease": {"order_matters": True}}, ["[lease]", "order_matters", "au moins un parcours"]),
        (LEASE | {"gate": [{"to": "BAIL_GLISSANT", "by": "committee"}]}, ["[[gate]] n° 1", "« BAIL_GLISSANT »", "ALT"]),
        (LEASE | {"gate": [{"to": "ALT", "by": "vote"}]}, ["[[gate]] n° 1", "« vote »", "committee"]),
        (LEASE | {"stage_limit": [{"stage": "PCS"}]}, ["[[stage_limit]] n° 1", "« PCS »", "ALT, BAIL_DIRECT"]),
        ({"accompaniment": {"open_ended": True, "max_months": 12}}, ["[accompaniment]", "s’excluent"]),
        ({"accompaniment": {"min_months": 13, "max_months": 12}}, ["[accompaniment]", "min_months", "au plus 12"]),
        ({"accompaniment": {"typical_months": 13, "max_months": 12}}, ["[accompaniment]", "typical_months", "entre"]),
        ({"accompaniment": {"review_months": [6, 2]}}, ["[accompaniment]", "review_months", "du plus petit"]),
        ({"accompaniment": {"derogation": True}}, ["[accompaniment]", "derogation", "durée maximale"]),
        ({"cost": {"total_cents": 5}}, ["[cost]", "total_period", "vont ensemble"]),
        ({"cost": {"total_cents": 1, "total_period": "month"}}, ["[cost]", "« month »", "project, year"]),
        ({"cost_part": [{"what": "rent", "amount_cents": 1}]}, ["[[cost_part]] n° 1", "« rent »", "rental_management"]),
        ({"funding": [{"amount_cents": 1}]}, ["[[funding]] n° 1", "clé « funder »"]),
        ({"funding": [{"funder": "A"}]}, ["[[funding]] n° 1", "un montant"]),
        ({"threshold": [{"what": "age"}]}, ["[[threshold]] n° 1", "« age »", "effort_rate_max"]),
        ({"ambiguity": [{"about": "x", "readings": ["a"], "chosen": 1}]}, ["[[ambiguity]] n° 1", "au moins deux"]),
        ({"ambiguity": [{"about": "x", "readings": ["a", "b"], "chosen": 3}]}, ["clé « chosen »", "au plus 2"]),
        ({"reconcile": [RECONCILE | {"terms": [[1, "2"]]}]}, ["[[reconcile]] n° 1", "terms"]),
        ({"reconcile": [RECONCILE | {"terms": []}]}, ["[[reconcile]] n° 1", "terms", "listes de nombres"]),
        ({"remark": [{"kind": "gossip", "text": "x"}]}, ["[[remark]] n° 1", "« gossip »", "arithmetic"]),
        ({"parameters": {"arears_multiple": 3}}, ["[parameters]", "clé « arears_multiple »", "arrears_multiple"]),
        ({"parameters": {"arrears_multiple": 0}}, ["[parameters]", "clé « arrears_multiple »", "« 0 »", "au moins 1"]),
        ({"parameters": {"arrears_multiple": True}}, ["[parameters]", "« True »"]),
        ({"parameters": {"arrears_multiple": "2"}}, ["[parameters]", "« 2 »"]),
        ({"parameters": {"reassess_notice_days": -1}}, ["[parameters]", "« -1 »", "au moins 0"]),
        ({"parameters": [1]}, ["[parameters]", "table"]),
    ],
)
def test_a_fault_is_told_with_its_place_key_value_and_what_is_allowed(
    change: dict[str, object], words: list[str]
) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_definition("p.toml", MINIMAL | change)

    told = str(refused.value).replace("\u00a0", " ")
    assert told.startswith("p.toml")
    assert [word for word in words if word not in told] == []


def test_a_figure_is_held_against_what_the_sheet_itself_makes_of_it_without_rounding() -> None:
    sheet = {"about": "coût", "unit": "eur", "printed": 253_721, "terms": [[15, 400], [15, 6_000], [15, 300, 2.5]]}

    (found,) = read_definition("p.toml", MINIMAL | {"reconcile": [sheet]}).reconciliations

    assert [int(found.computed), int(found.difference)] == [107_250, -146_471]


def test_at_least_so_many_times_in_a_period_is_a_rhythm_and_so_many_times_in_all_is_none() -> None:
    cadences = [
        {"what": "meeting", "every": 1, "unit": "month", "times": 4, "at_least": True},
        {"what": "home_visit", "every": 6, "unit": "month", "times": 2},
        {"what": "contact"},
    ]

    definition = read_definition("p.toml", MINIMAL | {"cadence": cadences})

    assert definition.contact_phases == ((0, 7),)


def test_limits_bound_to_one_form_of_support_do_not_hold_for_everybody() -> None:
    limits = {"min_months": 6, "max_months": 12, "only_for": "accompagnement renforcé"}

    definition = read_definition("p.toml", MINIMAL | {"accompaniment": limits})

    assert (definition.min_months, definition.max_months) == (None, None)
    assert definition.accompaniment.max_months == 12


def test_a_path_returns_to_a_stage_only_in_periods() -> None:
    periods = {
        "path": [{"stages": ["APPARTEMENT_TEMOIN"] * 3}],
        "stage_limit": [{"stage": "APPARTEMENT_TEMOIN", "periods": 3, "max_months": 6}],
    }

    assert read_definition("p.toml", MINIMAL | periods).lease.stages == ("APPARTEMENT_TEMOIN",)


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
