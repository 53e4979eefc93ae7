from __future__ import annotations

from datetime import date

import pytest

from casework.desk.presentation import stage_picture

FIRST, SECOND, END, TODAY = date(2024, 1, 1), date(2025, 1, 1), date(2026, 3, 1), date(2026, 3, 30)


@pytest.mark.parametrize(
    ("stage", "ended_on", "told"),
    [
        ("BAIL_GLISSANT", None, "depuis le 1er janvier 2025"),
        ("BAIL_GLISSANT", END, "du 1er janvier 2025 au 1er mars 2026"),
        ("BAIL_GLISSANT", SECOND, "du 1er janvier 2025 au 1er janvier 2025"),
        ("BAIL_DIRECT", END, "depuis le 1er janvier 2025"),
    ],
    ids=["running", "ended with the accompaniment", "on the day it began", "a lease of one's own goes on"],
)
def test_the_last_lease_stage_lasts_as_long_as_it_does(stage: str, ended_on: date | None, told: str) -> None:
    first, last = stage_picture([("SOUS_LOCATION", FIRST), (stage, SECOND)], ended_on, TODAY)

    assert first["period"] == "du 1er janvier 2024 au 1er janvier 2025"
    assert last["period"] == told
    assert last["current"] is (ended_on is None or stage == "BAIL_DIRECT")
