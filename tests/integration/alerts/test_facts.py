from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from casework.alerts.facts import Scope, load_facts
from casework.contracts.models import Contract
from casework.kernel.calendar import month_end
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.programmes.models import Programme, ProgrammeVersion
from casework.programmes.queries import terms_by_version
from tests.factories import make_programme, system_ctx
from tests.integration.alerts.histories import DAYS, FIRST, facts_by_hand, make_histories
from tests.support.statements import counted


def _programme_with_two_versions(ctx: Ctx) -> Programme:
    """The second version loses patience sooner and tolerates more debt."""
    programme = make_programme(ctx)
    first = ctx.session.scalars(select(ProgrammeVersion)).one()
    second = first.definition | {"parameters": {"contact_lost_after": 2, "arrears_multiple": 3}}
    ctx.session.add(
        ProgrammeVersion(
            programme_id=programme.id,
            number=2,
            valid_from=date(2025, 6, 1),
            definition=second,
            digest="2",
            created_at=ctx.clock.now(),
        )
    )
    ctx.session.flush()
    return programme


def _other_programme(ctx: Ctx, like: Programme) -> Programme:
    other = Programme(
        code="AUTRE",
        name="Un autre",
        landlord_id=like.landlord_id,
        operator_id=like.operator_id,
        created_at=ctx.clock.now(),
    )
    ctx.session.add(other)
    ctx.session.flush()
    version = ctx.session.scalars(select(ProgrammeVersion).where(ProgrammeVersion.number == 1)).one()
    ctx.session.add(
        ProgrammeVersion(
            programme_id=other.id,
            number=1,
            valid_from=date(2013, 1, 1),
            definition=version.definition,
            digest="3",
            created_at=ctx.clock.now(),
        )
    )
    ctx.session.flush()
    return other


@pytest.mark.parametrize("seed", [1, 2])
def test_the_facts_of_the_database_are_those_read_row_by_row(engine: Engine, clock: FixedClock, seed: int) -> None:
    chance = random.Random(seed)
    days = [FIRST, *(FIRST + timedelta(days=chance.randrange(0, DAYS + 60)) for _ in range(4))]
    days += [month_end(days[-1]), month_end(days[-1]) - timedelta(days=1), date(2026, 2, 28), clock.today()]
    with system_ctx(engine, clock) as ctx:
        programme = _programme_with_two_versions(ctx)
        histories = make_histories(ctx, programme, 30, chance)
        make_histories(ctx, _other_programme(ctx, programme), 5, chance)
        assert len({h.case.programme_version_id for h in histories}) == 2

        for day in days:
            terms = terms_by_version(ctx, programme.id, day)
            wanted = [facts_by_hand(history, day, terms) for history in histories]
            whole = load_facts(ctx.session, Scope(programme.id), day, terms)
            assert whole == wanted, day
            for expected in wanted:
                single = load_facts(ctx.session, Scope(programme.id, expected.case_id), day, terms)
                assert single == [expected], day


def test_the_facts_are_loaded_in_as_many_statements_for_many_cases_as_for_one(
    engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        make_histories(ctx, programme, 1, random.Random(1))
        terms = terms_by_version(ctx, programme.id, ctx.today)
        with counted(engine) as few:
            load_facts(ctx.session, Scope(programme.id), ctx.today, terms)
        make_histories(ctx, programme, 15, random.Random(2))
        with counted(engine) as many:
            assert len(load_facts(ctx.session, Scope(programme.id), ctx.today, terms)) == 16

    assert len(many) == len(few) <= 2


def test_a_programme_without_cases_has_no_facts(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        terms = terms_by_version(ctx, programme.id, ctx.today)

        assert load_facts(ctx.session, Scope(programme.id), ctx.today, terms) == []


def test_two_contracts_of_one_day_count_in_the_order_they_were_written(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        (history,) = make_histories(ctx, programme, 1, random.Random(4))
        terms = terms_by_version(ctx, programme.id, ctx.today)
        for end in (date(2027, 1, 1), date(2027, 6, 1)):
            contract = Contract(
                case_id=history.case.id,
                kind="AVENANT",
                signed_on=ctx.today,
                planned_end_on=end,
                created_at=ctx.clock.now(),
            )
            ctx.session.add(contract)
            ctx.session.flush()

        (facts,) = load_facts(ctx.session, Scope(programme.id), ctx.today, terms)
        assert facts.planned_end_on == date(2027, 6, 1)
