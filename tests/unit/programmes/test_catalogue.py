"""The catalogue as a whole: it gives the guide's own table, and every definition can be exchanged."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from casework.programmes.catalogue import catalogue, catalogue_codes, catalogue_definition
from casework.programmes.definition.parts import Definition
from casework.programmes.export import export_definition
from casework.programmes.figures import figure
from casework.programmes.tables import disagreements, guide_remarks, guide_table, is_sheet_of_guide
from casework.programmes.vocabulary import EXCHANGE_CODES, LeaseStageCode

KEYS = {
    "id",
    "category",
    "mode",
    "households",
    "dwellings",
    "duration_months",
    "renewable",
    "lease_stages",
    "paths",
    "order_matters",
    "accompaniment",
    "cadences",
    "thresholds",
    "costs",
    "publics",
}
# Printed as mandatory, by the sheets themselves (mechanisms, § 3.1).
ORDERED = {
    "1.5",
    "2.1.6",
    "2.1.7",
    "2.1.13",
    "2.1.18",
    "2.2.2",
    "2.2.10",
    "2.3.9",
    "3.1.7",
    "3.2.1",
    "3.2.4",
    "3.3.1",
    "3.3.2",
}


def exported(code: str) -> dict[str, object]:
    return dict(json.loads(json.dumps(export_definition(catalogue_definition(code)))))


def thresholds(code: str) -> list[object]:
    found = exported(code)["thresholds"]
    assert isinstance(found, list)
    return found


def test_the_catalogue_holds_the_92_sheets_of_the_guide_and_four_forms() -> None:
    codes = catalogue_codes()

    assert len(codes) == 96
    assert [code for code in codes if not is_sheet_of_guide(code)] == ["F-ADO35", "F-CAEN", "F-ICF", "F-SEMIS"]
    assert codes[:2] == ("1.1", "1.2")
    assert codes.index("2.1.10") == codes.index("2.1.9") + 1


def test_every_line_of_the_guide_s_table_comes_out_of_the_catalogue() -> None:
    lines = guide_table(catalogue())

    assert [(line.category, line.projects, line.households) for line in lines if not line.agrees] == []
    assert len(lines) == 11
    assert (lines[-1].projects, lines[-1].households) == (92, 4568)


def test_what_does_not_reconcile_inside_a_sheet_is_computed_again() -> None:
    found = {gap.programme: gap for gap in disagreements(catalogue())}

    caen = found["F-CAEN"].figures
    assert [(int(f.printed), int(f.computed)) for f in caen] == [(2175, 2150)]
    assert [(int(f.printed), int(f.computed)) for f in found["1.5"].figures] == [(176_000, 240_000)]
    assert all(f.difference for gap in found.values() for f in gap.figures)


@pytest.mark.parametrize("code", catalogue_codes())
def test_every_definition_is_exchanged_whole(code: str) -> None:
    document = exported(code)

    assert set(document) == KEYS
    assert document["order_matters"] == (code in ORDERED)


def test_stages_are_exchanged_under_codes_of_their_own() -> None:
    assert set(EXCHANGE_CODES) == set(LeaseStageCode)
    assert len(set(EXCHANGE_CODES.values())) == len(EXCHANGE_CODES)
    assert exported("2.3.9")["paths"] == [["accommodation", "sliding_lease", "direct_lease"]]


def test_numbers_that_decide_are_exchanged_wherever_the_definition_says_them() -> None:
    def row(what: str, value: object, unit: str) -> dict[str, object]:
        return {"what": what, "value": value, "unit": unit}

    assert row("debt_reduction", 0.25, "fraction") in thresholds("2.2.10")
    assert row("regular_rent_payment", 1, "boolean") in thresholds("2.2.10")
    assert row("slide_evaluation_month", 12, "month") in thresholds("3.2.4")


def test_what_a_source_does_not_say_is_exchanged_as_unknown() -> None:
    semis = exported("F-SEMIS")

    assert semis["renewable"] is None
    assert semis["lease_stages"] == []
    assert semis["accompaniment"] == dict.fromkeys(("min_months", "max_months", "typical_months", "open_ended"))


def test_a_definition_says_nothing_that_its_remarks_call_lost() -> None:
    semis = catalogue_definition("F-SEMIS")

    assert isinstance(semis, Definition)
    assert {remark.kind for remark in semis.remarks} >= {"unknown"}
    assert (semis.eligibility.dalo, semis.eligibility.pdalpd, semis.eligibility.stock) == (None, None, ())


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (2175, "eur", "2 175 €"),
        (-25, "eur", "− 25 €"),
        (20, "household", "20 ménages"),
        (0.5, "dwelling", "0,5 logements"),
    ],
)
def test_figures_are_told_in_french(value: float, unit: str, words: str) -> None:
    assert figure(Fraction(str(value)), unit).replace("\u00a0", " ") == words


def test_the_dwellings_that_the_guide_misstates_are_those_of_its_sheets() -> None:
    sheets = [d for d in catalogue() if d.category == "coordination" and is_sheet_of_guide(d.id)]

    printed = sum(d.dwellings.value for d in sheets if d.dwellings)
    assert any(f"{printed} logements" in remark.replace("\u00a0", " ") for remark in guide_remarks())
