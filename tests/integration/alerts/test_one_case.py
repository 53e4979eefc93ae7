"""One case by itself and all cases together: the same facts, alerts and summaries, whatever the histories."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from casework.alerts.facts import Scope, load_facts
from casework.alerts.models import Alert, CaseSummary, SweepLog
from casework.alerts.rules import CaseFacts, evaluate, evaluate_contacts
from casework.alerts.service import sweep_programme
from casework.alerts.summaries import keep_contact
from casework.alerts.vocabulary import CONTACT_RULES
from casework.cases.models import Case, CaseEnd, Suspension
from casework.contacts.models import Contact
from casework.contacts.rules import is_made
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.contracts.models import Contract
from casework.kernel.audit import record_bulk
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.leases.models import LeaseStage
from casework.programmes.models import Programme
from casework.programmes.queries import terms_by_version
from casework.reassessments.models import Reassessment
from casework.rents.models import ArrearsReport, RentLine
from tests.factories import Stage, make_case, make_programme, system_ctx

CASES = 25


def _add_history(ctx: Ctx, case: Case, chance: random.Random) -> None:
    def some_day() -> date:
        return ctx.today - timedelta(days=chance.randrange(-20, 500))

    at, case_id = ctx.clock.now(), case.id
    for _ in range(chance.randrange(8)):
        kind, outcome = chance.choice(["VAD", "TENTATIVE"]), chance.choice(["REALISEE", "ABSENT", "REFUS", "REPORTEE"])
        contact = Contact(case_id=case_id, occurred_on=some_day(), kind=kind, outcome=outcome, created_at=at)
        ctx.session.add(contact)
    for _ in range(chance.randrange(3)):
        ctx.session.add(Reassessment(case_id=case_id, held_on=some_day(), decision="POURSUITE", created_at=at))
    for day in {some_day() for _ in range(chance.randrange(3))}:
        stage = chance.choice(["BAIL_GLISSANT", "BAIL_DIRECT"])
        ctx.session.add(LeaseStage(case_id=case_id, stage=stage, from_on=day, created_at=at))
    for _ in range(chance.randrange(3)):
        signed, planned = some_day(), chance.choice([None, ctx.today + timedelta(days=600)])
        contract = Contract(case_id=case_id, kind="AVENANT", signed_on=signed, created_at=at, planned_end_on=planned)
        ctx.session.add(contract)
    if chance.random() < 0.3:
        until = chance.choice([None, ctx.today + timedelta(days=30)])
        ctx.session.add(Suspension(case_id=case_id, from_on=ctx.today - timedelta(days=9), reason="…", to_on=until))
    if chance.random() < 0.3:
        report = ArrearsReport(case_id=case_id, reported_on=some_day(), debt_cents=1, author_id=None, created_at=at)
        ctx.session.add(report)
    if chance.random() < 0.2:
        ended = CaseEnd(case_id=case_id, ended_on=some_day(), reason="OBJ", outcome="MAINTIEN_TITRE", created_at=at)
        ctx.session.add(ended)
    _add_lines(ctx, case, chance)


def _add_lines(ctx: Ctx, case: Case, chance: random.Random) -> None:
    assert case.rent_account_id is not None
    for month in chance.sample(range(1, 13), chance.randrange(10)):
        line = RentLine(
            account_id=case.rent_account_id,
            rent_cents=400_00,
            charges_cents=50_00,
            benefit_cents=chance.choice([0, 200_00, 460_00]),
            month=date(2025 if month > 3 else 2026, month, 1),
            paid_cents=chance.choice([0, 250_00, 450_00]),
            balance_cents=chance.choice([-10_00, 0, 300_00, 900_00, 1_500_00]),
        )
        ctx.session.add(line)


def _programme_with_histories(ctx: Ctx) -> tuple[Programme, list[int]]:
    chance = random.Random(20260330)
    programme = make_programme(ctx)
    stages = [Stage.REFERRED, Stage.DIAGNOSED, Stage.ACTIVE, Stage.ACTIVE, Stage.ACTIVE]
    ids = []
    for number in range(CASES):
        case = make_case(
            ctx,
            programme,
            stage=chance.choice(stages),
            family_name=chance.choice(["Lefèvre", "d’Œuvre", "Martin  Le Goff", ""]),
            given_name=chance.choice(["Zoé", "José-María", ""]),
            lease_number=f"L-{number}",
        )
        _add_history(ctx, case, chance)
        ids.append(case.id)
    ctx.session.flush()
    return programme, ids


def test_facts_of_one_case_are_those_of_the_sweep(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, ids = _programme_with_histories(ctx)
        for back in (0, 40, 400):
            day = ctx.today - timedelta(days=back)
            terms = terms_by_version(ctx, programme.id, day)
            together = load_facts(ctx.session, Scope(programme.id), day, terms)
            alone = [load_facts(ctx.session, Scope(programme.id, case_id), day, terms) for case_id in ids]
            assert [[facts] for facts in together] == alone


def test_a_change_of_each_case_leaves_what_a_sweep_leaves(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, ids = _programme_with_histories(ctx)
        for case_id in ids:
            ctx.case_changed(case_id)
        alone = _kept(ctx)
        for model in (Alert, CaseSummary, SweepLog):
            ctx.session.execute(delete(model))
        record_bulk(ctx, Alert, "delete", {})
        sweep_programme(ctx, programme.id, ctx.today)
        assert _kept(ctx) == alone
        ctx.session.execute(update(CaseSummary).values(name_key="", debt_cents=-1))
        sweep_programme(ctx, programme.id, ctx.today)
        assert _kept(ctx) == alone


def test_a_contact_made_leaves_what_the_facts_leave(
    engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a summary of today says of a case is enough to note a contact, and where it is not, the facts are asked."""
    written = list[int]()

    def keep(session: Session, day: date, facts: CaseFacts, *rest: Any) -> None:
        written.append(facts.case_id)
        keep_contact(session, day, facts, *rest)

    monkeypatch.setattr("casework.alerts.service.keep_contact", keep)
    by_summary = _after_contacts(engine, clock)
    noted = len(written)
    assert 20 < noted < 3 * CASES
    monkeypatch.setattr("casework.alerts.service._note_contact", lambda *_given: False)
    assert by_summary == _after_contacts(engine, clock)
    assert len(written) == noted


