from __future__ import annotations

import pytest
from sqlalchemy import true
from sqlalchemy.orm import Session

from casework.accounts.models import SignInFailure
from casework.kernel.access import visible
from casework.kernel.clock import SystemClock
from casework.kernel.context import Actor, Ctx
from casework.programmes.models import Programme
from casework.programmes.queries import find_programme

ACTOR = Actor(7, 3, "REFERENT", (2,), frozenset({"case:read"}))


def _ctx(actor: Actor) -> Ctx:
    return Ctx(actor, SystemClock(), Session())


def test_nothing_of_a_table_without_a_rule_can_be_asked_for() -> None:
    with pytest.raises(KeyError):
        visible(_ctx(ACTOR), SignInFailure)


def test_the_rule_of_a_table_is_asked_with_the_actor() -> None:
    assert find_programme is not None  # the rule stands beside the queries
    seen = visible(_ctx(ACTOR), Programme).compile(compile_kwargs={"literal_binds": True})
    system = visible(_ctx(Actor(None, None, "SYSTEM")), Programme)

    assert str(seen) == "programmes.id IN (2)"
    assert system.compare(true())


def test_an_actor_may_what_the_permissions_say_and_nothing_else() -> None:
    assert ACTOR.may("case:read")
    assert not ACTOR.may("case:refer")
    assert not Actor(None, None, "NOBODY").may("case:read")
