from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.alerts.models import CaseSummary
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation
from casework.leases.queries import stages_of
from casework.leases.service import NextStage, change_stage
from casework.programmes.vocabulary import LeaseStageCode
from tests.factories import Stage, change_definition, make_case, make_programme, system_ctx

SLIDING = NextStage(LeaseStageCode.BAIL_GLISSANT, date(2025, 11, 1))
DIRECT = NextStage(LeaseStageCode.BAIL_DIRECT, date(2026, 3, 15), note="Le bail a glissé.")


def _ordered_case(ctx: Ctx) -> int:
    programme = make_programme(ctx)
    path = [{"stages": ["ALT", "BAIL_GLISSANT", "BAIL_DIRECT"]}]
    change_definition(ctx, programme, path=path, lease={"order_matters": True})
    return make_case(ctx, programme).id


def test_a_sliding_lease_becomes_a_direct_one(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx))
        change_stage(ctx, case.id, SLIDING)
        change_stage(ctx, case.id, DIRECT)

        assert [(s.stage, s.from_on) for s in stages_of(ctx, case.id)] == [
            ("BAIL_DIRECT", date(2026, 3, 15)),
            ("BAIL_GLISSANT", date(2025, 11, 1)),
        ]
        assert ctx.session.scalars(select(CaseSummary.stage)).one() == "BAIL_DIRECT"


@pytest.mark.parametrize(
    ("news", "field", "words"),
    [
        (NextStage(LeaseStageCode.BAIL_DIRECT, date(2026, 3, 31)), "from_on", "dans l’avenir"),
        (NextStage(LeaseStageCode.BAIL_DIRECT, date(2025, 11, 1)), "from_on", "depuis le 01/11/2025"),
        (NextStage(LeaseStageCode.BAIL_GLISSANT, date(2026, 3, 1)), "stage", "déjà le statut"),
        (NextStage(LeaseStageCode.PCS, date(2026, 3, 1)), "stage", "ne prévoit pas"),
    ],
)
def test_an_impossible_stage_is_refused_with_its_reason(
    engine: Engine, clock: FixedClock, news: NextStage, field: str, words: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        case_id = _ordered_case(ctx)
        change_stage(ctx, case_id, SLIDING)

        with pytest.raises(RuleViolation, match=words) as refused:
            change_stage(ctx, case_id, news)
        assert refused.value.field == field


def test_a_path_whose_order_matters_never_goes_back(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case_id = _ordered_case(ctx)
        change_stage(ctx, case_id, SLIDING)

        with pytest.raises(RuleViolation, match="Peuvent suivre : Bail direct"):
            change_stage(ctx, case_id, NextStage(LeaseStageCode.ALT, date(2026, 3, 1)))


def test_nothing_changes_after_the_end(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx), stage=Stage.ENDED, ended_on=date(2026, 3, 1))

        with pytest.raises(RuleViolation, match="a pris fin"):
            change_stage(ctx, case.id, DIRECT)
