"""Notice, archive and anonymisation over a whole folder: nothing of the people is left, every figure stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, MetaData, select

from casework.accounts.vocabulary import Role
from casework.cases.models import Case, CaseEnd, CaseRetention
from casework.contacts.models import Contact
from casework.contacts.service import ContactNews, record_contact
from casework.contacts.vocabulary import ContactKind, ContactOutcome
from casework.exchange.reading.files import read_folder
from casework.exchange.service import import_batch
from casework.households.models import Dwelling, Person
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.privacy.queries import file_of, files_over
from casework.privacy.service import (
    anonymise_cases,
    archive_case,
    give_notices,
    plan_retention,
)
from casework.programmes.models import Programme
from casework.rents.models import RentLine
from casework.reports.queries import annual_review
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, seen_by, system_ctx
from tests.support.tree import ROOT

FOLDER = ROOT / "tests" / "data" / "petit"
YEARS = range(2023, 2028)


def _everything(engine: Engine) -> str:
    """Return all that the database holds, as text, read past every door of the program."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return "\n".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )


@pytest.fixture
def ctx(engine: Engine, clock: FixedClock) -> Iterator[Ctx]:
    with system_ctx(engine, clock) as ctx:
        yield ctx


def _known(ctx: Ctx, programme: Programme) -> Case:
    """A household that left on 1 March 2024, last met the day before, with words that nobody else has."""
    case = make_case(
        ctx,
        programme,
        stage=Stage.ENDED,
        number="ZQX-1",
        family_name="Zqxnom",
        given_name="Zqxprenom",
        referred_on=date(2022, 1, 10),
        signed_on=date(2022, 3, 1),
        ended_on=date(2024, 3, 1),
        lease_number="ZQXBAIL",
    )
    home = ctx.session.get_one(Dwelling, case.dwelling_id)
    home.address, home.district = "1 rue Zqxvoie", "Zqxquartier"
    news = ContactNews(
        date(2024, 2, 29), ContactKind.VAD, ContactOutcome.REALISEE, shared_note="Zqxpart", private_note="Zqxsecret"
    )
    record_contact(ctx, case.id, news)
    return case


