"""The plan of a simulation: pure, seeded, and within what the definition says, for any seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.kernel.calendar import add_months, age_on
from casework.programmes.catalogue import catalogue, catalogue_codes, catalogue_definition
from casework.programmes.definition.parts import Accompaniment, Definition, Duration, Quantity, Quota
from casework.simulation.bulk.writers import write
from casework.simulation.headcount import Occupancy, has_room
from casework.simulation.life import ACCESS, MAINTAIN, Life
from casework.simulation.plan import Plan, Setting, make_plan
from casework.simulation.spans import project_end, span_of

FIRST, LAST = date(2023, 1, 2), date(2026, 1, 1)
# It says nothing but who it is.
PLAIN = Definition("T", "Un dispositif", date(2020, 1, 1), "access", ("Un bailleur",))


def _plan(definition: Definition, households: int = 8, seed: str = "1", taken: tuple[Occupancy, ...] = ()) -> Plan:
    return make_plan(Setting([definition], households, FIRST, LAST, seed, FIRST, taken))


def _referrals(plan: Plan) -> list[date]:
    return sorted(life.referred_on for life in plan.lives)


def test_the_same_setting_gives_the_same_plan_and_another_seed_another_one() -> None:
    definition = catalogue_definition("2.3.9")

    assert _plan(definition) == _plan(definition)
    assert _plan(definition).lives != _plan(definition, seed="2").lives


def test_what_one_chapter_draws_changes_no_other_one() -> None:
    life = _plan(catalogue_definition("F-SEMIS")).lives[0]
    first = life.chance("contacts").random()
    life.chance("rents").random()

    assert life.chance("contacts").random() == first


@pytest.mark.parametrize("code", catalogue_codes())
def test_the_dates_of_a_life_follow_one_another(code: str) -> None:
    for life in _plan(catalogue_definition(code), 6).lives:
        known = [life.referred_on, life.diagnosed_on, life.signed_on, life.leaves_on]
        dates = [day for day in known if day is not None]
        assert dates == sorted(dates)
        assert FIRST <= life.referred_on <= LAST
        starts = [stage.from_on for stage in life.stages]
        assert all(before < after for before, after in pairwise([*starts, life.leaves_on]))


def test_every_step_lies_within_the_simulation_and_every_deed_has_its_rows_on_the_fast_way() -> None:
    without_rows = write.dispatch(object)
    for definition in catalogue():
        for step in _plan(definition, 4).steps:
            assert FIRST <= step.day <= LAST
            assert write.dispatch(type(step.deed)) is not without_rows


@settings(max_examples=40)
@given(st.integers(1, 10**6), st.sampled_from(["2.1.14", "3.1.7", "3.3.1", "3.3.2", "3.3.5", "3.6.2"]))
def test_ages_are_within_the_limits_at_the_referral_and_at_the_contract(seed: int, code: str) -> None:
    definition = catalogue_definition(code)
    for life in _plan(definition, 3, str(seed)).lives:
        for day in (life.referred_on, life.signed_on or life.referred_on):
            assert _least(definition) <= age_on(life.home.born_on, day) <= _most(definition)


def _least(definition: Definition) -> float:
    limits = definition.ages
    return -inf if limits.min is None else limits.min + limits.min_strict


def _most(definition: Definition) -> float:
    limits = definition.ages
    return inf if limits.max is None else limits.max - limits.max_strict


@settings(max_examples=40)
@given(st.integers(1, 10**6))
def test_a_completed_accompaniment_is_neither_too_short_nor_too_long(seed: int) -> None:
    definition = replace(PLAIN, accompaniment=Accompaniment(min_months=3, max_months=6))
    for life in _plan(definition, 4, str(seed)).lives:
        if life.signed_on is not None:
            assert life.leaves_on <= add_months(life.signed_on, 6)
            if life.fate.name == "COMPLETED":
                assert life.leaves_on >= add_months(life.signed_on, 3)


def test_a_total_is_never_exceeded_whoever_was_there_before() -> None:
    definition = replace(PLAIN, households=Quantity(5, "total"))
    before = tuple(Occupancy(FIRST, FIRST + timedelta(days=30), ACCESS) for _ in range(3))

    assert len(_plan(definition, 9).lives) == 5
    assert len(_plan(definition, 9, taken=before).lives) == 2


@settings(max_examples=6)
@given(st.integers(1, 10**6))
def test_no_twelve_months_see_more_entries_than_a_yearly_headcount(seed: int) -> None:
    days = _referrals(_plan(replace(PLAIN, households=Quantity(3, "per_year")), 20, str(seed)))

    assert len(days) >= 6
    assert all(sum(day <= other <= add_months(day, 12) for other in days) <= 3 for day in days)


@settings(max_examples=6)
@given(st.integers(1, 10**6))
def test_never_more_are_there_at_once_than_an_active_caseload(seed: int) -> None:
    lives = _plan(replace(PLAIN, households=Quantity(4, "active_caseload")), 20, str(seed)).lives

    def there_on(day: date) -> int:
        return sum(life.referred_on <= day <= life.leaves_on for life in lives)

    assert len(lives) >= 4
    assert max(there_on(life.referred_on) for life in lives) <= 4


def test_quotas_by_mode_and_by_lease_are_kept() -> None:
    by_mode = _plan(catalogue_definition("3.1.1"), 22).lives
    modes = [life.mode for life in by_mode]

    assert max(modes.count(ACCESS), modes.count(MAINTAIN)) <= 11
    definition = replace(PLAIN, quotas=(Quota(1, "dwelling", "lease", "ALT"),))
    there = Occupancy(FIRST, None, ACCESS, ("ALT",))
    assert not has_room(definition, [there], there)
    assert has_room(definition, [there], replace(there, stages=("BAIL_DIRECT",)))


@pytest.mark.parametrize(
    ("duration", "end"),
    [
        (Duration(months=12), date(2024, 1, 2)),
        (Duration(months=12, renewable=True), None),
        (Duration(months=12, renewable=True, renewals_max=2), date(2026, 1, 2)),
        (Duration(months=12, renewable=True, total_months_max=24), date(2025, 1, 2)),
        (Duration(months=36, is_minimum=True), None),
        (Duration(), None),
    ],
)
def test_a_project_takes_households_in_until_its_end(duration: Duration, end: date | None) -> None:
    definition = replace(PLAIN, duration=duration)
    signed = [life.signed_on for life in _plan(definition, 10).lives if life.signed_on is not None]

    assert project_end(definition, FIRST) == end
    assert signed
    assert all(end is None or day <= end for day in signed)


def test_renewals_bound_an_accompaniment_that_states_no_maximum() -> None:
    stated = Accompaniment(period_months=6, renewals_max=1, renewable=True)
    span = span_of(replace(PLAIN, accompaniment=stated))

    assert (span.first, span.renewal, span.most) == (6, 6, 12)
    assert span_of(replace(PLAIN, accompaniment=replace(stated, only_for="accompagnement renforcé"))).least is None


def test_each_version_holds_for_the_referrals_of_its_time() -> None:
    first = PLAIN
    later = replace(PLAIN, valid_from=date(2024, 6, 1), title="Autrement")
    lives = make_plan(Setting([first, later], 10, FIRST, LAST, "1", FIRST)).lives

    assert {life.definition.title for life in lives} == {"Un dispositif", "Autrement"}
    assert all(_version_of(life, later) for life in lives)


def _version_of(life: Life, later: Definition) -> bool:
    return (life.definition is later) == (life.referred_on >= later.valid_from)
