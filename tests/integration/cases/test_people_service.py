from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases import people_service as people
from casework.cases import service
from casework.cases.people_service import MemberNews
from casework.cases.queries import case_head, case_record, members_of
from casework.cases.service import sheet_of
from casework.households.models import Household
from casework.households.vocabulary import Civility, Composition, Link
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from tests.factories import make_case, make_programme, make_user, seen_by, system_ctx

TODAY = date(2026, 3, 30)
CHILD = MemberNews("Martin", "Léa", Link.ENFANT, born_on=date(2015, 6, 7))
PARTNER = MemberNews("Petit", "Paul", Link.CONJOINT, Civility.M, date(1980, 1, 2))


@pytest.fixture
def ctx(engine: Engine, clock: FixedClock) -> Iterator[Ctx]:
    with system_ctx(engine, clock) as ctx:
        yield ctx


@pytest.fixture
def case_id(ctx: Ctx) -> int:
    """A woman who declared two adults and two children, and is alone in the list of people."""
    case = make_case(ctx, make_programme(ctx))
    household = ctx.session.get_one(Household, case.household_id)
    household.adults, household.children, household.composition = 2, 2, "CAVEC"
    ctx.session.flush()
    return case.id


def _makeup(ctx: Ctx, case_id: int) -> tuple[int, int, str]:
    head = case_head(ctx, case_id)
    return head.adults, head.children, head.composition


def test_numbers_stand_as_declared_until_everybody_is_entered(ctx: Ctx, case_id: int) -> None:
    people.add_member(ctx, case_id, CHILD)
    people.add_member(ctx, case_id, replace(CHILD, given_name="Tom"))
    assert _makeup(ctx, case_id) == (2, 2, "CAVEC")
    people.add_member(ctx, case_id, replace(CHILD, given_name="Zoé"))
    assert _makeup(ctx, case_id) == (1, 3, "FMONO")


def test_who_says_that_everybody_is_entered_settles_the_numbers(ctx: Ctx, case_id: int) -> None:
    people.confirm_people(ctx, case_id)
    assert _makeup(ctx, case_id) == (1, 0, "FSEULE")
    people.add_member(ctx, case_id, PARTNER)
    assert _makeup(ctx, case_id) == (2, 0, "CSANS")


def test_who_left_counts_no_more_and_stays_in_the_history(ctx: Ctx, case_id: int) -> None:
    people.confirm_people(ctx, case_id)
    member = people.add_member(ctx, case_id, PARTNER)

    people.record_departure(ctx, case_id, member.id, date(2026, 3, 29))

    assert _makeup(ctx, case_id) == (1, 0, "FSEULE")
    assert [row.to_on for row in members_of(ctx, case_id)] == [None, date(2026, 3, 29)]


def test_a_new_reference_person_gives_the_case_its_name(ctx: Ctx, case_id: int) -> None:
    member = people.add_member(ctx, case_id, PARTNER)

    people.correct_member(ctx, case_id, member.id, replace(PARTNER, link=Link.REFERENCE))

    assert [(row.given_name, row.link) for row in members_of(ctx, case_id)] == [
        ("Paul", "REFERENCE"),
        ("Anne", "CONJOINT"),
    ]
    assert ctx.session.get_one(CaseSummary, case_id).name == "Petit Paul"


def test_the_sheet_no_longer_says_what_the_people_say(ctx: Ctx, case_id: int) -> None:
    people.confirm_people(ctx, case_id)
    sheet = replace(sheet_of(case_record(ctx, case_id)), civility=Civility.M, adults=5, composition=Composition.CSANS)

    service.correct_identity(ctx, case_id, sheet, 1)

    assert _makeup(ctx, case_id) == (1, 0, "HSEUL")


def test_the_reference_person_neither_leaves_nor_becomes_somebody_else(ctx: Ctx, case_id: int) -> None:
    reference = members_of(ctx, case_id)[0].id
    news = MemberNews("Martin", "Anne", Link.REFERENCE, Civility.MME)

    changes: list[tuple[Callable[[], object], str]] = [
        (lambda: people.record_departure(ctx, case_id, reference, TODAY), "left_on"),
        (lambda: people.correct_member(ctx, case_id, reference, replace(news, link=Link.PARENT)), "link"),
        (lambda: people.correct_member(ctx, case_id, reference, replace(news, to_on=TODAY)), "to_on"),
    ]
    for change, field in changes:
        with pytest.raises(RuleViolation) as refused:
            change()
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("news", "field"),
    [
        (replace(CHILD, born_on=date(2026, 3, 31)), "born_on"),
        (replace(CHILD, from_on=date(2026, 3, 31)), "from_on"),
        (replace(CHILD, from_on=TODAY, to_on=date(2026, 3, 29)), "to_on"),
    ],
)
def test_a_person_with_impossible_dates_is_refused(ctx: Ctx, case_id: int, news: MemberNews, field: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        people.add_member(ctx, case_id, news)
    assert refused.value.field == field


@pytest.mark.parametrize(("left_on", "words"), [(date(2026, 3, 31), "avenir"), (date(2026, 2, 1), "arrivée")])
def test_a_departure_is_after_the_arrival_and_not_ahead(ctx: Ctx, case_id: int, left_on: date, words: str) -> None:
    member = people.add_member(ctx, case_id, replace(PARTNER, from_on=date(2026, 2, 2)))

    with pytest.raises(RuleViolation, match=words):
        people.record_departure(ctx, case_id, member.id, left_on)


def test_the_people_of_a_case_out_of_sight_are_out_of_reach(ctx: Ctx, case_id: int) -> None:
    stranger = seen_by(ctx, make_user(ctx, Role.REFERENT, programme=make_programme(ctx)))
    other_case = make_case(ctx, make_programme(ctx))
    elsewhere = members_of(ctx, other_case.id)[0].id

    assert members_of(stranger, case_id) == []
    for change in (
        lambda: people.add_member(stranger, case_id, CHILD),
        lambda: people.confirm_people(stranger, case_id),
        lambda: people.correct_member(ctx, case_id, elsewhere, CHILD),
        lambda: people.record_departure(ctx, case_id, elsewhere, TODAY),
    ):
        with pytest.raises(NotVisible):
            change()