def test_nothing_of_the_people_is_left_and_every_figure_stays(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        import_batch(ctx, programme, read_folder(FOLDER))
        case = _known(ctx, programme)
        names = [n for n in ctx.session.scalars(select(Person.family_name)) if len(n) > 4]
        reviews = [annual_review(ctx, programme.id, year) for year in YEARS]
    assert "Zqx" in _everything(engine)

    with system_ctx(engine, clock) as ctx:
        everybody = list(ctx.session.scalars(select(Case.id)))
        assert anonymise_cases(ctx, everybody) == len(everybody)
    with system_ctx(engine, clock) as ctx:
        assert [annual_review(ctx, programme.id, year) for year in YEARS] == reviews
        assert ctx.session.scalars(select(RentLine)).all() == []
        assert ctx.session.get_one(Case, case.id).number == f"ANON-{case.id}"
        assert {p.born_on for p in ctx.session.scalars(select(Person)) if p.born_on} >= {date(1984, 1, 1)}

    left = _everything(engine).casefold()
    assert [word for word in ("zqx", *(name.casefold() for name in names)) if word in left] == []


@pytest.mark.parametrize(("days", "is_over"), [(1, False), (0, True), (-1, True)])
def test_a_file_is_over_from_the_day_of_its_end(ctx: Ctx, days: int, is_over: bool) -> None:
    """Nothing of who is still followed is announced, kept or anonymised, though an end is noted for a day to come."""
    case = make_case(ctx, make_programme(ctx))
    ended_on = ctx.today + timedelta(days=days)
    end = CaseEnd(
        case_id=case.id, ended_on=ended_on, reason="OBJ", outcome="MAINTIEN_TITRE", created_at=ctx.clock.now()
    )
    ctx.session.add(end)
    ctx.session.flush()

    assert [known.case_id for known in files_over(ctx)] == ([case.id] if is_over else [])
    assert (file_of(ctx, case.id) is not None) is is_over


def test_run_again_it_changes_nothing(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        case_id = _known(ctx, make_programme(ctx)).id
    for _ in range(2):
        with system_ctx(engine, clock) as ctx:
            anonymise_cases(ctx, [case_id])
            rows = ctx.session.execute(select(Case.number, Contact.occurred_on).join(Contact)).all()
            assert rows == [(f"ANON-{case_id}", date(2024, 2, 29))]


def test_who_lives_in_two_households_is_kept_as_long_as_one_of_them(ctx: Ctx) -> None:
    programme = make_programme(ctx)
    gone = _known(ctx, programme)
    stays = make_case(ctx, programme, family_name="Reste")
    stays.household_id, stays.dwelling_id, stays.rent_account_id = (
        gone.household_id,
        gone.dwelling_id,
        gone.rent_account_id,
    )
    ctx.session.flush()

    anonymise_cases(ctx, [gone.id])

    ctx.session.expire_all()
    assert "Zqxnom" in ctx.session.scalars(select(Person.family_name)).all()
    assert ctx.session.get_one(Dwelling, gone.dwelling_id).address == "1 rue Zqxvoie"
    assert ctx.session.scalars(select(Contact.private_note)).all() == [""]


def test_a_file_is_announced_then_anonymised_thirty_days_later(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        case = _known(ctx, programme)  # 24 months after 29 February 2024: due since 28 February 2026
        make_case(ctx, programme, family_name="Suivie")
        plan = plan_retention(ctx)
        assert ([known.case_id for known in plan.notices], plan.anonymised) == ([case.id], ())
        assert give_notices(ctx, plan) == 1
        assert plan_retention(ctx).notices == ()

    later = FixedClock.on(date(2026, 4, 29))
    with system_ctx(engine, later) as ctx:
        plan = plan_retention(ctx)
        assert [known.case_id for known in plan.anonymised] == [case.id]
        anonymise_cases(ctx, [known.case_id for known in plan.anonymised])
        done = plan_retention(ctx)
        assert (done.notices, done.anonymised) == ((), ())


def test_an_archive_keeps_a_file_for_a_reason_that_is_written_down(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        case, running = _known(ctx, programme), make_case(ctx, programme)
        manager = make_user(ctx, Role.MANAGER, programme=programme)
        stranger = make_user(ctx, Role.MANAGER)
        give_notices(ctx, plan_retention(ctx))
    with acting_as(engine, clock, manager) as ctx:
        with pytest.raises(RuleViolation) as refused:
            archive_case(ctx, case.id, " ", date(2029, 1, 1))
        assert refused.value.field == "reason"
        with pytest.raises(RuleViolation) as refused:
            archive_case(ctx, case.id, "Recours en cours", ctx.today)
        assert refused.value.field == "until"
        with pytest.raises(RuleViolation, match="en cours"):
            archive_case(ctx, running.id, "Recours en cours", date(2029, 1, 1))
        archive_case(ctx, case.id, "Recours en cours devant le tribunal", date(2029, 1, 1))
    with acting_as(engine, clock, stranger) as ctx, pytest.raises(NotVisible):
        archive_case(ctx, case.id, "Curiosité", date(2029, 1, 1))

    with system_ctx(engine, FixedClock.on(date(2028, 12, 31))) as ctx:
        plan = plan_retention(ctx)
        assert ([known.case_id for known in plan.notices], plan.anonymised) == ([case.id], ()), "told anew"
        give_notices(ctx, plan)
        row = ctx.session.get_one(CaseRetention, case.id)
        assert (row.archived_by, row.archive_reason) == (manager.id, "Recours en cours devant le tribunal")
    with system_ctx(engine, FixedClock.on(date(2029, 1, 30))) as ctx:
        assert [known.case_id for known in plan_retention(ctx).anonymised] == [case.id]
        anonymise_cases(ctx, [case.id])
        assert ctx.session.scalars(select(CaseRetention.archive_reason)).all() == [""]


def test_those_who_do_not_see_a_case_are_told_nothing_of_its_end(ctx: Ctx) -> None:
    programme = make_programme(ctx)
    _known(ctx, programme)

    assert plan_retention(seen_by(ctx, make_user(ctx, Role.REFERENT, programme=programme))).notices == ()
    assert len(plan_retention(seen_by(ctx, make_user(ctx, Role.MANAGER, programme=programme))).notices) == 1
