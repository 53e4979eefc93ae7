from __future__ import annotations

from sqlalchemy import Engine, select

from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases.queries import case_head
from casework.kernel.clock import FixedClock
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, sign_in, system_ctx
from tests.support.strict_client import StrictClient


def test_a_case_can_be_made_at_every_stage(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        cases = [make_case(ctx, programme, stage=stage) for stage in Stage]
        states = {row.case_id: row.state for row in ctx.session.execute(select(CaseSummary.case_id, CaseSummary.state))}

    assert [states[case.id] for case in cases] == ["REFERRED", "DIAGNOSED", "ACTIVE", "ENDED"]


def test_a_referent_reaches_the_case_that_was_made_for_them(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, referent=referent)

    with acting_as(engine, clock, referent) as ctx:
        assert case_head(ctx, case.id).referent_name == referent.display_name


def test_a_signed_in_client_opens_what_the_user_may(client: StrictClient, engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        administrator = make_user(ctx, Role.ADMINISTRATOR)

    sign_in(client, administrator)
    client.lint = False  # the shell names pages of rooms that this test does not need

    assert client.get("/comptes").status_code != 302
