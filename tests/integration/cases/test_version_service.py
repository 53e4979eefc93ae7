"""The decision that moves a case to another version of its programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.accounts.models import User
from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert, CaseSummary
from casework.cases.models import Case
from casework.cases.queries import case_record, moves_of
from casework.cases.service import correct_identity, sheet_of
from casework.cases.version_service import move_case_to_version
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.programmes.queries import versions_of
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, make_version, system_ctx

DENSE = [{"what": "contact", "every": 1, "unit": "year"}, {"what": "reassessment", "every": 1, "unit": "year"}]


@pytest.fixture
def manager(engine: Engine, clock: FixedClock) -> User:
    """A manager of a programme whose second version asks for less; a third one starts later."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        make_version(ctx, programme, date(2026, 3, 1), cadence=DENSE)
        make_version(ctx, programme, date(2026, 5, 1), summary="Plus tard")
        return make_user(ctx, Role.MANAGER, programme=programme)


@pytest.fixture
def case(engine: Engine, clock: FixedClock, manager: User) -> Case:
    with system_ctx(engine, clock) as ctx:
        return make_case(ctx, make_programme(ctx))


def _open_rules(ctx_engine: Engine, clock: FixedClock, case: Case) -> set[str]:
    with system_ctx(ctx_engine, clock) as ctx:
        return set(ctx.session.scalars(select(Alert.rule).where(Alert.case_id == case.id, Alert.closed_on.is_(None))))


def test_a_decision_moves_a_case_with_its_alerts_its_summary_and_its_trace(
    engine: Engine, clock: FixedClock, manager: User, case: Case
) -> None:
    assert _open_rules(engine, clock, case) == {"REASSESSMENT_OVERDUE", "VISIT_OVERDUE"}

    with acting_as(engine, clock, manager, "desk.move_case") as ctx:
        move_case_to_version(ctx, case.id, 2, "Le ménage va bien : le rythme s’espace.", 1)

    assert _open_rules(engine, clock, case) == set()
    with system_ctx(engine, clock) as ctx:
        versions = versions_of(ctx, case.programme_id)
        assert ctx.session.get_one(Case, case.id).programme_version_id == versions[1].id
        (move,) = moves_of(ctx, case.id)
        assert (move.from_number, move.to_number, move.decided_on) == (1, 2, ctx.today)
        assert (move.reason, move.author_id) == ("Le ménage va bien : le rythme s’espace.", manager.id)
        summary = ctx.session.scalars(select(CaseSummary).where(CaseSummary.case_id == case.id)).one()
        assert summary.next_due_on.year == 2026
        closing = select(Alert.closing_fact).where(Alert.case_id == case.id, Alert.closed_on.is_not(None))
        assert set(ctx.session.scalars(closing)) == {"terms:2026-03-30"}
        traces = select(AuditEvent).where(AuditEvent.use_case == "desk.move_case", AuditEvent.case_id == case.id)
        by_entity = {trace.entity: trace.difference for trace in ctx.session.scalars(traces)}
        assert by_entity["version_moves"]["reason"] == [None, move.reason]
        assert by_entity["cases"] == {"programme_version_id": [versions[0].id, versions[1].id]}


@pytest.mark.parametrize(
    ("number", "reason", "field"),
    [(1, "Pourquoi", "number"), (9, "Pourquoi", "number"), (3, "Pourquoi", "number"), (2, "", "reason")],
)
def test_a_move_that_cannot_be_is_refused(
    engine: Engine, clock: FixedClock, manager: User, case: Case, number: int, reason: str, field: str
) -> None:
    with acting_as(engine, clock, manager) as ctx:
        with pytest.raises(RuleViolation) as refused:
            move_case_to_version(ctx, case.id, number, reason, 1)
        assert refused.value.field == field
        assert list(moves_of(ctx, case.id)) == []


def test_an_accompaniment_that_ended_keeps_its_version(engine: Engine, clock: FixedClock, manager: User) -> None:
    with system_ctx(engine, clock) as ctx:
        ended = make_case(ctx, make_programme(ctx), stage=Stage.ENDED, ended_on=date(2026, 3, 1))

    with acting_as(engine, clock, manager) as ctx, pytest.raises(RuleViolation, match="01/03/2026"):
        move_case_to_version(ctx, ended.id, 2, "Pourquoi", 1)


def test_of_two_decisions_at_once_the_second_is_told(
    engine: Engine, clock: FixedClock, manager: User, case: Case
) -> None:
    with acting_as(engine, clock, manager) as ctx:
        move_case_to_version(ctx, case.id, 2, "Le premier", 1)
    with acting_as(engine, clock, manager) as ctx, pytest.raises(Conflict, match="version 2"):
        move_case_to_version(ctx, case.id, 2, "Le second", 1)


def test_a_case_out_of_sight_is_not_moved(engine: Engine, clock: FixedClock, case: Case) -> None:
    with system_ctx(engine, clock) as ctx:
        stranger = make_user(ctx, Role.COORDINATOR)
    with acting_as(engine, clock, stranger) as ctx, pytest.raises(NotVisible):
        move_case_to_version(ctx, case.id, 2, "Pourquoi", 1)


def test_a_decision_outlasts_the_correction_of_the_referral(
    engine: Engine, clock: FixedClock, manager: User, case: Case
) -> None:
    with system_ctx(engine, clock) as ctx:
        other = make_case(ctx, make_programme(ctx), stage=Stage.REFERRED, referred_on=date(2026, 2, 1))
    with acting_as(engine, clock, manager) as ctx:
        move_case_to_version(ctx, case.id, 2, "Le ménage va bien.", 1)
        for corrected, day in ((case, date(2025, 9, 1)), (other, date(2026, 3, 2))):
            record = case_record(ctx, corrected.id)
            correct_identity(ctx, corrected.id, replace(sheet_of(record), referred_on=day), record.case.version)

    with system_ctx(engine, clock) as ctx:
        second = versions_of(ctx, case.programme_id)[1].id
        assert ctx.session.get_one(Case, case.id).programme_version_id == second
        assert ctx.session.get_one(Case, other.id).programme_version_id == second  # dated into it, without a decision
