from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from concurrent.futures import wait
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, Row, delete, func, select, text
from sqlalchemy.orm import Session

from casework.alerts import queries, service, summaries
from casework.alerts.facts import Scope, load_facts
from casework.alerts.models import Alert, CaseSummary, SweepLog
from casework.alerts.postponing import postpone_alert_until
from casework.alerts.rules import CaseFacts
from casework.alerts.service import sweep_programme
from casework.contacts.service import ContactNews, correct_contact, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.kernel.audit import AuditEvent, record_bulk
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.programmes.models import Programme
from casework.rents.models import RentLine
from tests.factories import Stage, make_case, make_programme, system_ctx
from tests.integration.alerts.histories import make_histories
from tests.support.elsewhere import elsewhere
from tests.support.statements import counted

SIGNED = date(2026, 1, 30)  # 30 days later: 1 March; two months later: 30 March
ALERT_COLUMNS = [c for c in Alert.__table__.c if c.name != "id"]
SUMMARY_COLUMNS = [c for c in CaseSummary.__table__.c if c.name != "computed_on"]

State = tuple[list[Row[*tuple[object, ...]]], list[Row[*tuple[object, ...]]], list[tuple[int, date]]]


def _state(engine: Engine) -> State:
    """Everything that a sweep keeps."""
    with Session(engine) as session:
        alerts = session.execute(select(*ALERT_COLUMNS).order_by(Alert.case_id, Alert.rule, Alert.due_on)).all()
        summaries = session.execute(select(*SUMMARY_COLUMNS).order_by(CaseSummary.case_id)).all()
        swept = session.execute(select(SweepLog.programme_id, SweepLog.swept_on)).all()
        return list(alerts), list(summaries), [(row.programme_id, row.swept_on) for row in swept]


def _sweep(engine: Engine, clock: FixedClock, programme_id: int, day: date | None = None) -> list[tuple[str, str]]:
    with system_ctx(engine, clock) as ctx:
        return [(f.case, f.rule) for f in sweep_programme(ctx, programme_id, day or clock.today())]


def _open(engine: Engine) -> set[tuple[str, date]]:
    with Session(engine) as session:
        rows = session.execute(select(Alert.rule, Alert.due_on).where(Alert.closed_on.is_(None)))
        return {(row.rule, row.due_on) for row in rows}


def _alert(engine: Engine, rule: str) -> Alert:
    with Session(engine) as session:
        return session.scalars(select(Alert).where(Alert.rule == rule)).one()


def _move_to(clock: FixedClock, day: date) -> None:
    clock.instant = FixedClock.on(day).instant


@pytest.fixture
def programme_id(engine: Engine, clock: FixedClock) -> int:
    """One case signed on SIGNED, seen from the day of the signature."""
    _move_to(clock, SIGNED)
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        make_case(ctx, programme, signed_on=SIGNED, number="T-1")
        return programme.id


