"""Use cases on the accompaniment itself: referral, corrections, team, pauses."""

from dataclasses import dataclass
from datetime import date, timedelta

from casework.accounts.vocabulary import Role
from casework.cases import queries
from casework.cases.handover import hand_over
from casework.cases.models import Case, CaseTeamMember, Suspension
from casework.cases.people_service import follow_people, tell_cases_of_household
from casework.cases.queries import CaseRecord, case_head, case_record, case_to_change
from casework.cases.rent_accounts import give_account
from casework.cases.rules import (
    check_benefit,
    check_move,
    check_not_before_referral,
    check_not_ended,
    check_not_future,
    check_nothing_before,
    check_resumption,
    check_secret,
    check_suspension,
    next_number,
    prefix_of,
)
from casework.cases.vocabulary import BenefitPayment, ReferralSource
from casework.households.models import Dwelling, Household, HouseholdMember, Person
from casework.households.rules import check_birth, check_declared
from casework.households.vocabulary import Civility, Composition, Housing, Link, Typology
from casework.kernel.audit import reason_given
from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict, NotVisible, RuleViolation
from casework.programmes.models import Programme
from casework.programmes.queries import find_programme, version_on


@dataclass(frozen=True)
class Sheet:
    """What is noted of a household when it is referred, and corrected later. Amounts in cents a month."""

    family_name: str
    given_name: str
    referred_on: date
    referral_source: ReferralSource
    housing_at_entry: Housing
    composition: Composition = Composition.NR
    adults: int = 1
    children: int = 0
    civility: Civility | None = None
    born_on: date | None = None
    phone: str | None = None
    referral_motive: str = ""
    address: str = ""
    district: str = ""
    typology: Typology = Typology.NR
    moved_in_on: date | None = None
    rent_cents: int = 0
    charges_cents: int = 0
    resources_cents: int | None = None
    benefit_cents: int = 0
    benefit_payment: BenefitPayment = BenefitPayment.TIERS_PAYANT
    lease_number: str = ""
    number: str = ""


def sheet_of(record: CaseRecord) -> Sheet:
    """Return what is noted of a household now."""
    case, household, person, dwelling = record.case, record.household, record.person, record.dwelling
    return Sheet(
        family_name=person.family_name if person else "",
        given_name=person.given_name if person else "",
        civility=Civility(person.civility) if person and person.civility else None,
        born_on=person.born_on if person else None,
        phone=person.phone if person else None,
        composition=Composition(household.composition),
        adults=household.adults,
        children=household.children,
        referred_on=case.referred_on,
        referral_source=ReferralSource(case.referral_source),
        referral_motive=case.referral_motive,
        housing_at_entry=Housing(case.housing_at_entry),
        address=dwelling.address if dwelling else "",
        district=dwelling.district if dwelling else "",
        typology=Typology(dwelling.typology) if dwelling else Typology.NR,
        moved_in_on=case.moved_in_on,
        rent_cents=case.rent_cents,
        charges_cents=case.charges_cents,
        resources_cents=case.resources_cents,
        benefit_cents=case.benefit_cents,
        benefit_payment=BenefitPayment(case.benefit_payment),
        lease_number=record.lease_number or "",
        number=case.number,
    )


def propose_number(ctx: Ctx, programme: Programme, year: int) -> str:
    """Return the next free number of a programme and a year."""
    prefix = prefix_of(queries.last_number(ctx, programme.id), programme.code)
    return next_number(prefix, year, queries.numbers_of(ctx, programme.id, f"{prefix}-{year}-"))


def record_referral(
    ctx: Ctx, programme_code: str, sheet: Sheet, referent_id: int | None = None, *, another_household: bool = False
) -> Case:
    """Note that a household was referred; the version of the programme in force that day holds for its whole path.

    A referent who refers follows the household and may open it. `another_household` confirms that it is not the one
    of the same name and birth date that the programme already knows. Raises RuleViolation on the field at fault.
    """
    programme = find_programme(ctx, programme_code)
    if programme is None:
        raise RuleViolation("programme", "Choisissez un de vos dispositifs.")
    _check(ctx, sheet)
    check_declared(sheet.composition, sheet.adults, sheet.children)
    check_benefit(*_rent_of(sheet))
    name = (sheet.family_name, sheet.given_name)
    if not another_household and queries.has_namesake(ctx, programme.id, name, sheet.born_on):
        raise RuleViolation(
            "another_household",
            "Une personne du même nom, née le même jour, est déjà connue de ce dispositif. "
            "Cherchez-la d’abord ; s’il s’agit d’un autre ménage, cochez la case.",
        )
    household = Household(adults=sheet.adults, children=sheet.children, composition=sheet.composition.value)
    person = Person(family_name=sheet.family_name, given_name=sheet.given_name)
    ctx.session.add_all([household, person])
    ctx.session.flush()
    ctx.session.add(HouseholdMember(household_id=household.id, person_id=person.id, link=Link.REFERENCE.value))
    number = sheet.number or propose_number(ctx, programme, sheet.referred_on.year)
    case = Case(
        number=_free_number(ctx, programme.id, number),
        programme_id=programme.id,
        programme_version_id=version_on(ctx, programme.id, sheet.referred_on).id,
        household_id=household.id,
        referred_on=sheet.referred_on,
        referral_source=sheet.referral_source.value,
        housing_at_entry=sheet.housing_at_entry.value,
        created_at=ctx.clock.now(),
    )
    _write(ctx, CaseRecord(case, household, person, None, None), sheet)
    ctx.session.add(case)
    _first_team(ctx, case, referent_id)
    ctx.case_changed(case.id)
    return case


