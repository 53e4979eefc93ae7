from datetime import date

import pytest

from casework.programmes.definition import CADENCES, CATEGORIES, COSTS, MODES, UNITS, Amount, Definition
from casework.programmes.rules import totals_of
from casework.programmes.terms import STATUSES, national_parameters, parameters_in_force
from casework.programmes.vocabulary import (
    CADENCE_LABELS,
    CATEGORY_LABELS,
    COST_LABELS,
    MODE_LABELS,
    PARAMETER_LABELS,
    STATUS_LABELS,
    UNIT_LABELS,
)


def _definition(costs: tuple[Amount, ...], fundings: tuple[Amount, ...] = ()) -> Definition:
    return Definition("X", "Un dispositif", "A", "B", date(2014, 1, 1), "access", costs=costs, fundings=fundings)


CAEN = (Amount("diagnostic", 50_00), Amount("accompaniment", 1_250_00), Amount("rental_management", 850_00))


def test_a_printed_total_that_is_not_the_sum_of_its_parts_is_flagged() -> None:
    totals = totals_of(_definition((*CAEN, Amount("total", 2_175_00))))

    assert (totals.printed, totals.costs, totals.costs_differ) == (2_175_00, 2_150_00, True)


@pytest.mark.parametrize(
    ("costs", "fundings", "differ"),
    [
        ((Amount("total", 47_000_00),), (Amount("A", 20_000_00), Amount("B", 27_000_00)), False),
        ((Amount("total", 47_000_00),), (Amount("A", 20_000_00),), True),
        (CAEN, (Amount("A", 2_150_00),), False),
        (CAEN, (), False),
        ((), (Amount("A", 1),), False),
    ],
)
def test_fundings_are_held_against_the_cost(
    costs: tuple[Amount, ...], fundings: tuple[Amount, ...], differ: bool
) -> None:
    totals = totals_of(_definition(costs, fundings))

    assert (totals.fundings_differ, totals.costs_differ) == (differ, False)


def test_every_word_of_a_definition_has_its_label() -> None:
    assert set(CATEGORIES) == set(CATEGORY_LABELS)
    assert set(MODES) == set(MODE_LABELS)
    assert set(UNITS) == set(UNIT_LABELS)
    assert set(CADENCES) == set(CADENCE_LABELS)
    assert set(COSTS) == set(COST_LABELS)
    assert set(STATUSES) == set(STATUS_LABELS)
    assert {p.key for p in national_parameters()} == set(PARAMETER_LABELS)


def test_a_parameter_is_in_force_between_its_dates() -> None:
    before = {p.key for p in parameters_in_force(date(2016, 8, 31))}
    since = {p.key for p in parameters_in_force(date(2016, 9, 1))}

    assert since - before == {"arrears_multiple", "caf_report_months"}