def test_what_a_contact_can_change_is_what_the_rules_say_of_contacts(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme, _ids = _programme_with_histories(ctx)
        terms = terms_by_version(ctx, programme.id, ctx.today)
        found = set[str]()
        for facts in load_facts(ctx.session, Scope(programme.id), ctx.today, terms):
            about = [o for o in evaluate(facts, terms[facts.version_id], ctx.today) if o.rule in CONTACT_RULES]
            assert evaluate_contacts(facts, terms[facts.version_id], ctx.today) == about
            found |= {o.rule for o in about}
        assert found == CONTACT_RULES


@pytest.mark.parametrize("outcome", list(ContactOutcome))
@pytest.mark.parametrize("kind", list(ContactKind))
def test_a_contact_that_is_made_is_one_for_the_facts(
    engine: Engine, clock: FixedClock, kind: ContactKind, outcome: ContactOutcome
) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        case_id = make_case(ctx, programme).id
        # As a file may say it: nobody notes an attempt in which somebody was met.
        row = Contact(case_id=case_id, occurred_on=ctx.today, kind=kind, outcome=outcome, created_at=ctx.clock.now())
        ctx.session.add(row)
        ctx.session.flush()
        terms = terms_by_version(ctx, programme.id, ctx.today)
        [facts] = load_facts(ctx.session, Scope(programme.id, case_id), ctx.today, terms)
        assert (facts.last_contact_on is not None) == is_made(kind, outcome)


def test_a_case_that_changed_today_is_noted_by_its_summary_before_any_sweep(
    engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with system_ctx(engine, clock) as ctx:
        case_id = make_case(ctx, make_programme(ctx)).id
        monkeypatch.setattr("casework.alerts.service.load_facts", None)
        record_contact(ctx, case_id, ContactNews(ctx.today, ContactKind.VAD, ContactOutcome.REALISEE))
        summary = ctx.session.execute(select(CaseSummary.last_contact_on, CaseSummary.computed_on)).one()
        assert summary == (ctx.today, ctx.today)


class _Undone(Exception):
    """Ends a transaction that is to leave nothing."""


def _after_contacts(engine: Engine, clock: FixedClock) -> tuple[list[object], list[object]]:
    """Note three contacts in every case on a day that was swept, and return the alerts, closed ones too, and summaries."""
    chance = random.Random(20260331)
    alert_columns = (Case.number, Alert.rule, Alert.due_on, Alert.facts, Alert.closed_on, Alert.closing_fact)
    own = {"case_id", "programme_id", "referent_id", "computed_on"}
    columns = [column for column in CaseSummary.__table__.c if column.name not in own]
    kinds, outcomes = [ContactKind.VAD, ContactKind.TEL, ContactKind.TENTATIVE], [ContactOutcome.REALISEE] * 3
    found: tuple[list[object], list[object]] | None = None
    with suppress(_Undone), system_ctx(engine, clock) as ctx:
        programme, ids = _programme_with_histories(ctx)
        sweep_programme(ctx, programme.id, ctx.today)
        for case_id in [*ids, *ids, *ids]:
            day = ctx.today - timedelta(days=chance.choice([0, 0, 1, 5, 40, 200]))
            kind, outcome = chance.choice(kinds), chance.choice([*outcomes, ContactOutcome.ABSENT])
            outcome = ContactOutcome.ABSENT if kind is ContactKind.TENTATIVE else outcome
            record_contact(ctx, case_id, ContactNews(max(day, _referred_on(ctx, case_id)), kind, outcome))
        alerts = ctx.session.execute(
            select(*alert_columns).join(Case, Case.id == Alert.case_id).order_by(Case.number, Alert.rule, Alert.due_on)
        )
        summaries = ctx.session.execute(select(*columns).order_by(CaseSummary.number))
        found = [tuple(row) for row in alerts], [tuple(row) for row in summaries]
        raise _Undone
    assert found is not None
    return found


def _referred_on(ctx: Ctx, case_id: int) -> date:
    return ctx.session.scalars(select(Case.referred_on).where(Case.id == case_id)).one()


def test_a_contact_noted_on_a_day_that_was_not_swept_is_noted_by_the_facts(engine: Engine, clock: FixedClock) -> None:
    """A suspension that begins by its date alone stands in no summary yet."""
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        case_id = make_case(ctx, programme).id
        tomorrow = ctx.today + timedelta(days=1)
        ctx.session.add(Suspension(case_id=case_id, from_on=tomorrow, reason="Hospitalisation"))
        sweep_programme(ctx, programme.id, ctx.today)
    with system_ctx(engine, FixedClock(clock.now() + timedelta(days=1))) as ctx:
        assert ctx.today == tomorrow
        record_contact(ctx, case_id, ContactNews(ctx.today, ContactKind.VAD, ContactOutcome.REALISEE))
        assert ctx.session.scalars(select(CaseSummary.state)).one() == "SUSPENDED"


def test_a_contact_made_before_attempts_that_failed_leaves_the_contact_lost(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        case_id = make_case(ctx, programme).id
        sweep_programme(ctx, programme.id, ctx.today)
        for back in (12, 9, 6, 3):
            missed = ContactNews(ctx.today - timedelta(days=back), ContactKind.VAD, ContactOutcome.ABSENT)
            record_contact(ctx, case_id, missed)
        met = ContactNews(ctx.today - timedelta(days=10), ContactKind.TEL, ContactOutcome.REALISEE)
        record_contact(ctx, case_id, met)
        lost = select(Alert.facts).where(Alert.rule == "CONTACT_LOST", Alert.closed_on.is_(None))
        assert ctx.session.scalars(lost).one() == {"last_on": met.occurred_on.isoformat(), "missed": 3}


def _kept(ctx: Ctx) -> tuple[list[object], list[object]]:
    columns = [column for column in CaseSummary.__table__.c if column.name != "computed_on"]
    summaries = [tuple(row) for row in ctx.session.execute(select(*columns).order_by(CaseSummary.case_id))]
    rows = ctx.session.execute(
        select(Alert.case_id, Alert.rule, Alert.due_on, Alert.facts)
        .where(Alert.closed_on.is_(None))
        .order_by(Alert.case_id, Alert.rule, Alert.due_on)
    )
    return list(summaries), [tuple(row) for row in rows]