def _case_id(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalars(select(CaseSummary.case_id)).one()


def _met(on: date, outcome: ContactOutcome = ContactOutcome.REALISEE) -> ContactNews:
    return ContactNews(on, ContactKind.VAD, outcome)


def test_a_sweep_raises_what_became_due_since(engine: Engine, clock: FixedClock, programme_id: int) -> None:
    assert _sweep(engine, clock, programme_id) == []
    _move_to(clock, date(2026, 3, 31))

    found = _sweep(engine, clock, programme_id)

    assert found == [("T-1", "REASSESSMENT_OVERDUE"), ("T-1", "VISIT_OVERDUE")]
    alert = _alert(engine, "VISIT_OVERDUE")
    assert (alert.due_on, alert.raised_on, alert.closed_on) == (date(2026, 3, 1), date(2026, 3, 31), None)
    assert alert.facts == {"contract_on": "2026-01-30", "last_on": "", "days": 30}
    with Session(engine) as session:
        summary = session.scalars(select(CaseSummary)).one()
    assert (summary.open_alerts, summary.worst_rule) == (2, "REASSESSMENT_OVERDUE")
    assert (summary.next_due_on, summary.computed_on) == (date(2026, 3, 1), date(2026, 3, 31))


def test_a_second_sweep_of_the_day_changes_nothing(engine: Engine, clock: FixedClock, programme_id: int) -> None:
    _move_to(clock, date(2026, 3, 31))
    first = _sweep(engine, clock, programme_id)
    before = _state(engine)
    with Session(engine) as session:
        events = session.scalar(select(func.count(AuditEvent.id)))

    assert _sweep(engine, clock, programme_id) == first

    assert _state(engine) == before
    with Session(engine) as session:
        assert session.scalar(select(func.count(AuditEvent.id))) == events


def test_a_fact_closes_its_alert_and_is_named(engine: Engine, clock: FixedClock, programme_id: int) -> None:
    _move_to(clock, date(2026, 3, 10))
    _sweep(engine, clock, programme_id)
    with system_ctx(engine, clock) as ctx:
        record_contact(ctx, _case_id(engine), _met(date(2026, 3, 9)))

    alert = _alert(engine, "VISIT_OVERDUE")
    assert (alert.closed_on, alert.closing_fact) == (date(2026, 3, 10), "contact:2026-03-09")
    assert _sweep(engine, clock, programme_id) == []


def test_an_alert_whose_cause_comes_back_is_the_same_alert_opened_again(
    engine: Engine, clock: FixedClock, programme_id: int
) -> None:
    _move_to(clock, date(2026, 3, 10))
    _sweep(engine, clock, programme_id)
    first = _alert(engine, "VISIT_OVERDUE").id
    with system_ctx(engine, clock) as ctx:
        postpone_alert_until(ctx, first, date(2026, 4, 10), "En congés")
    with system_ctx(engine, clock) as ctx:
        contact_id = record_contact(ctx, _case_id(engine), _met(date(2026, 3, 9)))
    _move_to(clock, date(2026, 3, 12))
    with system_ctx(engine, clock) as ctx:
        correct_contact(ctx, _case_id(engine), contact_id, _met(date(2026, 3, 9), ContactOutcome.ABSENT))

    alert = _alert(engine, "VISIT_OVERDUE")
    assert (alert.id, alert.closed_on, alert.closing_fact) == (first, None, None)
    assert (alert.due_on, alert.raised_on) == (date(2026, 3, 1), date(2026, 3, 12))
    assert (alert.postponed_to, alert.postponed_reason) == (None, None)


def test_a_reminder_that_became_a_delay_says_that_time_closed_it(
    engine: Engine, clock: FixedClock, programme_id: int
) -> None:
    _move_to(clock, date(2026, 3, 30))
    _sweep(engine, clock, programme_id)
    assert ("REASSESSMENT_DUE_SOON", date(2026, 3, 30)) in _open(engine)
    _move_to(clock, date(2026, 3, 31))
    _sweep(engine, clock, programme_id)

    assert _alert(engine, "REASSESSMENT_DUE_SOON").closing_fact == "passed:2026-03-30"
    assert ("REASSESSMENT_OVERDUE", date(2026, 3, 30)) in _open(engine)


@pytest.mark.parametrize("days", [-300, -20, -1, 1, 200])
def test_looking_back_or_ahead_tells_what_holds_then_and_changes_nothing(
    engine: Engine, clock: FixedClock, programme_id: int, days: int
) -> None:
    _move_to(clock, date(2026, 3, 31))
    _sweep(engine, clock, programme_id)
    before = _state(engine)

    day = clock.today() + timedelta(days=days)
    found = _sweep(engine, clock, programme_id, day)

    assert ("T-1", "VISIT_OVERDUE") in found or day <= date(2026, 3, 1)
    assert _state(engine) == before


def test_a_look_back_before_any_sweep_changes_nothing_either(
    engine: Engine, clock: FixedClock, programme_id: int
) -> None:
    """What people noted has kept the alerts as of today: an older day must not undo it."""
    _move_to(clock, date(2026, 3, 31))
    with system_ctx(engine, clock) as ctx:
        record_contact(ctx, _case_id(engine), _met(date(2026, 3, 31)))
    before = _state(engine)

    assert ("T-1", "VISIT_OVERDUE") in _sweep(engine, clock, programme_id, date(2026, 3, 30))
    assert _state(engine) == before


def test_the_figures_of_an_open_alert_follow_the_ledger(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        case = make_case(ctx, programme, stage=Stage.REFERRED, lease_number="B-1")
        account = case.rent_account_id or 0
        ctx.session.add(_line(account, date(2026, 1, 1), 600_00))
        ctx.case_changed(case.id)
        before = ctx.session.scalars(select(Alert).where(Alert.rule == "ARREARS_CONSTITUTED")).one()
        assert before.facts["debt_cents"] == 600_00
        ctx.session.add(_line(account, date(2026, 2, 1), 900_00))
        ctx.session.flush()
        sweep_programme(ctx, programme.id, ctx.today)

    alert = _alert(engine, "ARREARS_CONSTITUTED")
    assert alert.due_on == date(2026, 1, 31)
    assert alert.facts == {
        "month": "2026-02-01",
        "debt_cents": 900_00,
        "base_cents": 300_00,
        "threshold_cents": 600_00,
        "check_by_hand": 0,
    }


def _line(account_id: int, month: date, balance: int) -> RentLine:
    return RentLine(
        account_id=account_id,
        month=month,
        rent_cents=400_00,
        charges_cents=50_00,
        benefit_cents=150_00,
        paid_cents=300_00,
        balance_cents=balance,
    )


def test_a_run_that_breaks_and_starts_again_is_another_occurrence(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        case = make_case(ctx, programme, stage=Stage.REFERRED, lease_number="B-1")
        balances = {9: 600_00, 10: 700_00, 11: 599_99, 12: 600_00}
        for month, balance in balances.items():
            ctx.session.add(_line(case.rent_account_id or 0, date(2025, month, 1), balance))
        ctx.session.flush()
        found = {
            day: [f.due_on for f in sweep_programme(ctx, programme.id, day) if f.rule == "ARREARS_CONSTITUTED"]
            for day in (date(2025, 11, 29), date(2025, 11, 30), date(2025, 12, 30), date(2025, 12, 31))
        }

    assert found == {
        date(2025, 11, 29): [date(2025, 9, 30)],
        date(2025, 11, 30): [],  # one cent below twice the base
        date(2025, 12, 30): [],
        date(2025, 12, 31): [date(2025, 12, 31)],
    }


def _slowly(session: Session, programme_id: int) -> Sequence[Row[*tuple[object, ...]]]:
    """Look, and wait long enough for the other one to look as well, if nothing stops it."""
    rows = queries.known_cases(session, programme_id)
    threading.Event().wait(0.5)
    return rows


@pytest.mark.parametrize(("day", "count"), [(SIGNED, 0), (date(2026, 3, 31), 24)])
def test_two_sweeps_at_once_leave_one_alert_for_each_occurrence(
    database_url: str, engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, day: date, count: int
) -> None:
    _move_to(clock, SIGNED)
    with system_ctx(engine, clock) as ctx:
        programme_id = make_programme(ctx).id
        for number in range(12):
            make_case(ctx, make_programme(ctx), signed_on=SIGNED, number=f"T-{number}")
        _forget_everything(ctx)  # both find everything missing
    _move_to(clock, day)
    slow = SimpleNamespace(**vars(queries) | {"known_cases": _slowly})
    monkeypatch.setattr(service, "queries", slow)
    start = threading.Barrier(2)

    def sweep(ctx: Ctx) -> int:
        return len(sweep_programme(ctx, programme_id, clock.today()))

    with elsewhere(database_url, clock, start, sweep) as one, elsewhere(database_url, clock, start, sweep) as other:
        assert [one.result(60), other.result(60)] == [count, count]

    with Session(engine) as session:
        assert session.scalar(select(func.count(Alert.id))) == count
        assert session.scalar(select(func.count(CaseSummary.case_id))) == 12


def test_a_sweep_writes_nothing_over_what_is_noted_while_it_looks(
    database_url: str, engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _move_to(clock, SIGNED)
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        programme_id, case_id = programme.id, make_case(ctx, programme, signed_on=SIGNED).id
    _move_to(clock, date(2026, 3, 20))
    _sweep(engine, clock, programme_id)
    assert "VISIT_OVERDUE" in {rule for rule, _due_on in _open(engine)}
    looked, sweeping = threading.Event(), threading.current_thread()

    def look_and_wait(session: Session, scope: Scope, *rest: Any) -> list[CaseFacts]:
        facts = load_facts(session, scope, *rest)
        if threading.current_thread() is sweeping:
            looked.set()
            wait([other], 1.0)  # long enough to be done, if nothing stopped it
        return facts

    def note(ctx: Ctx) -> None:
        record_contact(ctx, case_id, ContactNews(ctx.today, ContactKind.VAD, ContactOutcome.REALISEE))

    monkeypatch.setattr(service, "load_facts", look_and_wait)
    with elsewhere(database_url, clock, looked, note) as other:
        _sweep(engine, clock, programme_id)
        other.result(30)

    assert "VISIT_OVERDUE" not in {rule for rule, _due_on in _open(engine)}
    with Session(engine) as session:
        assert session.scalars(select(CaseSummary.last_contact_on)).one() == clock.today()


def test_what_single_changes_kept_is_what_a_whole_sweep_finds(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        histories = make_histories(ctx, programme, 40, random.Random(7))
        for history in histories:
            ctx.case_changed(history.case.id)
    one_by_one = _state(engine)
    assert len({row.rule for row in one_by_one[0]}) >= 7

    _sweep(engine, clock, programme.id)
    assert _state(engine)[:2] == one_by_one[:2]

    with system_ctx(engine, clock) as ctx:
        _forget_everything(ctx)
    _sweep(engine, clock, programme.id)
    assert [row for row in _state(engine)[0] if row.closed_on is None] == [
        row for row in one_by_one[0] if row.closed_on is None
    ]
    assert _state(engine)[1] == one_by_one[1]


def _forget_everything(ctx: Ctx) -> None:
    ctx.session.execute(delete(Alert))
    record_bulk(ctx, Alert, "test", {})
    for model in (CaseSummary, SweepLog):
        ctx.session.execute(delete(model))


def test_the_number_of_statements_does_not_grow_with_the_cases(engine: Engine, clock: FixedClock) -> None:
    def count(programme: Programme) -> tuple[int, int]:
        with system_ctx(engine, clock) as ctx:
            _forget_everything(ctx)
            with counted(engine) as first:
                sweep_programme(ctx, programme.id, ctx.today)
            with counted(engine) as second:
                sweep_programme(ctx, programme.id, ctx.today)
        return len(first), len(second)

    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        make_histories(ctx, programme, 10, random.Random(3))
    few = count(programme)
    with system_ctx(engine, clock) as ctx:
        make_histories(ctx, programme, 20, random.Random(5))
    many = count(programme)

    assert many == few
    assert many[0] <= 14


def test_a_sweep_leaves_other_programmes_alone(engine: Engine, clock: FixedClock, programme_id: int) -> None:
    with system_ctx(engine, clock) as ctx:
        like = ctx.session.get_one(Programme, programme_id)
        other = Programme(
            code="AUTRE",
            name="Autre",
            landlord_id=like.landlord_id,
            operator_id=like.operator_id,
            created_at=ctx.clock.now(),
        )
        ctx.session.add(other)
    _move_to(clock, date(2026, 3, 31))

    assert _sweep(engine, clock, other.id) == []
    assert _open(engine) == set()


def test_what_the_sweep_did_is_counted_in_its_trace(engine: Engine, clock: FixedClock, programme_id: int) -> None:
    _move_to(clock, date(2026, 3, 31))
    _sweep(engine, clock, programme_id)

    with Session(engine) as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.operation == "sweep").order_by(AuditEvent.id.desc()).limit(1)
        ).one()
    assert event.entity == "alerts"
    assert event.difference == {"raised": 2, "closed": 0, "changed": 0, "on": "2026-03-31", "case_id": None}


@pytest.mark.parametrize(("days", "is_refused"), [(0, True), (1, False), (60, False), (61, True), (-1, True)])
def test_an_alert_is_put_off_by_a_day_at_least_and_two_months_at_most(
    engine: Engine, clock: FixedClock, programme_id: int, days: int, is_refused: bool
) -> None:
    _move_to(clock, date(2026, 3, 31))
    _sweep(engine, clock, programme_id)
    alert = _alert(engine, "VISIT_OVERDUE")
    until = clock.today() + timedelta(days=days)

    with system_ctx(engine, clock) as ctx:
        if is_refused:
            with pytest.raises(RuleViolation) as refused:
                postpone_alert_until(ctx, alert.id, until, "En congés")
            assert refused.value.field == "until"
        else:
            postpone_alert_until(ctx, alert.id, until, "En congés")

    put_off = _alert(engine, "VISIT_OVERDUE")
    assert (put_off.postponed_to, put_off.closed_on) == (None if is_refused else until, None)
    _sweep(engine, clock, programme_id)
    assert _alert(engine, "VISIT_OVERDUE").postponed_to == put_off.postponed_to


def test_an_alert_that_is_closed_cannot_be_put_off(engine: Engine, clock: FixedClock, programme_id: int) -> None:
    _move_to(clock, date(2026, 3, 10))
    _sweep(engine, clock, programme_id)
    case_id, alert = _case_id(engine), _alert(engine, "VISIT_OVERDUE")
    with system_ctx(engine, clock) as ctx:
        record_contact(ctx, case_id, _met(date(2026, 3, 9)))
        with pytest.raises(NotVisible):
            postpone_alert_until(ctx, alert.id, date(2026, 3, 20), "x")


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize(("many", "known_rows"), [(1, 1), (2, -1)])
def test_after_many_new_summaries_the_database_knows_how_many_there_are(
    engine: Engine, clock: FixedClock, programme_id: int, monkeypatch: pytest.MonkeyPatch, many: int, known_rows: int
) -> None:
    """Without it the caseload of an import is read whole for each page, until the server looks by itself."""
    monkeypatch.setattr(summaries, "MANY", many)
    with system_ctx(engine, clock) as ctx:
        ctx.session.execute(delete(CaseSummary))

    _sweep(engine, clock, programme_id)

    with Session(engine) as session:
        counted_rows = session.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'case_summaries'"))
    assert counted_rows == known_rows