def correct_identity(ctx: Ctx, case_id: int, sheet: Sheet, version: int) -> None:
    """Correct what the referral noted; `version` is the one that was read.

    Numbers and composition stay what the people entered make of them. Raises NotVisible, RuleViolation, or Conflict
    when the sheet was changed since it was read, by somebody else or in another window.
    """
    if case_to_change(ctx, case_id).version != version:
        raise Conflict(
            "Cette fiche a changé depuis que vous l’avez ouverte. "
            "Comparez ci-dessous, puis enregistrez de nouveau si vos valeurs sont les bonnes."
        )
    record = case_record(ctx, case_id)
    case = record.case
    _check(ctx, sheet)
    if not record.household.people_entered:
        check_declared(sheet.composition, sheet.adults, sheet.children)
    if _rent_of(sheet) != _rent_of(case):  # what a file said before does not stand in the way of another correction
        check_benefit(*_rent_of(sheet))
    if sheet.referred_on != case.referred_on:
        check_nothing_before("referred_on", sheet.referred_on, queries.first_fact_on(ctx, case_id))
        if not queries.moves_of(ctx, case_id):  # a decision outlasts the correction of a date
            case.programme_version_id = version_on(ctx, case.programme_id, sheet.referred_on).id
    if sheet.number and sheet.number != case.number:
        case.number = _free_number(ctx, case.programme_id, sheet.number)
    _write(ctx, record, sheet)
    case.version += 1
    ctx.session.flush()
    follow_people(ctx, case_id, record.household)
    tell_cases_of_household(ctx, case_id, case.household_id)


def assign_referent(ctx: Ctx, case_id: int, user_id: int, *, keep_previous: bool = True) -> int:
    """Say who follows the household from now on. Who followed it stays in the team when `keep_previous`.

    Their appointments to come go over with it, all that are open when they leave: return how many. Raises NotVisible, or
    RuleViolation on `referent_id`.
    """
    case = case_to_change(ctx, case_id)
    _check_referent(ctx, case.programme_id, user_id)
    previous = case.referent_id
    case.referent_id = user_id
    _join_team(ctx, case_id, user_id)
    handed = 0
    if previous is not None and previous != user_id:
        handed = hand_over(ctx, case_id, previous, user_id, ctx.today if keep_previous else None)
        if keep_previous:
            _join_team(ctx, case_id, previous)
        else:
            _leave_team(ctx, case_id, previous)
    ctx.case_changed(case_id)
    return handed


def leave_team(ctx: Ctx, case_id: int, user_id: int) -> None:
    """Take somebody out of the team of a case; their open appointments go to its referent.

    Raises NotVisible when there is no such case or nobody of that id in its team, RuleViolation for its referent.
    """
    referent_id = case_to_change(ctx, case_id).referent_id
    if referent_id == user_id:
        raise RuleViolation("", "Cette personne suit le ménage : désignez d’abord qui prend la suite.")
    if queries.team_row(ctx, case_id, user_id) is None:
        raise NotVisible
    if referent_id is not None:
        hand_over(ctx, case_id, user_id, referent_id, None)
    _leave_team(ctx, case_id, user_id)
    ctx.case_changed(case_id)


def suspend_case(ctx: Ctx, case_id: int, from_on: date, reason: str, to_on: date | None = None) -> Suspension:
    """Pause the accompaniment, until a day or until it is resumed.

    Raises NotVisible, or RuleViolation on `from_on`, `to_on`, `reason`.
    """
    case_to_change(ctx, case_id)  # two pauses noted at once must not meet
    head = case_head(ctx, case_id)
    check_not_before_referral("from_on", from_on, head.referred_on)
    check_not_ended(head.ended_on, from_on, "from_on")
    if not reason:
        raise RuleViolation("reason", "Dites en quelques mots pourquoi.")
    others = [(s.from_on, s.to_on) for s in queries.suspensions_of(ctx, case_id)]
    check_suspension(from_on, to_on, others, ctx.today)
    suspension = Suspension(case_id=case_id, from_on=from_on, to_on=to_on, reason=reason)
    with reason_given(ctx, reason):
        ctx.session.add(suspension)
        ctx.case_changed(case_id)
    return suspension


