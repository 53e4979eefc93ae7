from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases.models import CaseTeamMember
from casework.contracts.models import Objective
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.leases.models import LeaseStage
from casework.reassessments.models import Reassessment
from casework.reassessments.vocabulary import Domain
from tests.factories import Stage, make_case, make_programme, make_user, send_form, sign_in, system_ctx
from tests.support.filled_forms import filled_form
from tests.support.strict_client import StrictClient

REASSESSED = {f"level_{domain.value.lower()}": "2" for domain in Domain} | {"decision": "POURSUITE"}


@pytest.fixture
def team(engine: Engine, clock: FixedClock) -> tuple[User, User, User, int]:
    """Who notes, a colleague of the same team, a manager, and the case."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent, colleague = (make_user(ctx, Role.REFERENT, programme=programme) for _ in "ab")
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        case = make_case(ctx, programme, stage=Stage.ACTIVE, referent=referent, signed_on=date(2026, 1, 10))
        ctx.session.add(CaseTeamMember(case_id=case.id, user_id=colleague.id, since_on=ctx.today))
        return referent, colleague, manager, case.id


def _page(client: StrictClient, url: str) -> str:
    return unescape(client.get(url).get_data(as_text=True))


def _stages(client: StrictClient, engine: Engine, case_id: int) -> list[int]:
    """Note two lease stages and return their ids."""
    for stage, day in (("ALT", "2026-02-01"), ("BAIL_GLISSANT", "2026-03-10")):
        send_form(client, f"/menages/{case_id}/bail", {"stage": stage, "from_on": day, "same_dwelling": "y"})
    with Session(engine) as session:
        return list(session.scalars(select(LeaseStage.id).order_by(LeaseStage.from_on)))


def _reassessments(client: StrictClient, engine: Engine, case_id: int) -> list[int]:
    """Hold two reassessments, the second of which settles the objective, and return their ids."""
    with Session(engine) as session:
        objective = session.scalars(select(Objective.id)).one()
    for said in ({"held_on": "2026-02-10"}, {"held_on": "2026-03-20", f"objective_{objective}": "MET"}):
        send_form(client, f"/menages/{case_id}/reevaluation", REASSESSED | said)
    with Session(engine) as session:
        return list(session.scalars(select(Reassessment.id).order_by(Reassessment.held_on)))


def test_the_last_lease_stage_is_taken_back_and_the_one_before_holds_again(
    client: StrictClient, engine: Engine, team: tuple[User, User, User, int]
) -> None:
    referent, _colleague, _manager, case_id = team
    sign_in(client, referent)
    first, last = _stages(client, engine, case_id)
    path = f"/menages/{case_id}/bail"
    assert f'action="{path}/{last}/retirer"' in _page(client, path)
    assert send_form(client, f"{path}/{first}/retirer").status_code == 409

    told = _page(client, send_form(client, f"{path}/{last}/retirer").location)

    assert "Le statut est retiré" in told
    with Session(engine) as session:
        assert list(session.scalars(select(LeaseStage.id))) == [first]
        kept = session.scalars(
            select(AuditEvent.difference).where(AuditEvent.entity == "lease_stages", AuditEvent.operation == "delete")
        ).one()
    assert "BAIL_GLISSANT" in str(kept)
    assert f'action="{path}/{first}/retirer"' in told


def test_the_last_reassessment_is_taken_back_with_what_it_said_of_the_objectives(
    client: StrictClient, engine: Engine, team: tuple[User, User, User, int]
) -> None:
    referent, _colleague, _manager, case_id = team
    sign_in(client, referent)
    first, last = _reassessments(client, engine, case_id)
    base = f"/menages/{case_id}/reevaluations"
    assert "Retirer cette réévaluation" in _page(client, f"{base}/{last}")
    assert "Retirer cette réévaluation" not in _page(client, f"{base}/{first}")
    assert send_form(client, f"{base}/{first}/retirer").status_code == 409

    told = _page(client, send_form(client, f"{base}/{last}/retirer").location)

    assert "La réévaluation est retirée" in told
    with Session(engine) as session:
        assert list(session.scalars(select(Reassessment.id))) == [first]
        objective = session.scalars(select(Objective)).one()
        assert (objective.state, objective.settled_on) == ("OPEN", None)
        assert session.get_one(CaseSummary, case_id).reassessment_due_on == date(2026, 4, 10)


def test_what_was_decided_of_an_objective_on_its_own_page_stands(
    client: StrictClient, engine: Engine, team: tuple[User, User, User, int]
) -> None:
    referent, _colleague, _manager, case_id = team
    sign_in(client, referent)
    with Session(engine) as session:
        objective = session.scalars(select(Objective.id)).one()
    settled = {"state": "DROPPED", "settled_on": "2026-03-20"}
    url = f"/menages/{case_id}/objectifs/{objective}"
    assert send_form(client, url, filled_form(_page(client, url), "form_key").to_dict() | settled).status_code == 302
    send_form(client, f"/menages/{case_id}/reevaluation", REASSESSED | {"held_on": "2026-03-20"})
    with Session(engine) as session:
        last = session.scalars(select(Reassessment.id)).one()

    assert send_form(client, f"/menages/{case_id}/reevaluations/{last}/retirer").status_code == 302

    with Session(engine) as session:
        assert session.get_one(Objective, objective).state == "DROPPED"


@pytest.mark.parametrize(("make", "page", "button"), [(_stages, "bail", "bail"), (_reassessments, "", "reevaluations")])
@pytest.mark.databases("sqlite")
def test_nothing_is_taken_back_on_another_day_or_by_a_colleague(
    client: StrictClient,
    engine: Engine,
    clock: FixedClock,
    team: tuple[User, User, User, int],
    make: Callable[[StrictClient, Engine, int], list[int]],
    page: str,
    button: str,
) -> None:
    referent, colleague, manager, case_id = team
    sign_in(client, referent)
    last = make(client, engine, case_id)[-1]
    url = f"/menages/{case_id}/{button}/{last}/retirer"
    shown = f"/menages/{case_id}/{page or f'{button}/{last}'}"
    assert url in _page(client, shown)

    sign_in(client, colleague)
    assert url not in _page(client, shown)
    assert send_form(client, url).status_code == 409
    clock.instant += timedelta(days=1)
    sign_in(client, referent)
    assert url not in _page(client, shown)
    assert send_form(client, url).status_code == 409

    sign_in(client, manager)
    assert url in _page(client, shown)
    assert send_form(client, url).status_code == 302
    assert send_form(client, url).status_code == 404
