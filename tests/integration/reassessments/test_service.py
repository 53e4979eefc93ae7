from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.contracts.models import Contract, Objective
from casework.contracts.vocabulary import ObjectiveState
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.reassessments.queries import last_reassessment, reassessment_before
from casework.reassessments.service import ReassessmentNews, hold_reassessment
from casework.reassessments.vocabulary import Decision, Domain
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, seen_by, system_ctx

SIGNED = date(2026, 1, 10)


def _news(held_on: date, **more: object) -> ReassessmentNews:
    return ReassessmentNews(held_on, Decision.POURSUITE, **more)  # type: ignore[arg-type]


def _objective(ctx: Ctx, case_id: int, label: str) -> int:
    contract_id = ctx.session.scalars(select(Contract.id).where(Contract.case_id == case_id)).one()
    objective = Objective(case_id=case_id, contract_id=contract_id, label=label, party="HOUSEHOLD")
    ctx.session.add(objective)
    ctx.session.flush()
    return objective.id


def test_a_reassessment_settles_objectives_and_moves_the_next_due_date(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, referent=referent, signed_on=SIGNED)
        met, left = _objective(ctx, case.id, "Ouvrir les droits"), _objective(ctx, case.id, "Payer à date")

    with acting_as(engine, clock, referent) as ctx:
        news = _news(
            date(2026, 3, 20),
            levels={Domain.BUDGET: 3},
            objectives={met: ObjectiveState.MET, left: ObjectiveState.OPEN},
        )
        hold_reassessment(ctx, case.id, news)

    with system_ctx(engine, clock) as ctx:
        asked = select(Objective).where(Objective.id.in_((met, left)))
        objectives = {o.id: (o.state, o.settled_on) for o in ctx.session.scalars(asked)}
        due = ctx.session.scalars(select(CaseSummary.reassessment_due_on)).one()
    assert objectives == {met: ("MET", date(2026, 3, 20)), left: ("OPEN", None)}
    assert due == date(2026, 5, 20)


@pytest.mark.parametrize(
    ("held_on", "words"),
    [
        (date(2026, 3, 31), "dans l’avenir"),
        (date(2026, 1, 9), "signé le 10/01/2026"),
        (date(2026, 3, 2), "déjà notée"),
        (date(2026, 3, 26), "a pris fin le 25/03/2026"),
    ],
)
def test_an_impossible_day_is_refused_with_its_reason(
    engine: Engine, clock: FixedClock, held_on: date, words: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx), stage=Stage.ENDED, signed_on=SIGNED, ended_on=date(2026, 3, 25))
        hold_reassessment(ctx, case.id, _news(date(2026, 3, 2)))

        with pytest.raises(RuleViolation, match=words) as refused:
            hold_reassessment(ctx, case.id, _news(held_on))
        assert refused.value.field == "held_on"


def test_without_a_contract_there_is_no_reassessment(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx), stage=Stage.DIAGNOSED)

        with pytest.raises(RuleViolation, match="suit un contrat"):
            hold_reassessment(ctx, case.id, _news(date(2026, 3, 2)))


def test_an_objective_settled_meanwhile_or_of_another_household_is_a_conflict(
    engine: Engine, clock: FixedClock
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        case = make_case(ctx, programme, signed_on=SIGNED)
        other = make_case(ctx, programme, signed_on=SIGNED)
        foreign = _objective(ctx, other.id, "Pas le nôtre")

        with pytest.raises(Conflict):
            hold_reassessment(ctx, case.id, _news(date(2026, 3, 2), objectives={foreign: ObjectiveState.MET}))


def test_the_landlord_is_not_given_the_private_note(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        landlord = make_user(ctx, Role.LANDLORD_SOCIAL, programme=programme)
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        case = make_case(ctx, programme, signed_on=SIGNED)
        hold_reassessment(ctx, case.id, _news(date(2026, 2, 2), private_note="secret", shared_note="commun"))
        hold_reassessment(ctx, case.id, _news(date(2026, 3, 2)))

        for user, private in ((landlord, ""), (manager, "secret")):
            eyes = seen_by(ctx, user)
            last = last_reassessment(eyes, case.id)
            assert last is not None
            before = reassessment_before(eyes, case.id, last)
            assert before is not None
            assert (before.shared_note, before.private_note) == ("commun", private)


def test_a_referent_of_another_team_finds_nothing(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        stranger = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, signed_on=SIGNED)

    with acting_as(engine, clock, stranger) as ctx, pytest.raises(NotVisible):
        hold_reassessment(ctx, case.id, _news(date(2026, 3, 2)))