def resume_case(ctx: Ctx, case_id: int, resumed_on: date) -> None:
    """Take the accompaniment up again: the pause that runs ends the day before `resumed_on`.

    Raises NotVisible, or RuleViolation on `resumed_on`.
    """
    case_to_change(ctx, case_id)
    running = queries.pause_of_day(queries.suspensions_of(ctx, case_id), resumed_on)
    if running is None:
        raise RuleViolation("resumed_on", "L’accompagnement n’est pas suspendu à cette date.")
    check_resumption(running.from_on, resumed_on, ctx.today)
    running.to_on = resumed_on - timedelta(days=1)
    ctx.case_changed(case_id)


def _check(ctx: Ctx, sheet: Sheet) -> None:
    check_not_future("referred_on", sheet.referred_on, ctx.today)
    check_birth("born_on", sheet.born_on, ctx.today)
    check_move(sheet.moved_in_on, ctx.today)


def _rent_of(told: Sheet | Case) -> tuple[int, int, int]:
    return told.rent_cents, told.charges_cents, told.benefit_cents


def _free_number(ctx: Ctx, programme_id: int, number: str) -> str:
    if queries.is_number_taken(ctx, programme_id, number):
        raise RuleViolation("number", "Le dossier %(number)s existe déjà dans ce dispositif.", number=number)
    return number


def _write(ctx: Ctx, record: CaseRecord, sheet: Sheet) -> None:
    case, household = record.case, record.household
    case.referred_on = sheet.referred_on
    case.referral_source = sheet.referral_source.value
    case.referral_motive = sheet.referral_motive
    case.housing_at_entry = sheet.housing_at_entry.value
    case.moved_in_on = sheet.moved_in_on
    case.rent_cents, case.charges_cents = sheet.rent_cents, sheet.charges_cents
    case.resources_cents = sheet.resources_cents
    case.benefit_cents, case.benefit_payment = sheet.benefit_cents, sheet.benefit_payment.value
    if not household.people_entered:
        household.adults, household.children = sheet.adults, sheet.children
        household.composition = sheet.composition.value
    if sheet.lease_number != (record.lease_number or ""):
        give_account(ctx, case, sheet.lease_number)
    _write_person(ctx, record, sheet)
    _write_dwelling(ctx, record, sheet)


def _write_person(ctx: Ctx, record: CaseRecord, sheet: Sheet) -> None:
    person = record.person
    if person is None:
        is_protected = record.dwelling is not None and record.dwelling.is_protected
        person = Person(family_name=sheet.family_name, given_name=sheet.given_name, is_protected=is_protected)
        ctx.session.add(person)
        ctx.session.flush()
        ctx.session.add(
            HouseholdMember(household_id=record.household.id, person_id=person.id, link=Link.REFERENCE.value)
        )
    person.family_name, person.given_name = sheet.family_name, sheet.given_name
    person.civility = sheet.civility.value if sheet.civility else None
    check_secret("phone", person.is_protected, sheet.phone)
    person.born_on, person.phone = sheet.born_on, sheet.phone


def _write_dwelling(ctx: Ctx, record: CaseRecord, sheet: Sheet) -> None:
    dwelling = record.dwelling
    if dwelling is not None:
        check_secret("address", dwelling.is_protected, sheet.address)
        check_secret("district", dwelling.is_protected, sheet.district)
        dwelling.address, dwelling.district, dwelling.typology = sheet.address, sheet.district, sheet.typology.value
    elif sheet.address or sheet.district or sheet.typology is not Typology.NR:
        dwelling = Dwelling(address=sheet.address, district=sheet.district, typology=sheet.typology.value)
        ctx.session.add(dwelling)
        ctx.session.flush()
        record.case.dwelling_id = dwelling.id


def _first_team(ctx: Ctx, case: Case, referent_id: int | None) -> None:
    own = ctx.actor.user_id if ctx.actor.role == Role.REFERENT else None
    case.referent_id = referent_id or own
    if referent_id is not None:
        _check_referent(ctx, case.programme_id, referent_id)
    ctx.session.flush()
    for user_id in {case.referent_id, own} - {None}:
        _join_team(ctx, case.id, user_id)


def _check_referent(ctx: Ctx, programme_id: int, user_id: int) -> None:
    if user_id not in {row.id for row in queries.possible_referents(ctx, programme_id)}:
        raise RuleViolation("referent_id", "Cette personne n’accompagne pas de ménages de ce dispositif.")


def _join_team(ctx: Ctx, case_id: int, user_id: int | None) -> None:
    if user_id is not None and queries.team_row(ctx, case_id, user_id) is None:
        ctx.session.add(CaseTeamMember(case_id=case_id, user_id=user_id, since_on=ctx.today))


def _leave_team(ctx: Ctx, case_id: int, user_id: int) -> None:
    row = queries.team_row(ctx, case_id, user_id)
    if row is not None:
        ctx.session.delete(row)
