"""The rows of each deed, as its use case leaves them. A deed without a writer here is taken by its use case."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import singledispatch

from casework.cases.models import Case, CaseEnd, CaseTeamMember, RentAccount, Suspension
from casework.contacts.models import Appointment, Contact
from casework.contracts.models import Contract, Objective
from casework.contracts.service import Agreement
from casework.contracts.vocabulary import ContractKind, ObjectiveState, Party
from casework.diagnostics.models import Diagnostic
from casework.diagnostics.rules import declared_units_tenths, figures_of, units_of_people_tenths
from casework.households.models import Dwelling, Household, HouseholdMember, Person
from casework.households.rules import Member
from casework.households.vocabulary import Link
from casework.leases.models import LeaseStage
from casework.programmes.terms import terms_on
from casework.reassessments.models import Reassessment
from casework.rents.models import ArrearsReport
from casework.simulation.bulk.books import Books
from casework.simulation.bulk.memory import Memory, Told
from casework.simulation.chapters.contacts import Meet
from casework.simulation.chapters.contracts import Amend, Sign
from casework.simulation.chapters.diagnostics import Diagnose, Enter
from casework.simulation.chapters.exits import End
from casework.simulation.chapters.leases import GetStage, MoveIn
from casework.simulation.chapters.pauses import Pause, Resume
from casework.simulation.chapters.reassessments import Review
from casework.simulation.chapters.referrals import Refer
from casework.simulation.chapters.rents import Report
from casework.simulation.life import Life, Step


@dataclass(frozen=True)
class Entry:
    """A step on its way into the books."""

    books: Books
    memory: Memory
    life: Life
    step: Step
    at: datetime

    @property
    def told(self) -> Told:
        """What is remembered of the household."""
        return self.memory.told[self.step.place]

    @property
    def case_id(self) -> int:
        """The id of its case."""
        return self.told.dossier.case_id

    @property
    def actor_id(self) -> int | None:
        """The user who takes the step."""
        return self.memory.workers.actor(self.step.who, self.step.referent).user_id


@singledispatch
def write(_deed: object, _entry: Entry) -> bool:
    """Put the rows of a deed into the books; False: nobody wrote down how, its use case has to take it."""
    return False


@write.register
def _(deed: Refer, entry: Entry) -> bool:
    sheet, books, told = deed.sheet, entry.books, entry.told
    civility = sheet.civility.value if sheet.civility else None
    told.adults, told.children = sheet.adults, sheet.children
    told.members.append(Member(Link.REFERENCE.value, civility, sheet.born_on))
    told.household_id = books.add(
        Household, adults=sheet.adults, children=sheet.children, composition=sheet.composition.value
    )
    _person(entry, sheet.family_name, sheet.given_name, civility, sheet.born_on, Link.REFERENCE)
    home = _home(entry) if sheet.address else {}
    case_id = books.add(
        Case,
        number=entry.memory.number_for(sheet.referred_on.year),
        programme_id=entry.memory.programme_id,
        programme_version_id=entry.memory.version_on(sheet.referred_on),
        household_id=told.household_id,
        referred_on=sheet.referred_on,
        referral_source=sheet.referral_source.value,
        housing_at_entry=sheet.housing_at_entry.value,
        created_at=entry.at,
        referral_motive=sheet.referral_motive,
        referent_id=told.dossier.referent_id(deed.referent),
        moved_in_on=sheet.moved_in_on,
        resources_cents=sheet.resources_cents,
        rent_cents=sheet.rent_cents,
        charges_cents=sheet.charges_cents,
        benefit_cents=sheet.benefit_cents,
        benefit_payment=sheet.benefit_payment.value,
        dwelling_id=home.get("dwelling_id"),
        rent_account_id=home.get("rent_account_id"),
    )
    told.dossier.case_id = case_id
    books.add(
        CaseTeamMember,
        case_id=case_id,
        user_id=told.dossier.referent_id(deed.referent),
        since_on=entry.step.day,
    )
    return True


def _person(entry: Entry, family_name: str, given_name: str, civility: str | None, born_on: object, link: Link) -> None:
    books = entry.books
    person_id = books.add(Person, family_name=family_name, given_name=given_name, civility=civility, born_on=born_on)
    books.add(HouseholdMember, household_id=entry.told.household_id, person_id=person_id, link=link.value)


def _home(entry: Entry) -> dict[str, int]:
    """Write the dwelling and the account of the lease, and return their ids as the case names them."""
    home = entry.life.home
    account_id = entry.books.add(RentAccount, landlord_id=entry.memory.landlord_id, lease_number=home.lease_number)
    dwelling_id = entry.books.add(Dwelling, address=home.address, district=home.district, typology=home.typology.value)
    return {"dwelling_id": dwelling_id, "rent_account_id": account_id}


@write.register
def _(deed: MoveIn, entry: Entry) -> bool:
    home, told = deed.home, entry.told
    told.case_version += 1
    entry.books.change(
        Case,
        entry.case_id,
        moved_in_on=deed.moved_in_on,
        rent_cents=home.rent_cents,
        charges_cents=home.charges_cents,
        benefit_cents=home.benefit_cents,
        version=told.case_version,
        **_home(entry),
    )
    return True


@write.register
def _(deed: Enter, entry: Entry) -> bool:
    news, told = deed.news, entry.told
    civility = news.civility.value if news.civility else None
    told.members.append(Member(news.link.value, civility, news.born_on))
    _person(entry, news.family_name, news.given_name, civility, news.born_on, news.link)
    changed = told.people_changed(entry.step.day)
    if changed:
        entry.books.change(Household, told.household_id, **changed)
    return True


@write.register
def _(deed: Diagnose, entry: Entry) -> bool:
    findings, told = deed.findings, entry.told
    budget = findings.budget
    if told.people_entered:
        units = units_of_people_tenths(told.members, findings.made_on)
    else:
        units = declared_units_tenths(told.adults, told.children)
    days = terms_on(entry.life.definition, findings.made_on).remainder_days
    entry.books.add(
        Diagnostic,
        case_id=entry.case_id,
        made_on=findings.made_on,
        author_id=entry.actor_id,
        created_at=entry.at,
        social_part=findings.social_part,
        housing_part=findings.housing_part,
        resources=dict(budget.resources),
        rent_cents=budget.rent_cents,
        annexes_cents=budget.annexes_cents,
        charges_cents=budget.charges_cents,
        benefit_cents=budget.benefit_cents,
        fixed_charges_cents=budget.fixed_charges_cents,
        recommendation=findings.recommendation.value if findings.recommendation else None,
        recommendation_note=findings.recommendation_note,
        **asdict(figures_of(budget, units, days)),
    )
    return True


@write.register
def _(deed: Sign, entry: Entry) -> bool:
    return _contract(deed.agreement, entry, ContractKind.INITIAL)


@write.register
def _(deed: Amend, entry: Entry) -> bool:
    return _contract(deed.agreement, entry, ContractKind.AMENDMENT)


def _contract(agreement: Agreement, entry: Entry, kind: ContractKind) -> bool:
    contract_id = entry.books.add(
        Contract,
        case_id=entry.case_id,
        kind=kind.value,
        signed_on=agreement.signed_on,
        created_at=entry.at,
        planned_end_on=agreement.planned_end_on,
        household_signatory=agreement.signatories.get(Party.HOUSEHOLD),
        association_signatory=agreement.signatories.get(Party.ASSOCIATION),
        landlord_signatory=agreement.signatories.get(Party.LANDLORD),
        terms=agreement.terms,
        derogation=agreement.derogation,
    )
    for goal in agreement.goals:
        key = entry.books.add(
            Objective,
            case_id=entry.case_id,
            contract_id=contract_id,
            label=goal.label,
            party=goal.party.value,
            due_on=goal.due_on,
        )
        entry.told.open_objectives.append((goal.due_on, key))
    return True


@write.register
def _(deed: Meet, entry: Entry) -> bool:
    news, dossier = deed.news, entry.told.dossier
    contact_id = entry.books.add(
        Contact,
        case_id=entry.case_id,
        occurred_on=news.occurred_on,
        kind=news.kind.value,
        outcome=news.outcome.value,
        created_at=entry.at,
        author_id=entry.actor_id,
        duration_minutes=news.duration_minutes,
        shared_note=news.shared_note,
        private_note=news.private_note,
    )
    if dossier.appointment_id is not None:
        entry.books.change(Appointment, dossier.appointment_id, contact_id=contact_id)
    dossier.appointment_id = None
    if deed.following is not None:
        dossier.appointment_id = entry.books.add(
            Appointment,
            case_id=entry.case_id,
            user_id=entry.actor_id,
            planned_on=deed.following.planned_on,
            kind=deed.following.kind.value,
            created_at=entry.at,
            at_time=deed.following.at_time,
        )
    return True


@write.register
def _(deed: Review, entry: Entry) -> bool:
    news = deed.news
    entry.books.add(
        Reassessment,
        case_id=entry.case_id,
        held_on=news.held_on,
        decision=news.decision.value,
        created_at=entry.at,
        author_id=entry.actor_id,
        levels={domain.value: level for domain, level in news.levels.items()},
        household_words=news.household_words,
        shared_note=news.shared_note,
        private_note=news.private_note,
    )
    for key in entry.told.oldest_objectives(deed.settles):
        entry.books.change(Objective, key, state=ObjectiveState.MET.value, settled_on=news.held_on)
    return True


@write.register
def _(deed: GetStage, entry: Entry) -> bool:
    news = deed.news
    entry.books.add(
        LeaseStage,
        case_id=entry.case_id,
        stage=news.stage.value,
        from_on=news.from_on,
        created_at=entry.at,
        same_dwelling=news.same_dwelling,
        note=news.note,
    )
    return True


@write.register
def _(deed: Report, entry: Entry) -> bool:
    entry.books.add(
        ArrearsReport,
        case_id=entry.case_id,
        reported_on=deed.reported_on,
        debt_cents=entry.memory.balances.get(entry.life.home.lease_number, 0),
        author_id=entry.actor_id,
        created_at=entry.at,
        reference=deed.reference,
    )
    return True


@write.register
def _(deed: Pause, entry: Entry) -> bool:
    entry.told.suspension_id = entry.books.add(
        Suspension, case_id=entry.case_id, from_on=deed.from_on, reason=deed.reason
    )
    return True


@write.register
def _(deed: Resume, entry: Entry) -> bool:
    entry.books.change(Suspension, entry.told.suspension_id, to_on=deed.resumed_on - timedelta(days=1))
    return True


@write.register
def _(deed: End, entry: Entry) -> bool:
    news = deed.news
    entry.books.add(
        CaseEnd,
        case_id=entry.case_id,
        ended_on=news.ended_on,
        reason=news.reason.value,
        outcome=news.outcome.value,
        created_at=entry.at,
        next_housing=news.next_housing.value if news.next_housing else None,
        relay=news.relay,
        note=news.note,
    )
    return True
