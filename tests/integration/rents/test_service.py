from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from casework.accounts.vocabulary import Role
from casework.alerts.models import Alert
from casework.cases.models import Case
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.programmes.models import Programme
from casework.rents.models import ArrearsReport, RentLine
from casework.rents.queries import AccountRow, list_accounts, months_of
from casework.rents.service import report_to_caf, withdraw_report
from casework.web.paging import Place
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, seen_by, system_ctx


def make_account(ctx: Ctx, programme: Programme, lease: str, *balances: int, stage: Stage = Stage.ACTIVE) -> Case:
    """Make a case whose account ends with these balances, the last one of February 2026."""
    case = make_case(ctx, programme, lease_number=lease, family_name=lease, stage=stage)
    for n, balance in enumerate(balances):
        add_month(ctx, case, date(2026, 3 - len(balances) + n, 1), balance)
    ctx.case_changed(case.id)
    return case


def add_month(ctx: Ctx, case: Case, month: date, balance: int) -> None:
    """Add a month of 300 + 50 − 200 € to the account of a case."""
    line = RentLine(
        account_id=case.rent_account_id or 0,
        month=month,
        rent_cents=300_00,
        charges_cents=50_00,
        benefit_cents=200_00,
        paid_cents=0,
        balance_cents=balance,
    )
    ctx.session.add(line)
    ctx.session.flush()


def _accounts(ctx: Ctx, kept: str = "suivis") -> list[AccountRow]:
    return list(list_accounts(ctx, kept, Place()).rows)


