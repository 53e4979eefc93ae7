from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from casework.accounts.vocabulary import Role
from casework.alerts.models import CaseSummary
from casework.cases import people_service
from casework.cases.people_service import MemberNews
from casework.diagnostics.queries import first_diagnosed_on, get_diagnostic, list_diagnostics
from casework.diagnostics.rules import Budget
from casework.diagnostics.service import Findings, record_diagnostic
from casework.diagnostics.vocabulary import Recommendation
from casework.households.models import Household
from casework.households.vocabulary import Link
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from tests.factories import Stage, make_case, make_programme, make_user, seen_by, system_ctx

TODAY = date(2026, 3, 30)
BUDGET = Budget({"SAL": 1_500_00, "AF": 400_00}, rent_cents=450_00, benefit_cents=100_00, fixed_charges_cents=1_200_00)
FINDINGS = Findings(TODAY, BUDGET, "Se sent seule.", "Bon état.", Recommendation.ACC_LEGER, "Six mois suffiront.")


@pytest.fixture
def ctx(engine: Engine, clock: FixedClock) -> Iterator[Ctx]:
    with system_ctx(engine, clock) as ctx:
        yield ctx


def test_a_diagnostic_keeps_what_was_found_and_what_it_comes_to(ctx: Ctx) -> None:
    case = make_case(ctx, make_programme(ctx), stage=Stage.REFERRED)

    diagnostic = record_diagnostic(ctx, case.id, FINDINGS)

    sheet = get_diagnostic(ctx, case.id, diagnostic.id)
    assert sheet.resources == {"SAL": 1_500_00, "AF": 400_00}
    assert (sheet.resources_cents, sheet.effort_tenths) == (1_900_00, 184)
    assert (sheet.units_tenths, sheet.remainder_cents) == (10, 23_33)
    assert (sheet.housing_part, sheet.recommendation) == ("Bon état.", "ACC_LEGER")
    assert ctx.session.get_one(CaseSummary, case.id).state == "DIAGNOSED"


def test_the_units_are_those_declared_until_the_people_are_entered(ctx: Ctx) -> None:
    case = make_case(ctx, make_programme(ctx), stage=Stage.REFERRED)
    household = ctx.session.get_one(Household, case.household_id)
    household.adults, household.children = 2, 2
    ctx.session.flush()
    assert record_diagnostic(ctx, case.id, FINDINGS).units_tenths == 21

    for name, link, born_on in (
        ("Paul", Link.CONJOINT, date(1980, 1, 1)),
        ("Léa", Link.ENFANT, date(2020, 1, 1)),
        ("Tom", Link.ENFANT, date(2011, 1, 1)),
    ):
        people_service.add_member(ctx, case.id, MemberNews("Martin", name, link, born_on=born_on))
    diagnostic = record_diagnostic(ctx, case.id, FINDINGS)

    assert (diagnostic.units_tenths, diagnostic.remainder_cents) == (23, 10_14)


def test_several_diagnostics_follow_one_another_and_the_latest_comes_first(ctx: Ctx) -> None:
    case = make_case(ctx, make_programme(ctx), stage=Stage.REFERRED)
    record_diagnostic(ctx, case.id, FINDINGS)
    record_diagnostic(ctx, case.id, replace(FINDINGS, made_on=date(2026, 1, 5)))

    assert [row.made_on for row in list_diagnostics(ctx, case.id)] == [TODAY, date(2026, 1, 5)]
    assert first_diagnosed_on(ctx, case.id) == date(2026, 1, 5)


@pytest.mark.parametrize("role", [Role.LANDLORD_SOCIAL, Role.COORDINATOR])
def test_the_social_part_never_leaves_the_association(ctx: Ctx, role: Role) -> None:
    programme = make_programme(ctx)
    case = make_case(ctx, programme, stage=Stage.REFERRED)
    diagnostic = record_diagnostic(ctx, case.id, FINDINGS)

    outside = seen_by(ctx, make_user(ctx, role, programme=programme))
    inside = seen_by(ctx, make_user(ctx, Role.MANAGER, programme=programme))

    assert get_diagnostic(outside, case.id, diagnostic.id).social_part is None
    assert get_diagnostic(inside, case.id, diagnostic.id).social_part == "Se sent seule."


@pytest.mark.parametrize(
    ("findings", "field"),
    [
        (replace(FINDINGS, made_on=date(2026, 3, 31)), "made_on"),
        (replace(FINDINGS, made_on=date(2025, 9, 29)), "made_on"),
        (replace(FINDINGS, budget=replace(BUDGET, benefit_cents=451_00)), "benefit_cents"),
    ],
)
def test_a_diagnostic_that_cannot_be_is_refused_with_its_field(ctx: Ctx, findings: Findings, field: str) -> None:
    case = make_case(ctx, make_programme(ctx), stage=Stage.REFERRED)

    with pytest.raises(RuleViolation) as refused:
        record_diagnostic(ctx, case.id, findings)
    assert refused.value.field == field


def test_nothing_is_diagnosed_after_the_end(ctx: Ctx) -> None:
    case = make_case(ctx, make_programme(ctx), stage=Stage.ENDED, ended_on=date(2026, 3, 1))

    with pytest.raises(RuleViolation, match="pris fin"):
        record_diagnostic(ctx, case.id, FINDINGS)


def test_a_diagnostic_out_of_sight_is_neither_read_nor_made(ctx: Ctx) -> None:
    programme = make_programme(ctx)
    case, other = make_case(ctx, programme), make_case(ctx, programme)
    stranger = seen_by(ctx, make_user(ctx, Role.REFERENT, programme=programme))
    diagnostic_id = list_diagnostics(ctx, case.id)[0].id

    assert list_diagnostics(stranger, case.id) == []
    for owner, reader in ((case.id, stranger), (other.id, ctx)):
        with pytest.raises(NotVisible):
            get_diagnostic(reader, owner, diagnostic_id)
    with pytest.raises(NotVisible):
        record_diagnostic(stranger, case.id, FINDINGS)
