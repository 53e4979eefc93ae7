"""Builders of cases at any stage of the path of a household."""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum

from sqlalchemy import func, select

from casework.accounts.models import User
from casework.cases.models import Case, CaseEnd, CaseTeamMember, RentAccount
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.households.models import Dwelling, Household, HouseholdMember, Person
from casework.kernel.calendar import add_months
from casework.kernel.context import Ctx
from casework.programmes.models import Programme
from casework.programmes.queries import version_on

AFTER_REFERRAL = timedelta(days=10)
AFTER_DIAGNOSTIC = timedelta(days=20)


class Stage(IntEnum):
    """How far a case has come; each stage holds those before it."""

    REFERRED = 1
    DIAGNOSED = 2
    ACTIVE = 3
    ENDED = 4


def make_case(
    ctx: Ctx,
    programme: Programme,
    *,
    stage: Stage = Stage.ACTIVE,
    referent: User | None = None,
    number: str | None = None,
    family_name: str = "Martin",
    given_name: str = "Anne",
    referred_on: date | None = None,
    signed_on: date | None = None,
    planned_end_on: date | None = None,
    ended_on: date | None = None,
    lease_number: str | None = None,
) -> Case:
    """Make a case at `stage`: referred six months ago, diagnosed ten days later, signed thirty days later, ended today.

    A date that is given is taken as it is. The referent becomes the team.
    """
    referred_on = referred_on or add_months(ctx.today, -6)
    case = _refer(ctx, programme, number, (family_name, given_name), referred_on, lease_number)
    if referent is not None:
        case.referent_id = referent.id
        ctx.session.add(CaseTeamMember(case_id=case.id, user_id=referent.id, since_on=referred_on))
    diagnosed_on = min(referred_on + AFTER_REFERRAL, signed_on or date.max)
    if stage >= Stage.DIAGNOSED:
        _diagnose(ctx, case, diagnosed_on)
    if stage >= Stage.ACTIVE:
        _sign(ctx, case, signed_on or diagnosed_on + AFTER_DIAGNOSTIC, planned_end_on)
    if stage >= Stage.ENDED:
        _end(ctx, case, ended_on or ctx.today)
    ctx.case_changed(case.id)
    return case


def _refer(
    ctx: Ctx,
    programme: Programme,
    number: str | None,
    name: tuple[str, str],
    referred_on: date,
    lease_number: str | None,
) -> Case:
    household = Household(adults=1, children=0, composition="FSEULE")
    person = Person(family_name=name[0], given_name=name[1], civility="MME", born_on=date(1984, 5, 17))
    dwelling = Dwelling(address="3 rue des Lilas", district="Boiffiers", typology="T3")
    ctx.session.add_all([household, person, dwelling])
    account = None
    if lease_number is not None:
        account = RentAccount(landlord_id=programme.landlord_id, lease_number=lease_number)
        ctx.session.add(account)
    ctx.session.flush()
    count = ctx.session.scalar(select(func.count(Case.id)).where(Case.programme_id == programme.id)) or 0
    case = Case(
        number=number or f"T-{referred_on.year}-{count + 1:03d}",
        programme_id=programme.id,
        programme_version_id=version_on(ctx, programme.id, referred_on).id,
        household_id=household.id,
        referred_on=referred_on,
        referral_source="PARTENAIRE",
        housing_at_entry="HLM",
        created_at=ctx.clock.now(),
        dwelling_id=dwelling.id,
        rent_account_id=account.id if account else None,
        resources_cents=1_200_00,
        rent_cents=420_00,
        charges_cents=60_00,
        benefit_cents=210_00,
    )
    ctx.session.add_all([case, HouseholdMember(household_id=household.id, person_id=person.id, link="REFERENCE")])
    ctx.session.flush()
    return case


def _diagnose(ctx: Ctx, case: Case, made_on: date) -> None:
    ctx.session.add(
        Diagnostic(
            case_id=case.id,
            made_on=made_on,
            author_id=case.referent_id,
            created_at=ctx.clock.now(),
            social_part="Situation exposée lors du premier entretien.",
            housing_part="Logement adapté au ménage.",
            resources={"SAL": 1_200_00},
            rent_cents=420_00,
            charges_cents=60_00,
            benefit_cents=210_00,
            resources_cents=1_200_00,
            recommendation="ACC_MOYEN",
        )
    )


def _sign(ctx: Ctx, case: Case, signed_on: date, planned_end_on: date | None) -> None:
    ctx.session.add(
        Contract(
            case_id=case.id,
            kind="INITIAL",
            signed_on=signed_on,
            created_at=ctx.clock.now(),
            planned_end_on=planned_end_on,
            household_signatory="Anne Martin",
            association_signatory="Camille Référente",
            landlord_signatory="Dominique Gestion",
        )
    )


def _end(ctx: Ctx, case: Case, ended_on: date) -> None:
    ctx.session.add(
        CaseEnd(case_id=case.id, ended_on=ended_on, reason="OBJ", outcome="MAINTIEN_TITRE", created_at=ctx.clock.now())
    )
