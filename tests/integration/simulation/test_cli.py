"""`casework simulate`: what it prints, what it refuses, its exit status."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from casework.cases.models import Case
from tests.integration.conftest import Ran, Run

Simulate = Callable[..., Ran]
PERIOD = ("--from", "2024-01-01", "--to", "2024-12-31")


@pytest.fixture
def simulate(run: Run) -> Simulate:
    """Run `casework simulate`, for a period of one year unless another is given."""

    def go(code: str, households: int, *options: str) -> Ran:
        return run("simulate", "--programme", code, "--households", str(households), *(options or PERIOD))

    return go


def test_what_was_made_is_told_in_words_and_as_json(simulate: Simulate) -> None:
    words = simulate("F-SEMIS", 3)
    told = simulate("F-SEMIS", 2, *PERIOD, "--seed", "4", "--json")

    assert (words[0], words[2]) == (0, "")
    assert "3 ménages orientés" in words[1]
    assert json.loads(told[1])["households"] == 2


def test_a_sound_history_prints_no_violation(simulate: Simulate) -> None:
    status, out, err = simulate("3.2.4", 4, *PERIOD, "--check", "--json")

    assert (status, err) == (0, "")
    assert json.loads(out) == {"violations": []}


def test_what_is_broken_is_printed_and_the_status_says_so(simulate: Simulate, engine: Engine) -> None:
    simulate("3.2.4", 4)
    with engine.begin() as connection:
        connection.execute(text("UPDATE contracts SET association_signatory = ''"))

    status, out, _err = simulate("3.2.4", 0, *PERIOD, "--check", "--json")
    words = simulate("3.2.4", 0, *PERIOD, "--check")

    found = json.loads(out)["violations"]
    assert status == 1
    assert {violation["rule"] for violation in found} == {"party_missing"}
    assert {frozenset(violation) for violation in found} == {frozenset({"rule", "case", "date", "says", "found"})}
    assert "il manque l’association" in words[1]
    with Session(engine) as session:
        assert session.scalar(select(func.count(Case.id))) == 4


def test_more_households_than_the_programme_has_room_for_are_told(simulate: Simulate) -> None:
    status, out, err = simulate("3.4.2", 5)

    assert status == 0
    assert "2 ménages orientés" in out
    assert "5 ménages demandés, 2 simulés" in err


def test_an_unknown_programme_and_days_upside_down_are_refused(simulate: Simulate) -> None:
    unknown = simulate("X-1", 2)
    upside_down = simulate("F-SEMIS", 2, "--from", "2024-12-31", "--to", "2024-01-01")
    nothing_to_check = simulate("X-1", 0, *PERIOD, "--check")

    assert (unknown[0], upside_down[0], nothing_to_check[0]) == (2, 2, 2)
    assert "n’existe pas" in unknown[2]
    assert "avant de commencer" in upside_down[2]
    assert "n’existe pas" in nothing_to_check[2]