def test_accounts_are_listed_by_debt_with_their_state(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        office = make_user(ctx, Role.LANDLORD_RENT, programme=programme)
        make_account(ctx, programme, "Behind", 0, 299_99)
        make_account(ctx, programme, "Constituted", 150_00, 300_00)
        make_account(ctx, programme, "Ahead", -20_00)
        make_account(ctx, programme, "Unknown")
        make_account(ctx, programme, "Ended", 900_00, stage=Stage.ENDED)
        eyes = seen_by(ctx, office)

        assert [(row.lease_number, row.balance_cents, row.base_cents, row.state) for row in _accounts(eyes)] == [
            ("Constituted", 300_00, 150_00, "CONSTITUTED"),
            ("Behind", 299_99, 150_00, "BEHIND"),
            ("Ahead", -20_00, 150_00, "AHEAD"),
            ("Unknown", None, None, None),
        ]
        assert [row.name for row in _accounts(eyes, "constitues")] == ["Constituted Anne"]
        assert _accounts(eyes, "tous")[0].lease_number == "Ended"


def test_a_month_counts_from_its_last_day(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        case = make_account(ctx, programme, "B-1", 100_00)
        add_month(ctx, case, date(2026, 3, 1), 800_00)

        assert [m.month for m in months_of(ctx, case.id, date(2026, 3, 30))] == [date(2026, 2, 1)]
        assert [m.month for m in months_of(ctx, case.id, date(2026, 3, 31))] == [date(2026, 2, 1), date(2026, 3, 1)]


def test_pages_of_accounts_meet_each_account_once_there_and_back(
    engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.rents.queries.SIZE", 2)
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        office = make_user(ctx, Role.LANDLORD_RENT, programme=programme)
        for lease, *balances in (("A", 100), ("B", 100), ("C", 100), ("D", 50), ("E",)):
            make_account(ctx, programme, str(lease), *balances)
        eyes = seen_by(ctx, office)

        seen: list[str] = []
        page = list_accounts(eyes, "suivis", Place())
        while True:
            seen += [row.lease_number for row in page.rows]
            if not page.next:
                break
            page = list_accounts(eyes, "suivis", Place.read(page.next, None))
        back = list_accounts(eyes, "suivis", Place.read(None, page.previous))

        assert seen == ["C", "B", "A", "D", "E"]
        assert [row.lease_number for row in back.rows] == ["A", "D"]


@pytest.mark.parametrize("key", ["x", "9" * 30, "-9" * 20, ""])
def test_a_place_that_cannot_be_read_is_the_start_of_the_list(engine: Engine, clock: FixedClock, key: str) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        office = make_user(ctx, Role.LANDLORD_RENT, programme=programme)
        make_account(ctx, programme, "B-1", 100_00)

        assert len(list_accounts(seen_by(ctx, office), "suivis", Place.read(f"{key}~1", None)).rows) == 1


def test_a_report_settles_the_alert_about_it(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        office = make_user(ctx, Role.LANDLORD_RENT, programme=programme)
        case = make_account(ctx, programme, "B-1", 400_00, 550_00)
        open_rules = select(Alert.rule).where(Alert.closed_on.is_(None), Alert.rule == "CAF_REPORT_DUE")
        assert ctx.session.scalars(open_rules).all() == ["CAF_REPORT_DUE"]

    with acting_as(engine, clock, office) as ctx:
        report_to_caf(ctx, case.id, date(2026, 3, 10), "CAF-17-042")

    with system_ctx(engine, clock) as ctx:
        assert ctx.session.scalars(open_rules).all() == []
        report = ctx.session.scalars(select(ArrearsReport)).one()
        assert (report.debt_cents, report.author_id, report.reference) == (550_00, office.id, "CAF-17-042")


def test_a_report_noted_by_mistake_is_taken_back_and_asked_for_again(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        office, social, other = (
            make_user(ctx, role, programme=programme)
            for role in (Role.LANDLORD_RENT, Role.LANDLORD_SOCIAL, Role.LANDLORD_RENT)
        )
        case = make_account(ctx, programme, "B-1", 400_00, 550_00)
        far = make_account(ctx, programme, "B-2", 400_00, 550_00)
    with acting_as(engine, clock, office) as ctx:
        report = report_to_caf(ctx, case.id, date(2026, 3, 10))

    with acting_as(engine, clock, other) as ctx, pytest.raises(RuleViolation, match="par qui l’a noté"):
        withdraw_report(ctx, case.id, report.id)
    tomorrow = FixedClock(clock.now() + timedelta(days=1))
    with acting_as(engine, tomorrow, office) as ctx, pytest.raises(RuleViolation, match="le jour même"):
        withdraw_report(ctx, case.id, report.id)
    with acting_as(engine, clock, office) as ctx:
        with pytest.raises(NotVisible):
            withdraw_report(ctx, far.id, report.id)
        withdraw_report(ctx, case.id, report.id)

    with system_ctx(engine, clock) as ctx:
        open_rules = select(Alert.rule).where(Alert.case_id == case.id, Alert.closed_on.is_(None))
        assert "CAF_REPORT_DUE" in ctx.session.scalars(open_rules).all()
        assert ctx.session.scalars(select(ArrearsReport)).all() == []
        again = report_to_caf(ctx, case.id, date(2026, 3, 10))
        assert again.debt_cents == 550_00
    with acting_as(engine, tomorrow, social) as ctx:
        withdraw_report(ctx, case.id, again.id)


@pytest.mark.parametrize(
    ("reported_on", "words"),
    [
        (date(2026, 3, 31), "dans l’avenir"),
        (date(2026, 1, 30), "pas de dette"),  # January is known from its last day
        (date(2026, 3, 10), "déjà noté"),
    ],
)
def test_an_impossible_report_is_refused_with_its_reason(
    engine: Engine, clock: FixedClock, reported_on: date, words: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_account(ctx, make_programme(ctx), "B-1", 400_00, 550_00)
        report_to_caf(ctx, case.id, date(2026, 3, 10))

        with pytest.raises(RuleViolation, match=words) as refused:
            report_to_caf(ctx, case.id, reported_on)
        assert refused.value.field == "reported_on"


def test_the_rent_office_of_another_programme_finds_nothing(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case = make_account(ctx, make_programme(ctx), "B-1", 400_00)
        stranger = make_user(ctx, Role.LANDLORD_RENT)
        eyes = seen_by(ctx, stranger)

        assert _accounts(eyes, "tous") == []
        assert months_of(eyes, case.id, date(2026, 3, 30)) == []
        with pytest.raises(NotVisible):
            report_to_caf(eyes, case.id, date(2026, 3, 1))
