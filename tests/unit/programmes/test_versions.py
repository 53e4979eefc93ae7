from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.kernel.errors import RuleViolation
from casework.programmes.catalogue import catalogue, catalogue_codes, catalogue_document
from casework.programmes.definition import Definition, DefinitionError, read_definition
from casework.programmes.definition.parts import Cadence, Path, Quota
from casework.programmes.rules import (
    Difference,
    check_code,
    check_same_programme,
    check_title,
    check_version_start,
    differences,
)
from casework.programmes.toml_text import read_text, write_text

BASE: dict[str, object] = {
    "id": "VAL",
    "title": "Un dispositif",
    "landlords": ["Office du Val"],
    "operators": ["Les Pins"],
    "valid_from": "2024-01-01",
    "category": "access",
    "publics": ["young", "arrears"],
    "households": {"value": 12, "unit": "total"},
    "quota": [
        {"value": 4, "unit": "household", "by": "mode", "of": "access"},
        {"value": 8, "unit": "household", "by": "mode", "of": "maintain"},
    ],
    "cadence": [
        {"what": "home_visit", "every": 1, "unit": "week"},
        {"what": "reassessment", "every": 2, "unit": "month"},
    ],
    "path": [{"stages": ["ALT", "BAIL_DIRECT"]}],
    "lease": {"order_matters": True},
    "parameters": {"reassess_notice_days": 7},
}


def _found(**changes: object) -> list[Difference]:
    after = {key: value for key, value in (BASE | changes).items() if value is not None}
    return list(differences(read_definition("avant", BASE), read_definition("après", after)))


def test_a_version_that_only_starts_later_says_nothing_new() -> None:
    assert _found(valid_from="2026-01-01") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "Un autre"}, [Difference("title", "Un dispositif", "Un autre")]),
        ({"summary": "Court"}, [Difference("summary", None, "Court")]),
        (
            {"households": {"value": 15, "unit": "per_year"}},
            [Difference("households.value", 12, 15), Difference("households.unit", "total", "per_year")],
        ),
        (
            {"households": None, "quota": None},
            [
                Difference("households.value", 12, None),
                Difference("households.unit", "total", None),
                Difference("quotas", Quota(4, "household", "mode", "access"), None),
                Difference("quotas", Quota(8, "household", "mode", "maintain"), None),
            ],
        ),
        ({"age": {"min": 18}}, [Difference("ages.min", None, 18)]),
        ({"duration": {"renewable": False}}, [Difference("duration.renewable", None, False)]),
        ({"publics": ["arrears", "young"]}, []),  # a list of publics has no order
        ({"publics": ["arrears", "elderly"]}, [Difference("publics", "young", "elderly")]),
        ({"lease": None}, [Difference("lease.order_matters", True, False)]),
        (
            {"path": [{"stages": ["BAIL_DIRECT"]}]},
            [Difference("lease.paths", Path(("ALT", "BAIL_DIRECT")), Path(("BAIL_DIRECT",)))],
        ),
        (
            {"cadence": [{"what": "home_visit", "every": 2, "unit": "week"}]},
            [
                Difference("cadences", Cadence("home_visit", 1, "week"), Cadence("home_visit", 2, "week")),
                Difference("cadences", Cadence("reassessment", 2, "month"), None),
            ],
        ),
        ({"parameters": {"reassess_notice_days": 0}}, [Difference("parameters.reassess_notice_days", 7, 0)]),
        ({"parameters": {"caf_report_months": 3}}, None),
        ({"watch": {"max_months": 6}}, [Difference("watch.max_months", None, 6)]),
    ],
)
def test_each_change_is_told_at_its_place(changes: dict[str, object], expected: list[Difference] | None) -> None:
    found = _found(**changes)

    if expected is None:
        expected = [
            Difference("parameters.reassess_notice_days", 7, None),
            Difference("parameters.caf_report_months", None, 3),
        ]
    assert found == expected


@given(st.sampled_from(catalogue()), st.sampled_from(catalogue()))
def test_two_definitions_differ_unless_they_are_the_same_and_the_way_back_is_the_reverse(
    before: Definition, after: Definition
) -> None:
    forth, back = differences(before, after), differences(after, before)

    assert bool(forth) is (before != after)
    assert {d.place for d in forth} == {d.place for d in back}


@pytest.mark.parametrize("code", ["VAL-2026", "2.3.9", "A", "F-SEMIS", "9" * 32])
def test_a_plain_code_is_taken(code: str) -> None:
    check_code(code)


@pytest.mark.parametrize("code", ["", "val", "É-1", "A B", "-A", "A-", "A/B", "9" * 33, "A\n", "..", "٣"])
def test_a_code_that_is_not_plain_is_refused(code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_code(code)

    assert refused.value.field == "code"


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2024, 1, 1)])
def test_a_version_starts_after_the_last_one(day: date) -> None:
    check_version_start(date(2024, 1, 2), date(2024, 1, 1))

    with pytest.raises(RuleViolation, match="01/01/2024") as refused:
        check_version_start(day, date(2024, 1, 1))

    assert refused.value.field == "valid_from"


@pytest.mark.parametrize(
    ("key", "value"), [("id", "AUTRE"), ("landlords", ["Un autre office"]), ("operators", []), ("operators", ["X"])]
)
def test_a_version_stays_of_the_same_programme(key: str, value: object) -> None:
    before = read_definition("avant", BASE)
    check_same_programme(before, read_definition("après", BASE | {"operators": ["Les Pins", "Une deuxième"]}))

    with pytest.raises(RuleViolation) as refused:
        check_same_programme(before, read_definition("après", BASE | {key: value}))

    assert refused.value.field == key


def test_a_title_fits_a_line() -> None:
    check_title("t" * 200)

    with pytest.raises(RuleViolation, match="raccourcissez") as refused:
        check_title("t" * 201)

    assert refused.value.field == "title"


@pytest.mark.parametrize("code", catalogue_codes())
def test_every_definition_survives_being_written_and_read_again(code: str) -> None:
    document = catalogue_document(code)

    again = read_text("texte", write_text(document))

    assert again == document
    assert differences(read_definition("a", document), read_definition("b", again)) == ()


@pytest.mark.parametrize(
    "text",
    ["id = ", "[" * 100_000, "n = nan", "n = -inf", 'id = "a\\u0000b"', "n = " + "9" * 5_000, "\x00", "é = 1"],
)
def test_a_text_that_is_no_definition_is_refused_in_words(text: str) -> None:
    with pytest.raises(DefinitionError, match="texte collé"):
        read_text("texte collé", text)
