from datetime import date

import pytest

from casework.kernel.errors import RuleViolation
from casework.reassessments.rules import check_contract_signed, check_levels, check_once_a_day
from casework.reassessments.vocabulary import Domain


@pytest.mark.parametrize("day", [date(2026, 1, 10), date(2026, 3, 1)])
def test_a_reassessment_is_held_from_the_day_of_the_contract_on(day: date) -> None:
    check_contract_signed("held_on", day, date(2026, 1, 10))


@pytest.mark.parametrize(
    ("signed_on", "words"), [(None, "suit un contrat"), (date(2026, 1, 10), "signé le 10/01/2026")]
)
def test_a_reassessment_before_the_contract_is_refused(signed_on: date | None, words: str) -> None:
    with pytest.raises(RuleViolation, match=words) as refused:
        check_contract_signed("held_on", date(2026, 1, 9), signed_on)

    assert refused.value.field == "held_on"


def test_a_day_has_one_reassessment() -> None:
    check_once_a_day("held_on", already_held=False)
    with pytest.raises(RuleViolation, match="déjà notée"):
        check_once_a_day("held_on", already_held=True)


def test_levels_go_from_one_to_four() -> None:
    check_levels({Domain.BUDGET: 1, Domain.PAYMENT: 4})
    for level in (0, 5):
        with pytest.raises(RuleViolation) as refused:
            check_levels({Domain.BUDGET: level})
        assert refused.value.field == "level_budget"
