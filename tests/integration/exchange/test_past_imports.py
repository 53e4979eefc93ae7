"""What is shown of an import that went in."""

from __future__ import annotations

from sqlalchemy import Engine

from casework.exchange.models import ImportRun
from casework.exchange.queries import imported_cases, past_imports
from casework.kernel.clock import FixedClock
from tests.factories import Stage, make_case, make_programme, system_ctx


def test_an_import_that_changed_households_by_the_hundred_thousand_is_shown(engine: Engine, clock: FixedClock) -> None:
    """More than the product promises, and more than either database takes parameters in one statement."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        changed = [make_case(ctx, programme, stage=Stage.REFERRED, family_name=name) for name in ("Zola", "Abel")]
        numbers = [case.number for case in changed]
        make_case(ctx, programme, stage=Stage.REFERRED, family_name="Martin")
        ctx.session.add(
            ImportRun(
                programme_id=programme.id,
                user_id=None,
                source="FILES",
                created_at=clock.now(),
                counts={"changed_cases": [*(case.id for case in changed), *range(1_000_000, 1_300_000)]},
            )
        )
    with system_ctx(engine, clock) as ctx:
        (past,) = past_imports(ctx)
        assert [number for _id, number, _name, _alerts in imported_cases(ctx, past)] == numbers[::-1]
