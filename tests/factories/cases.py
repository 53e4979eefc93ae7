"""Builders of cases at any stage of the path of a household, by the use cases themselves."""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum

from sqlalchemy import func, select

from casework.accounts.models import User
from casework.cases.models import Case
from casework.cases.service import Sheet, record_referral
from casework.cases.vocabulary import ReferralSource
from casework.contracts.service import Agreement, Goal, sign_contract
from casework.contracts.vocabulary import Party
from casework.diagnostics.rules import Budget
from casework.diagnostics.service import Findings, record_diagnostic
from casework.diagnostics.vocabulary import Recommendation
from casework.exits.service import EndNews, end_case
from casework.exits.vocabulary import EndReason, Outcome
from casework.households.vocabulary import Civility, Composition, Housing, Typology
from casework.kernel.calendar import add_months
from casework.kernel.context import Ctx
from casework.programmes.models import Programme
from casework.rents.models import RentLine

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

    A date that is given is taken as it is, and the others make room for it. The referent becomes the team.
    """
    if referred_on is None:
        usual = add_months(ctx.today, -6)
        referred_on = min(usual, signed_on - AFTER_REFERRAL - AFTER_DIAGNOSTIC) if signed_on else usual
    sheet = _sheet(ctx, programme, number, (family_name, given_name), referred_on, lease_number)
    referent_id = referent.id if referent else None
    case = record_referral(ctx, programme.code, sheet, referent_id, another_household=True)
    diagnosed_on = min(referred_on + AFTER_REFERRAL, signed_on or date.max, ctx.today)
    if stage >= Stage.DIAGNOSED:
        record_diagnostic(ctx, case.id, _findings(diagnosed_on))
    if stage >= Stage.ACTIVE:
        signed_on = signed_on or min(diagnosed_on + AFTER_DIAGNOSTIC, ctx.today)
        sign_contract(ctx, case.id, _agreement(sheet, signed_on, planned_end_on))
    if stage >= Stage.ENDED:
        news = EndNews(ended_on or ctx.today, EndReason.OBJ, Outcome.MAINTIEN_TITRE, note="Le ménage est autonome.")
        end_case(ctx, case.id, news)
    return case


def make_rent_line(ctx: Ctx, case: Case, month: date, balance_cents: int) -> None:
    """Add a month of which nothing was paid to the account of a case; `case_changed` is for who calls."""
    ctx.session.add(
        RentLine(
            account_id=case.rent_account_id or 0,
            month=month,
            rent_cents=420_00,
            charges_cents=60_00,
            benefit_cents=210_00,
            paid_cents=0,
            balance_cents=balance_cents,
        )
    )
    ctx.session.flush()


def _sheet(
    ctx: Ctx,
    programme: Programme,
    number: str | None,
    name: tuple[str, str],
    referred_on: date,
    lease_number: str | None,
) -> Sheet:
    count = ctx.session.scalar(select(func.count(Case.id)).where(Case.programme_id == programme.id)) or 0
    return Sheet(
        family_name=name[0],
        given_name=name[1],
        civility=Civility.MME,
        born_on=date(1984, 5, 17),
        composition=Composition.FSEULE,
        referred_on=referred_on,
        referral_source=ReferralSource.PARTENAIRE,
        referral_motive="Premiers retards de loyer.",
        housing_at_entry=Housing.HLM,
        address="3 rue des Lilas",
        district="Boiffiers",
        typology=Typology.T3,
        rent_cents=420_00,
        charges_cents=60_00,
        benefit_cents=210_00,
        resources_cents=1_200_00,
        lease_number=lease_number or "",
        number=number or f"T-{referred_on.year}-{count + 1:03d}",
    )


def _findings(made_on: date) -> Findings:
    budget = Budget(
        {"SAL": 1_200_00}, rent_cents=420_00, charges_cents=60_00, benefit_cents=210_00, fixed_charges_cents=600_00
    )
    return Findings(
        made_on=made_on,
        budget=budget,
        social_part="Situation exposée lors du premier entretien.",
        housing_part="Logement adapté au ménage.",
        recommendation=Recommendation.ACC_MOYEN,
    )


def _agreement(sheet: Sheet, signed_on: date, planned_end_on: date | None) -> Agreement:
    return Agreement(
        signed_on=signed_on,
        planned_end_on=planned_end_on,
        goals=(Goal("Payer le loyer à date", Party.HOUSEHOLD),),
        signatories={
            Party.HOUSEHOLD: f"{sheet.given_name} {sheet.family_name}",
            Party.ASSOCIATION: "Camille Référente",
            Party.LANDLORD: "Dominique Gestion",
        },
    )
