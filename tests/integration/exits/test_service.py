from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases.models import CaseEnd
from casework.exits.service import EndNews, end_case, undo_end
from casework.exits.vocabulary import EndReason, Outcome
from casework.households.vocabulary import Housing
from casework.kernel.audit import AuditEvent
from casework.kernel.clock import FixedClock
from casework.kernel.errors import NotVisible, RuleViolation
from casework.leases.service import NextStage, change_stage
from casework.programmes.vocabulary import LeaseStageCode
from casework.reassessments.service import ReassessmentNews, hold_reassessment
from casework.reassessments.vocabulary import Decision
from tests.factories import Stage, acting_as, change_definition, make_case, make_programme, make_user, system_ctx

SIGNED = date(2026, 1, 10)
NEWS = EndNews(date(2026, 3, 30), EndReason.OBJ, Outcome.MAINTIEN_TITRE, Housing.HLM, relay="Assistante de secteur")


def test_an_accompaniment_ends_once(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx), signed_on=SIGNED)
        end_case(ctx, case.id, NEWS)

        assert ctx.session.scalars(select(CaseSummary.state)).one() == "ENDED"
        with pytest.raises(RuleViolation, match="déjà notée"):
            end_case(ctx, case.id, NEWS)


@pytest.mark.parametrize(
    ("ended_on", "words"),
    [
        (date(2026, 3, 31), "dans l’avenir"),
        (date(2026, 1, 9), "avant la signature"),
        (date(2026, 3, 9), "Une réévaluation est notée le 10/03/2026"),
        (date(2026, 3, 19), "Le statut du logement a changé le 20/03/2026"),
    ],
)
def test_an_impossible_end_is_refused_with_its_reason(
    engine: Engine, clock: FixedClock, ended_on: date, words: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx), signed_on=SIGNED)
        hold_reassessment(ctx, case.id, ReassessmentNews(date(2026, 3, 10), Decision.FIN))
        change_stage(ctx, case.id, NextStage(LeaseStageCode.BAIL_DIRECT, date(2026, 3, 20)))

        with pytest.raises(RuleViolation, match=words) as refused:
            end_case(ctx, case.id, replace(NEWS, ended_on=ended_on))
        assert refused.value.field == "ended_on"


def test_without_a_contract_the_end_is_not_before_the_referral(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx), stage=Stage.REFERRED, referred_on=date(2026, 3, 1))

        with pytest.raises(RuleViolation, match="avant l’orientation"):
            end_case(ctx, case.id, replace(NEWS, ended_on=date(2026, 2, 28)))
        end_case(ctx, case.id, replace(NEWS, ended_on=date(2026, 3, 1), reason=EndReason.ERREUR))


def test_an_early_end_asks_for_its_motive(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        change_definition(ctx, programme, accompaniment={"min_months": 6})
        case = make_case(ctx, programme, signed_on=SIGNED)

        with pytest.raises(RuleViolation, match="au moins 6 mois") as refused:
            end_case(ctx, case.id, NEWS)
        assert refused.value.field == "note"
        end_case(ctx, case.id, replace(NEWS, note="Départ chez sa fille."))


def test_an_end_is_taken_back_on_its_day_and_leaves_its_trace(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        case = make_case(ctx, programme, referent=referent, signed_on=SIGNED)
    with acting_as(engine, clock, referent) as ctx:
        end_case(ctx, case.id, NEWS)
    with acting_as(engine, clock, referent) as ctx:
        undo_end(ctx, case.id)
        with pytest.raises(NotVisible):
            undo_end(ctx, case.id)

    with system_ctx(engine, clock) as ctx:
        assert ctx.session.scalars(select(CaseEnd)).all() == []
        assert ctx.session.scalars(select(CaseSummary.state)).one() == "ACTIVE"
        traces = ctx.session.scalars(
            select(AuditEvent.operation).where(AuditEvent.entity == "case_ends").order_by(AuditEvent.id)
        ).all()
        assert traces == ["insert", "delete"]


def test_later_only_a_manager_takes_an_end_back(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        referent = make_user(ctx, Role.REFERENT, programme=programme)
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        case = make_case(ctx, programme, referent=referent, signed_on=SIGNED)
        end_case(ctx, case.id, NEWS)
    tomorrow = FixedClock.on(date(2026, 3, 31))

    with acting_as(engine, tomorrow, referent) as ctx, pytest.raises(RuleViolation, match="responsable"):
        undo_end(ctx, case.id)
    with acting_as(engine, tomorrow, manager) as ctx:
        undo_end(ctx, case.id)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("reason", "outcome", "is_refused"),
    [
        (EndReason.EXPULSION, Outcome.MAINTIEN_TITRE, True),
        (EndReason.EXPULSION, Outcome.MAINTIEN_PCS, True),
        (EndReason.EXPULSION, Outcome.PERTE, False),
        (EndReason.EXPULSION, Outcome.ACCES_ADAPTE, False),
        (EndReason.HEBERG, Outcome.MAINTIEN_TITRE, True),
        (EndReason.HEBERG, Outcome.HEBERGEMENT, False),
        (EndReason.GLISSEMENT, Outcome.PERTE, True),
        (EndReason.GLISSEMENT, Outcome.GLISSE, False),
        (EndReason.ACCES, Outcome.PERTE, True),
        (EndReason.ACCES, Outcome.ACCES_SOCIAL, False),
        (EndReason.AUTRE, Outcome.PERTE, False),
    ],
)
def test_a_reason_and_an_outcome_that_contradict_each_other_are_refused(
    engine: Engine, clock: FixedClock, reason: EndReason, outcome: Outcome, is_refused: bool
) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx), stage=Stage.ACTIVE)
        news = replace(NEWS, reason=reason, outcome=outcome, note="Fin avant le terme")
        if not is_refused:
            end_case(ctx, case.id, news)
            return
        with pytest.raises(RuleViolation, match="contredit") as refused:
            end_case(ctx, case.id, news)
    assert refused.value.field == "outcome"
