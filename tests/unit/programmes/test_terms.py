from __future__ import annotations

from datetime import date

import pytest

from casework.programmes import terms
from casework.programmes.definition import read_definition
from casework.programmes.terms import (
    Parameter,
    national_parameters,
    national_value,
    parameters_in_force,
    terms_on,
)
from casework.programmes.vocabulary import PARAMETER_LABELS
from tests.unit.programmes.test_definition import CADENCE, MINIMAL

DAY = date(2026, 3, 30)


def test_where_a_programme_states_nothing_the_national_numbers_serve() -> None:
    found = terms_on(read_definition("p.toml", MINIMAL), DAY)

    assert found.contact_phases == ((0, 30),)
    assert (found.reassess_every_months, found.reassess_notice_days, found.contract_end_notice_days) == (2, 14, 30)
    assert (found.slide_examination_months, found.slide_notice_months, found.contact_lost_after) == (6, 2, 3)
    assert (found.arrears_multiple, found.caf_report_months, found.caf_report_notice_days) == (2, 2, 15)
    assert (found.early_arrears_months, found.remainder_days) == (6, 30)


def test_what_a_programme_states_comes_first() -> None:
    stated = {
        "cadence": [
            CADENCE | {"every": 1, "unit": "week"},
            {"what": "reassessment", "every": 1, "unit": "quarter"},
        ],
        "parameters": {"arrears_multiple": 3, "reassess_notice_days": 0, "reassess_every_months": 9},
    }

    found = terms_on(read_definition("p.toml", MINIMAL | stated), DAY)

    assert found.contact_phases == ((0, 7),)
    assert found.reassess_every_months == 3  # the cadence says it better than the threshold
    assert found.arrears_multiple == 3
    assert found.reassess_notice_days == 0  # no reminder at all is a statement, too
    assert found.caf_report_months == 2


def _parameter(value: int, valid_from: date, valid_to: date | None) -> Parameter:
    return Parameter("arrears_multiple", value, valid_from, valid_to, "national", "verified", "source")


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2009, 1, 1), 1),  # before the first date: the earliest one
        (date(2010, 1, 1), 1),
        (date(2016, 8, 31), 1),
        (date(2016, 9, 1), 2),
        (date(2024, 12, 31), 2),
        (date(2025, 1, 1), 5),
        (date(2099, 1, 1), 5),
    ],
)
def test_a_national_number_is_that_of_the_day(monkeypatch: pytest.MonkeyPatch, day: date, value: int) -> None:
    dated = (
        _parameter(5, date(2025, 1, 1), None),
        _parameter(1, date(2010, 1, 1), date(2016, 8, 31)),
        _parameter(2, date(2016, 9, 1), date(2024, 12, 31)),
    )
    monkeypatch.setattr(terms, "national_parameters", lambda: dated)

    assert national_value("arrears_multiple", day) == value
    assert [p.value for p in parameters_in_force(day)] == ([] if day.year < 2010 else [value])


def test_every_number_of_the_rules_is_in_the_national_table_with_its_source() -> None:
    parameters = national_parameters()

    assert {p.key for p in parameters} == set(PARAMETER_LABELS)
    assert all(p.source and p.scope for p in parameters)
