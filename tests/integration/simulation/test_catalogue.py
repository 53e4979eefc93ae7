"""Every programme of the catalogue, and one that no source has, lived through for 36 months without a broken rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from casework.cases.models import Case
from casework.kernel.clock import FixedClock
from casework.kernel.database import create_engine_for
from casework.programmes.catalogue import catalogue_codes
from casework.programmes.models import ProgrammeVersion
from casework.programmes.version_service import save_version
from casework.simulation.checker.service import check_history
from casework.simulation.service import Order
from tests.factories import system_ctx
from tests.integration.simulation.conftest import FIRST, LAST, NEW, Simulate, live, put_in_use
from tests.support.databases import SQLITE, Databases

# The longest path, repeated stages, a contact every day, ages, a derogation.
ON_BOTH = ("2.3.9", "2.1.18", "3.2.6", "3.3.1", "F-CAEN")


@pytest.fixture(scope="module")
def shared(databases: Databases) -> Iterator[Engine]:
    """One database for all programmes: each is lived through beside those before it."""
    url = databases.create(SQLITE)
    engine = create_engine_for(url)
    yield engine
    engine.dispose()
    databases.drop(url)


@pytest.mark.parametrize("code", catalogue_codes())
def test_every_programme_of_the_catalogue_lives_without_breaking_a_rule(shared: Engine, code: str) -> None:
    run = live(shared, Order(code, 3, FIRST, LAST, seed=1))
    with system_ctx(shared, FixedClock.on(LAST)) as ctx:
        violations = check_history(ctx, code)

    assert violations == []
    assert run.plan.lives


@pytest.mark.parametrize("code", ON_BOTH)
@pytest.mark.databases("postgresql")
def test_a_handful_of_them_does_on_postgresql(simulated: Simulate, engine: Engine, code: str) -> None:
    simulated(code, households=3)
    with system_ctx(engine, FixedClock.on(LAST)) as ctx:
        assert check_history(ctx, code) == []


def test_a_programme_with_a_path_of_no_source_lives_without_a_line_of_code(simulated: Simulate, engine: Engine) -> None:
    put_in_use(engine, NEW)
    run = simulated("T-NEUF", households=12, seed=4)
    with system_ctx(engine, FixedClock.on(LAST)) as ctx:
        violations = check_history(ctx, "T-NEUF")

    assert violations == []
    paths = {tuple(stage.code for stage in life.stages) for life in run.plan.lives}
    assert ("ALT", "BAIL_GLISSANT", "BAIL_DIRECT") in paths


def test_each_household_follows_the_version_of_its_referral(simulated: Simulate, engine: Engine) -> None:
    put_in_use(engine, NEW)
    # From the second year on: no stage of transition, and shorter accompaniments.
    later = NEW | {
        "valid_from": "2024-03-01",
        "accompaniment": {"max_months": 9},
        "path": [{"stages": ["BAIL_GLISSANT", "BAIL_DIRECT"]}],
        "gate": [],
    }
    with system_ctx(engine, FixedClock.on(FIRST)) as ctx:
        save_version(ctx, "T-NEUF", later, 1, "Le dispositif change au bout d’un an.")
    simulated("T-NEUF", households=12, seed=2)
    with system_ctx(engine, FixedClock.on(LAST)) as ctx:
        violations = check_history(ctx, "T-NEUF")
        numbers = ctx.session.scalars(
            select(ProgrammeVersion.number)
            .join(Case, Case.programme_version_id == ProgrammeVersion.id)
            .order_by(Case.referred_on, Case.id)
        ).all()

    assert violations == []
    assert list(numbers) == sorted(numbers)
    assert set(numbers) == {1, 2}
