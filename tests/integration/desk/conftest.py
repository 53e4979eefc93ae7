"""A programme with its people on every side, and a neighbour programme."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.kernel.clock import FixedClock
from casework.programmes.models import Programme, ProgrammeVersion
from casework.programmes.queries import version_on
from tests.factories import make_programme, make_user, system_ctx


@dataclass(frozen=True)
class People:
    """Who looks at the daily screens."""

    programme: Programme
    referent: User
    colleague: User
    manager: User
    social: User
    rents: User
    coordinator: User
    funder: User
    neighbour: User

    def who_reach_cases(self) -> tuple[User, ...]:
        return self.referent, self.manager, self.social, self.rents, self.coordinator


@pytest.fixture
def people(engine: Engine, clock: FixedClock) -> People:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        version = ctx.session.get_one(ProgrammeVersion, version_on(ctx, programme.id, ctx.today).id)
        other = Programme(
            code="AUTRE",
            name="Un autre dispositif",
            landlord_id=programme.landlord_id,
            operator_id=programme.operator_id,
            created_at=ctx.clock.now(),
        )
        ctx.session.add(other)
        ctx.session.flush()
        ctx.session.add(
            ProgrammeVersion(
                programme_id=other.id,
                number=1,
                valid_from=version.valid_from,
                definition=version.definition,
                digest=version.digest,
                created_at=ctx.clock.now(),
            )
        )

        def member(role: Role) -> User:
            return make_user(ctx, role, programme=programme)

        return People(
            programme=programme,
            referent=member(Role.REFERENT),
            colleague=member(Role.REFERENT),
            manager=member(Role.MANAGER),
            social=member(Role.LANDLORD_SOCIAL),
            rents=member(Role.LANDLORD_RENT),
            coordinator=member(Role.COORDINATOR),
            funder=member(Role.FUNDER_READER),
            neighbour=make_user(ctx, Role.MANAGER, programme=other),
        )
