"""The annual review over the database: whose figures, and which households stand behind them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.accounts.vocabulary import Role
from casework.cases.models import CaseEnd
from casework.kernel.clock import FixedClock
from casework.kernel.errors import NotVisible
from casework.privacy.service import anonymise_cases, archive_case
from casework.reports.queries import annual_review, cases_behind, first_years, reviewed_programmes
from casework.reports.rules import BREAKDOWNS, FIGURES
from tests.factories import Stage, acting_as, make_case, make_programme, make_user, system_ctx
from tests.integration.reports.conftest import READERS, YEAR, World, add_contact
from tests.support.statements import counted

EXPECTED = {
    "year": 2025,
    "households_referred": 1,
    "diagnostics_made": 1,
    "stock_on_1_january": 1,
    "entered": 1,
    "left": 1,
    "stock_on_31_december": 1,
    "active_caseload": 2,
    "persons_adults": 3,
    "persons_children": 3,
    "household_months": 21,
    "composition": {"CAVEC": 1, "HSEUL": 1},
    "housing_at_entry": {"HLM": 2},
    "referral_source": {"PARTENAIRE": 2},
    "end_reasons": {"OBJ": 1},
    "outcomes": {"MAINTIEN_TITRE": 1},
    "median_duration_days_of_left": 520,
    "contacts_made": 3,
    "home_visits_made": 2,
    "contacts_missed": 2,
    "reassessments_held": 1,
}


@pytest.mark.parametrize("role", READERS)
def test_who_sees_the_households_gets_every_figure(engine: Engine, clock: FixedClock, world: World, role: Role) -> None:
    with acting_as(engine, clock, world.users[role]) as ctx:
        review = annual_review(ctx, world.programme.id, YEAR)

    assert review.as_json() == EXPECTED


def test_the_command_line_gets_every_figure(engine: Engine, clock: FixedClock, world: World) -> None:
    with system_ctx(engine, clock) as ctx:
        assert annual_review(ctx, world.programme.id, YEAR).as_json() == EXPECTED


@pytest.mark.parametrize(("role", "told"), [(Role.MANAGER, "HOSP"), (Role.LANDLORD_SOCIAL, "DETENTION")])
def test_a_stay_in_hospital_is_counted_as_an_absence_for_who_may_not_learn_of_it(
    engine: Engine, clock: FixedClock, world: World, role: Role, told: str
) -> None:
    with system_ctx(engine, clock) as ctx:
        for end in ctx.session.scalars(select(CaseEnd)):
            end.reason = "HOSP"

    with acting_as(engine, clock, world.users[role]) as ctx:
        assert annual_review(ctx, world.programme.id, YEAR).end_reasons == {told: 1}
        assert len(cases_behind(ctx, world.programme.id, YEAR, "end_reasons", told)) == 1


def test_a_funder_gets_the_totals_of_the_whole_programme_without_small_numbers(
    engine: Engine, clock: FixedClock, world: World
) -> None:
    with acting_as(engine, clock, world.users[Role.FUNDER_READER]) as ctx:
        review = annual_review(ctx, world.programme.id, YEAR).as_json()

    assert review == EXPECTED | {name: {} for name in BREAKDOWNS} | {"median_duration_days_of_left": None}


def test_a_funder_reads_the_breakdowns_of_many_households(engine: Engine, clock: FixedClock, world: World) -> None:
    with system_ctx(engine, clock) as ctx:
        for number in range(6):
            make_case(ctx, world.programme, number=f"B-{number}", signed_on=date(2025, 5, 5))

    with acting_as(engine, clock, world.users[Role.FUNDER_READER]) as ctx:
        review = annual_review(ctx, world.programme.id, YEAR)

    assert review.housing_at_entry == {"HLM": 8}
    assert review.composition == {}


@pytest.mark.parametrize("role", [Role.REFERENT, Role.LANDLORD_RENT, Role.ADMINISTRATOR])
def test_other_roles_read_no_review(engine: Engine, clock: FixedClock, world: World, role: Role) -> None:
    with acting_as(engine, clock, world.users[role]) as ctx:
        assert reviewed_programmes(ctx) == []
        with pytest.raises(NotVisible):
            annual_review(ctx, world.programme.id, YEAR)


def test_a_programme_of_others_is_out_of_sight(engine: Engine, clock: FixedClock, world: World) -> None:
    with acting_as(engine, clock, world.outsider) as ctx:
        assert reviewed_programmes(ctx) == []
        with pytest.raises(NotVisible):
            annual_review(ctx, world.programme.id, YEAR)
        with pytest.raises(NotVisible):
            cases_behind(ctx, world.programme.id, YEAR, "entered")


def test_the_households_of_another_programme_do_not_count(engine: Engine, clock: FixedClock, world: World) -> None:
    with system_ctx(engine, clock) as ctx:
        codes = [p.code for p in reviewed_programmes(ctx)]
        assert codes == ["F-SEMIS"]
        assert annual_review(ctx, world.programme.id + 1, YEAR).active_caseload == 0


@pytest.mark.parametrize("year", [0, 1989, 2101, 99999, -5])
def test_an_absurd_year_is_not_there(engine: Engine, clock: FixedClock, world: World, year: int) -> None:
    with system_ctx(engine, clock) as ctx, pytest.raises(NotVisible):
        annual_review(ctx, world.programme.id, year)


def test_the_list_behind_a_figure_tells_the_date_that_counts(engine: Engine, clock: FixedClock, world: World) -> None:
    def behind(figure: str, code: str | None = None) -> list[tuple[str, str, date | None, int | None]]:
        return [(c.number, c.name, c.on, c.count) for c in cases_behind(ctx, world.programme.id, YEAR, figure, code)]

    with acting_as(engine, clock, world.users[Role.LANDLORD_SOCIAL]) as ctx:
        assert [row[0] for row in behind("households_referred")] == ["A-3"]
        assert [row[0] for row in behind("diagnostics_made")] == ["A-3"]
        (left,) = behind("left")
        assert (left[0], left[2]) == ("A-2", date(2025, 10, 3))
        assert "Béranger" in left[1] or "BÉRANGER" in left[1]
        assert [(row[0], row[2]) for row in behind("active_caseload")] == [
            ("A-1", date(2025, 2, 10)),
            ("A-2", date(2024, 5, 1)),
        ]
        assert [(row[0], row[3]) for row in behind("household_months")] == [("A-1", 11), ("A-2", 10)]
        assert [(row[0], row[2], row[3]) for row in behind("contacts_made")] == [
            ("A-2", date(2025, 11, 20), 1),
            ("A-1", date(2025, 6, 2), 2),
        ]
        assert [(row[0], row[2], row[3]) for row in behind("contacts_missed")] == [("A-1", date(2025, 12, 31), 2)]
        assert [row[0] for row in behind("composition", "HSEUL")] == ["A-2"]
        assert behind("composition", "NR") == []
        assert [row[3] for row in behind("median_duration_days_of_left")] == [520]


def test_every_figure_is_the_sum_of_its_list(engine: Engine, clock: FixedClock, world: World) -> None:
    with acting_as(engine, clock, world.users[Role.COORDINATOR]) as ctx:
        review = annual_review(ctx, world.programme.id, YEAR).as_json()
        for figure in FIGURES:
            cases = cases_behind(ctx, world.programme.id, YEAR, figure)
            assert sum(case.count or 0 for case in cases) == review[figure], figure


def test_a_file_that_is_closed_counts_as_before_and_is_named_to_nobody_who_may_not_open_it(
    engine: Engine, clock: FixedClock, world: World
) -> None:
    left = world.cases["left"].id

    def told(role: Role) -> tuple[object, set[str]]:
        with acting_as(engine, clock, world.users[role]) as ctx:
            named = {c.number for c in cases_behind(ctx, world.programme.id, YEAR, "left")}
            return annual_review(ctx, world.programme.id, YEAR).as_json(), named

    before = {role: told(role) for role in READERS}
    with system_ctx(engine, clock) as ctx:
        archive_case(ctx, left, "Recours en cours.", date(2031, 3, 30))
    archived = {role: told(role) for role in READERS}
    with system_ctx(engine, clock) as ctx:
        anonymise_cases(ctx, [left])
    anonymised = {role: told(role) for role in READERS}

    for role in READERS:
        assert before[role][0] == archived[role][0] == anonymised[role][0]
        assert before[role][1] == {"A-2"}
        assert archived[role][1] == ({"A-2"} if role is Role.MANAGER else {""})
        assert anonymised[role][1] == {""}


@pytest.mark.parametrize(("figure", "code"), [("birthdays", None), ("entered", "HLM"), ("year", None), ("", None)])
def test_there_is_no_list_behind_what_is_no_figure(
    engine: Engine, clock: FixedClock, world: World, figure: str, code: str | None
) -> None:
    with system_ctx(engine, clock) as ctx, pytest.raises(NotVisible):
        cases_behind(ctx, world.programme.id, YEAR, figure, code)


def test_a_funder_opens_no_list(engine: Engine, clock: FixedClock, world: World) -> None:
    with acting_as(engine, clock, world.users[Role.FUNDER_READER]) as ctx, pytest.raises(NotVisible):
        cases_behind(ctx, world.programme.id, YEAR, "entered")


def test_the_review_takes_as_many_queries_for_many_households_as_for_few(
    engine: Engine, clock: FixedClock, world: World
) -> None:
    def count() -> tuple[int, int]:
        with acting_as(engine, clock, world.users[Role.MANAGER]) as ctx:
            with counted(engine) as for_review:
                annual_review(ctx, world.programme.id, YEAR)
            with counted(engine) as for_list:
                cases_behind(ctx, world.programme.id, YEAR, "contacts_made")
        review, behind = ([line for line in sent if line.startswith("SELECT")] for sent in (for_review, for_list))
        return len(review), len(behind)

    few = count()
    with system_ctx(engine, clock) as ctx:
        for number in range(25):
            case = make_case(ctx, world.programme, number=f"C-{number}", signed_on=date(2025, 5, 5))
            add_contact(ctx, case, date(2025, 6, 1))

    assert count() == few == (4, 5)


def test_the_first_year_of_a_programme_is_that_of_its_first_referral(
    engine: Engine, clock: FixedClock, world: World
) -> None:
    with system_ctx(engine, clock) as ctx:
        assert first_years(ctx, [world.programme.id]) == {world.programme.id: 2023}
        assert first_years(ctx, []) == {}


def test_a_programme_without_households_has_a_review_of_noughts(engine: Engine, clock: FixedClock) -> None:
    with system_ctx(engine, clock) as ctx:
        programme = make_programme(ctx)
        reader = make_user(ctx, Role.MANAGER, programme=programme)
        make_case(ctx, programme, stage=Stage.REFERRED, referred_on=date(2024, 1, 1))

    with acting_as(engine, clock, reader) as ctx:
        review = annual_review(ctx, programme.id, YEAR)

    assert (review.active_caseload, review.median_duration_days_of_left, review.outcomes) == (0, None, {})
