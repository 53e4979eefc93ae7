from datetime import date

import pytest

from casework.exits.rules import (
    check_early_end_explained,
    check_not_before_contract,
    check_not_before_last_step,
    check_not_ended_yet,
    may_undo,
)
from casework.kernel.errors import RuleViolation

DAY = date(2026, 3, 30)


def test_an_accompaniment_ends_once() -> None:
    check_not_ended_yet(None)
    with pytest.raises(RuleViolation, match="déjà notée, au 30/03/2026"):
        check_not_ended_yet(DAY)


@pytest.mark.parametrize(
    ("referred_on", "signed_on", "words"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), "avant la signature du contrat"),
        (date(2026, 3, 31), None, "avant l’orientation"),
    ],
)
def test_an_end_before_the_contract_or_the_referral_is_refused(
    referred_on: date, signed_on: date | None, words: str
) -> None:
    with pytest.raises(RuleViolation, match=words) as refused:
        check_not_before_contract(DAY, referred_on, signed_on)

    assert refused.value.field == "ended_on"


@pytest.mark.parametrize("place", [0, 1, 2], ids=["amendment", "reassessment", "lease stage"])
def test_an_end_before_the_last_step_is_refused(place: int) -> None:
    steps: list[date | None] = [None, None, None]
    check_not_before_last_step(DAY, DAY, DAY, DAY)
    check_not_before_last_step(DAY, *steps)
    steps[place] = date(2026, 3, 31)
    with pytest.raises(RuleViolation, match="la fin vient après"):
        check_not_before_last_step(DAY, *steps)


@pytest.mark.parametrize(
    ("signed_on", "min_months", "note", "refused"),
    [
        (date(2025, 10, 1), 6, "", True),
        (date(2025, 10, 1), 6, "Départ chez sa fille.", False),
        (date(2025, 9, 30), 6, "", False),
        (date(2025, 10, 1), None, "", False),
        (None, 6, "", False),
    ],
)
def test_an_end_before_the_shortest_duration_needs_a_motive(
    signed_on: date | None, min_months: int | None, note: str, refused: bool
) -> None:
    if not refused:
        check_early_end_explained(DAY, signed_on, min_months, note)
        return
    with pytest.raises(RuleViolation, match="au moins 6 mois") as violation:
        check_early_end_explained(DAY, signed_on, min_months, note)
    assert violation.value.field == "note"


@pytest.mark.parametrize(
    ("recorded_on", "is_manager", "allowed"),
    [(DAY, False, True), (date(2026, 3, 29), False, False), (date(2026, 3, 29), True, True)],
)
def test_an_end_is_taken_back_on_the_day_or_by_a_manager(recorded_on: date, is_manager: bool, allowed: bool) -> None:
    assert may_undo(recorded_on, DAY, is_manager=is_manager) is allowed
