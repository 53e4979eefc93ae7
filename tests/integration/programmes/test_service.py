from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from casework.accounts.vocabulary import OrganisationKind, Role
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.errors import NotVisible, RuleViolation
from casework.programmes.queries import list_programmes
from casework.programmes.service import add_member, remove_member
from casework.programmes.teams import all_programmes, candidates_for, managed_programme, members_of
from tests.factories import acting_as, make_organisation, make_programme, make_user, seen_by, system_ctx

CODE = "F-SEMIS"


def test_an_administrator_lets_somebody_in_and_takes_them_out(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        administrator, funder = make_user(ctx, Role.ADMINISTRATOR), make_user(ctx, Role.FUNDER_READER)

    with acting_as(engine, clock, administrator) as ctx:
        add_member(ctx, CODE, funder.id)
        assert [row.id for row in members_of(ctx, programme.id)] == [funder.id]
        assert seen_by(ctx, funder).actor.programme_ids == (programme.id,)
    with acting_as(engine, clock, administrator) as ctx:
        remove_member(ctx, CODE, funder.id)
        assert members_of(ctx, programme.id) == []

    with system_ctx(engine, clock) as ctx:
        traces = select(AuditEvent.operation).where(
            AuditEvent.entity == "programme_members", AuditEvent.actor_id == administrator.id
        )
        assert ctx.session.scalars(traces.order_by(AuditEvent.id)).all() == ["insert", "delete"]


def test_those_of_the_two_sides_coordinators_and_funders_may_join(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        other = make_organisation(ctx, OrganisationKind.LANDLORD, "Un autre bailleur")
        administrator = make_user(ctx, Role.ADMINISTRATOR)
        coordinator, funder = make_user(ctx, Role.COORDINATOR), make_user(ctx, Role.FUNDER_READER)
        member = make_user(ctx, Role.MANAGER, programme=programme)
        stranger = make_user(ctx, Role.LANDLORD_SOCIAL, organisation=other)
        gone = make_user(ctx, Role.FUNDER_READER)
        gone.is_active = False
        ctx.session.flush()
        eyes = seen_by(ctx, administrator)

        assert {row.id for row in candidates_for(eyes, programme)} == {coordinator.id, funder.id}
        for user in (member, stranger, gone, administrator):
            with pytest.raises(RuleViolation) as refused:
                add_member(eyes, CODE, user.id)
            assert refused.value.field == "user_id"


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMINISTRATOR])
def test_only_an_administrator_reaches_the_teams(engine: Engine, clock: FixedClock, role: Role) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        user = make_user(ctx, role, programme=programme)
        eyes = seen_by(ctx, user)

        for reach in (
            lambda: all_programmes(eyes),
            lambda: managed_programme(eyes, CODE),
            lambda: add_member(eyes, CODE, user.id),
            lambda: remove_member(eyes, CODE, user.id),
        ):
            with pytest.raises(NotVisible):
                reach()


def test_an_administrator_sees_every_programme_on_the_page_of_the_teams_only(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        make_programme(ctx)
        eyes = seen_by(ctx, make_user(ctx, Role.ADMINISTRATOR))

        assert [p.code for p in all_programmes(eyes)] == [CODE]
        assert list_programmes(eyes) == []
        with pytest.raises(NotVisible):
            managed_programme(eyes, "INCONNU")
        with pytest.raises(NotVisible):
            remove_member(eyes, CODE, 999)
