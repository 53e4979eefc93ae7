from __future__ import annotations

import pytest
from sqlalchemy import Integer, String, column, false, true

from casework.accounts.permissions import PERMISSIONS, READERS, Way, permissions_of, ways_of
from casework.accounts.vocabulary import Role
from casework.cases.access import level_condition
from casework.kernel.context import Actor
from casework.kernel.levels import SENSITIVE, Level

CASE = column("case_id", Integer())
TEAM = "case_id IN (SELECT case_team.case_id FROM case_team WHERE case_team.user_id = 7)"


def _actor(role: str, *opened: int) -> Actor:
    return Actor(7, 3, role, (2,), permissions_of(role), opened)


def _sql(actor: Actor, level: Level) -> str:
    compiled = level_condition(actor, CASE, level).compile(compile_kwargs={"literal_binds": True})
    return " ".join(str(compiled).split())


def test_every_level_says_who_reads_it() -> None:
    assert set(READERS) == set(Level)
    assert {role for role in Role if ways_of(role, Level.S0)} == set(PERMISSIONS["contact:read"])
    assert {role for role in Role if ways_of(role, Level.S1)} == set(PERMISSIONS["contact:read-private"])
    assert ways_of("NOBODY", Level.S0) == frozenset()


@pytest.mark.parametrize("level", sorted(SENSITIVE))
def test_what_is_sensitive_is_read_by_the_team_and_by_breaking_the_glass(level: Level) -> None:
    assert {role: ways_of(role, level) for role in Role if ways_of(role, level)} == {
        Role.REFERENT: {Way.TEAM, Way.GLASS},
        Role.MANAGER: {Way.GLASS},
    }
    assert _sql(_actor(Role.REFERENT), level) == TEAM
    assert _sql(_actor(Role.REFERENT, 41), level) == f"{TEAM} OR case_id IN (41)"
    assert _sql(_actor(Role.MANAGER, 41, 43), level) == "case_id IN (41, 43)"
    for role in (Role.LANDLORD_SOCIAL, Role.LANDLORD_RENT, Role.COORDINATOR, Role.FUNDER_READER, Role.ADMINISTRATOR):
        assert level_condition(_actor(role, 41), CASE, level).compare(false())


def test_the_system_reads_every_level_and_the_social_team_of_a_landlord_the_shared_part() -> None:
    assert level_condition(_actor("SYSTEM"), CASE, Level.S4).compare(true())
    assert level_condition(_actor(Role.LANDLORD_SOCIAL), CASE, Level.S0).compare(true())
    assert level_condition(_actor(Role.LANDLORD_SOCIAL), CASE, Level.S1).compare(false())


def test_a_table_may_say_its_level_row_by_row() -> None:
    levels = column("level", String())
    compiled = level_condition(_actor(Role.MANAGER, 41), CASE, levels).compile(compile_kwargs={"literal_binds": True})

    assert "level IN ('S0', 'S1') OR level IN ('S2', 'S3', 'S4') AND case_id IN (41)" in " ".join(str(compiled).split())
    assert level_condition(_actor(Role.FUNDER_READER, 41), CASE, levels).compare(false())
