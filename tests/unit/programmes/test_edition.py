"""Between a definition and the fields of its form: nothing is lost that the form does not show."""

from __future__ import annotations

import pytest

from casework.programmes.catalogue import catalogue_codes, catalogue_document
from casework.programmes.definition import DefinitionError, read_definition
from casework.programmes.definition.reader import Fault
from casework.programmes.edition import as_read, entries_of, written
from tests.unit.programmes.test_versions import BASE


@pytest.mark.parametrize("code", catalogue_codes())
def test_a_definition_goes_into_the_fields_and_comes_back_whole(code: str) -> None:
    document = catalogue_document(code)

    assert written(document, entries_of(document)).document == document


def _said(**changes: object) -> dict[str, object]:
    return entries_of(BASE) | changes


@pytest.mark.parametrize(
    ("changes", "table", "expected"),
    [
        ({"households_value": None, "households_unit": ""}, "households", None),
        ({"households_approximate": True}, "households", {"value": 12, "unit": "total", "approximate": True}),
        ({"open_ended": "yes", "renewable": "no"}, "accompaniment", {"open_ended": True, "renewable": False}),
        ({"order_matters": False}, "lease", None),
        ({"parameter_reassess_notice_days": 0}, "parameters", {"reassess_notice_days": 0}),
        ({"parameter_reassess_notice_days": None}, "parameters", None),
        ({"publics": []}, "publics", None),
        ({"publics": ["arrears", "elderly", "young"]}, "publics", ["young", "arrears", "elderly"]),
        ({"title": "Un\u00a0dispositif"}, "title", "Un dispositif"),  # blanks alone change nothing
        ({"cadences": []}, "cadence", None),
        (
            {"paths": [{"origin": 0, "stages": ["ALT", "", "BAIL_DIRECT", ""], "mode": "", "same_dwelling": "no"}]},
            "path",
            [{"stages": ["ALT", "BAIL_DIRECT"], "same_dwelling": False}],
        ),
    ],
)
def test_what_a_field_says_is_written_and_what_it_no_longer_says_is_taken_away(
    changes: dict[str, object], table: str, expected: object
) -> None:
    assert written(BASE, _said(**changes)).document.get(table) == expected


def test_a_row_keeps_what_it_does_not_show_wherever_it_moves_and_an_empty_one_is_none() -> None:
    base = BASE | {"cadence": [{"what": "contact", "anchor": "x"}, {"what": "meeting", "at_least": True, "phase": "y"}]}
    rows: list[dict[str, object]] = [
        {"origin": None, "what": "", "every": None},
        {"origin": 1, "what": "meeting", "every": 2, "unit": "week", "times": 1},
        {"origin": 9, "what": "workshop"},
    ]

    said = written(base, entries_of(base) | {"cadences": rows})

    assert said.document["cadence"] == [
        {"what": "meeting", "at_least": True, "phase": "y", "every": 2, "unit": "week", "times": 1},
        {"what": "workshop"},
    ]
    assert said.rows["cadence"] == (1, 2)
    assert said.field_of(Fault("cadence", 1, "every", 0, "")) == "cadences-1-every"
    assert said.field_of(Fault("cadence", 2, "phase", "y", "")) == "cadences-2-what"  # not in sight: told at the row


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"households": {"value": 0, "unit": "total"}}, "households_value"),
        ({"accompaniment": {"min_months": 3, "max_months": 2}}, "min_months"),
        ({"path": [{"stages": ["BAIL_DIRECT", "ALT"]}]}, "paths-0-stages"),
        ({"quota": [{"value": 13, "unit": "household", "by": "mode", "of": "access"}]}, "quotas-0-value"),
        ({"parameters": {"arrears_multiple": 0}}, "parameter_arrears_multiple"),
        ({"body": [{"name": ""}]}, ""),
        ({"unknown": 1}, ""),
    ],
)
def test_a_fault_is_told_at_the_field_that_shows_it(changes: dict[str, object], field: str) -> None:
    document = BASE | changes
    with pytest.raises(DefinitionError) as refused:
        read_definition("essai", document)

    assert refused.value.fault is not None
    assert as_read(document).field_of(refused.value.fault) == field
