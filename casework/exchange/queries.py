"""Every SELECT of the imports: what the database already knows of the households, contacts and leases of a programme."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, not_, or_, select, true

from casework.accounts.models import User
from casework.alerts.models import CaseSummary
from casework.cases.models import Case, CaseEnd, CaseRetention, RentAccount
from casework.contacts.models import Contact
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.exchange.models import ImportRun
from casework.exchange.reading.records import Amounts, HouseholdFacts
from casework.exchange.rules import ContractDates, may_follow
from casework.exchange.untold import INSTEAD, untold_facts
from casework.households.models import Dwelling, Household, HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.access import declare_visibility, visible
from casework.kernel.context import Ctx
from casework.kernel.database import listed
from casework.kernel.errors import NotVisible
from casework.kernel.text import search_key
from casework.leases.models import LeaseStage
from casework.privacy.closing import is_closed
from casework.programmes.models import Programme, ProgrammeMember
from casework.reassessments.models import Reassessment
from casework.rents.models import RentLine

declare_visibility(
    ImportRun,
    lambda actor: true() if actor.role == "SYSTEM" else ImportRun.programme_id.in_(actor.programme_ids),
)

NOT_TOLD = "NR"

RECENT = 10
MOST_LISTED = 500

# What a contact or a reassessment is about: the case number, the day, and the kind of a contact.
FactKey = tuple[object, ...]
LineIdentity = tuple[str, str]


@dataclass(frozen=True)
class StoredCase:
    """What the database says of a case, in the terms of the table of households.

    `also` holds, for facts that follow one another (stages, ends of contract, diagnostics), every value that is
    recorded: a file that says one of them says nothing new. `people_entered`: the declared numbers no longer stand.
    `contracts`: the dates of the contract and its amendments, oldest first.
    `is_protected`: the address is secret, and no file brings it back.
    """

    id: int
    facts: HouseholdFacts
    people_entered: bool
    also: Mapping[str, frozenset[object]] = field(default_factory=dict)
    contracts: Sequence[ContractDates] = ()
    is_protected: bool = False


class StoredFact(NamedTuple):
    """A contact or a reassessment that is recorded, and what it says, in the order of the columns of its table."""

    id: int
    said: tuple[object, ...]


# The reference person, the dwelling, the lease number.
_Home = tuple[Person | None, Dwelling | None, str | None]


@dataclass
class _Path:
    """The dated facts of one case, oldest first."""

    contracts: list[ContractDates] = field(default_factory=list)
    stages: list[tuple[str, date]] = field(default_factory=list)
    diagnostics: list[date] = field(default_factory=list)

    @property
    def planned_end_on(self) -> date | None:
        """The end that the last contract or amendment plans."""
        planned = [planned for _signed, planned in self.contracts if planned]
        return planned[-1] if planned else None


def case_ids(ctx: Ctx, programme_id: int) -> dict[str, tuple[int, int | None]]:
    """Return (id, referent) of each case of a programme that the actor sees, by case number."""
    rows = ctx.session.execute(
        select(Case.number, Case.id, Case.referent_id).where(Case.programme_id == programme_id, visible(ctx, Case))
    )
    return {row.number: (row.id, row.referent_id) for row in rows}


def closed_numbers(ctx: Ctx, programme_id: int) -> frozenset[str]:
    """Return the numbers of the cases of a programme that are closed to writing: limited, archived or anonymised."""
    statement = select(Case.number).outerjoin(CaseRetention, CaseRetention.case_id == Case.id)
    return frozenset(ctx.session.scalars(statement.where(Case.programme_id == programme_id, is_closed())))


def out_of_sight(ctx: Ctx, programme_id: int) -> dict[str, bool]:
    """Return the numbers of a programme that cases out of the actor's sight have, and whether these are closed."""
    statement = select(Case.number, is_closed()).outerjoin(CaseRetention, CaseRetention.case_id == Case.id)
    rows = ctx.session.execute(statement.where(Case.programme_id == programme_id, not_(visible(ctx, Case))))
    return {number: bool(closed) for number, closed in rows}


def stored_cases(ctx: Ctx, programme_id: int) -> dict[str, StoredCase]:
    """Return what is known of each case of a programme that the actor sees, by case number."""
    of_programme = select(Case.id).where(Case.programme_id == programme_id, visible(ctx, Case))
    paths, untold = _paths(ctx, of_programme), untold_facts(ctx, programme_id)
    member = HouseholdMember
    rows = ctx.session.execute(
        select(Case, Household, Person, Dwelling, RentAccount.lease_number, User.handle, CaseEnd, Dwelling.is_protected)
        .join(Household, Household.id == Case.household_id)
        .outerjoin(member, (member.household_id == Case.household_id) & (member.link == Link.REFERENCE.value))
        .outerjoin(Person, Person.id == member.person_id)
        .outerjoin(Dwelling, Dwelling.id == Case.dwelling_id)
        .outerjoin(RentAccount, RentAccount.id == Case.rent_account_id)
        .outerjoin(User, User.id == Case.referent_id)
        .outerjoin(CaseEnd, CaseEnd.case_id == Case.id)
        .where(Case.id.in_(of_programme))
        .order_by(Case.id, member.id.desc())
    )
    stored = {}
    for case, household, person, dwelling, lease, handle, end, is_protected in rows:
        path = paths.get(case.id) or _Path()
        facts = _facts(case, household, (person, dwelling, lease), end, path, handle)
        blank: dict[str, Any] = {
            name: None for name, ids in untold.items() if case.id in ids and getattr(facts, name) == INSTEAD[name]
        }
        if blank:
            facts = replace(facts, **blank)
        also: dict[str, frozenset[object]] = {
            "stage": frozenset(stage for stage, _from in path.stages),
            "diagnosed_on": frozenset(path.diagnostics),
            "planned_end_on": frozenset(planned for _signed, planned in path.contracts if planned),
        }
        stored[case.number] = StoredCase(
            case.id, facts, household.people_entered, also, path.contracts, bool(is_protected)
        )
    return stored


def _paths(ctx: Ctx, of_programme: Select[int]) -> dict[int, _Path]:
    paths: dict[int, _Path] = {}
    for contract in ctx.session.execute(
        select(Contract.case_id, Contract.signed_on, Contract.planned_end_on)
        .where(Contract.case_id.in_(of_programme))
        .order_by(Contract.signed_on, Contract.id)
    ):
        paths.setdefault(contract.case_id, _Path()).contracts.append((contract.signed_on, contract.planned_end_on))
    for stage in ctx.session.execute(
        select(LeaseStage.case_id, LeaseStage.stage, LeaseStage.from_on)
        .where(LeaseStage.case_id.in_(of_programme))
        .order_by(LeaseStage.from_on, LeaseStage.id)
    ):
        paths.setdefault(stage.case_id, _Path()).stages.append((stage.stage, stage.from_on))
    for diagnostic in ctx.session.execute(
        select(Diagnostic.case_id, Diagnostic.made_on)
        .where(Diagnostic.case_id.in_(of_programme))
        .order_by(Diagnostic.made_on, Diagnostic.id)
    ):
        paths.setdefault(diagnostic.case_id, _Path()).diagnostics.append(diagnostic.made_on)
    return paths


def _facts(
    case: Case, household: Household, home: _Home, end: CaseEnd | None, path: _Path, handle: str | None
) -> HouseholdFacts:
    person, dwelling, lease = home
    return HouseholdFacts(
        number=case.number,
        civility=person.civility if person else None,
        family_name=person.family_name if person else "",
        given_name=person.given_name if person else "",
        born_on=person.born_on if person else None,
        adults=household.adults,
        children=household.children,
        composition=_told(household.composition),
        resources=case.resources_cents,
        benefit=case.benefit_cents,
        benefit_payment=case.benefit_payment,
        lease_number=lease,
        address=(dwelling.address or None) if dwelling else None,
        district=(dwelling.district or None) if dwelling else None,
        typology=_told(dwelling.typology) if dwelling else None,
        rent=case.rent_cents,
        charges=case.charges_cents,
        moved_in_on=case.moved_in_on,
        stage=path.stages[-1][0] if path.stages else None,
        referral_source=case.referral_source,
        referred_on=case.referred_on,
        diagnosed_on=path.diagnostics[0] if path.diagnostics else None,
        contract_on=path.contracts[0][0] if path.contracts else None,
        planned_end_on=path.planned_end_on,
        referent=handle,
        housing_at_entry=_told(case.housing_at_entry),
        ended_on=end.ended_on if end else None,
        end_reason=end.reason if end else None,
        outcome=end.outcome if end else None,
    )


def _told(code: str) -> str | None:
    return None if code == NOT_TOLD else code


def stored_contacts(ctx: Ctx, programme_id: int) -> dict[FactKey, list[StoredFact]]:
    """Return the contacts of a programme by what they are about, oldest first: two alike are two contacts."""
    rows = ctx.session.execute(
        select(Case.number, Contact.occurred_on, Contact.kind, Contact.outcome, Contact.duration_minutes, Contact.id)
        .join(Case, Case.id == Contact.case_id)
        .where(Case.programme_id == programme_id, visible(ctx, Case))
        .order_by(Contact.id)
    )
    return _by_key(
        ((number, on, kind), StoredFact(key, (outcome, minutes))) for number, on, kind, outcome, minutes, key in rows
    )


def stored_reassessments(ctx: Ctx, programme_id: int) -> dict[FactKey, list[StoredFact]]:
    """Return the reassessments of a programme by what they are about, oldest first."""
    rows = ctx.session.execute(
        select(Case.number, Reassessment.held_on, Reassessment.decision, Reassessment.id)
        .join(Case, Case.id == Reassessment.case_id)
        .where(Case.programme_id == programme_id, visible(ctx, Case))
        .order_by(Reassessment.id)
    )
    return _by_key(((number, on), StoredFact(key, (decision,))) for number, on, decision, key in rows)


def _by_key(facts: Iterable[tuple[FactKey, StoredFact]]) -> dict[FactKey, list[StoredFact]]:
    found: dict[FactKey, list[StoredFact]] = {}
    for key, fact in facts:
        found.setdefault(key, []).append(fact)
    return found


def names_by_lease(ctx: Ctx, programme_id: int) -> dict[str, set[str]]:
    """Return the lease numbers of the cases of a programme that the actor sees, with the words of the people's names."""
    rows = ctx.session.execute(
        select(RentAccount.lease_number, Person.family_name, Person.given_name)
        .join(Case, Case.rent_account_id == RentAccount.id)
        .outerjoin(HouseholdMember, HouseholdMember.household_id == Case.household_id)
        .outerjoin(Person, Person.id == HouseholdMember.person_id)
        .where(Case.programme_id == programme_id, visible(ctx, Case))
    )
    names: dict[str, set[str]] = {}
    for lease, family_name, given_name in rows:
        names.setdefault(lease, set()).update(search_key(family_name or "", given_name or "").split())
    return names


def other_programmes_with_lines_of(ctx: Ctx, programme_id: int, import_id: int) -> Sequence[int]:
    """Return the programmes but this one, in the actor's sight or not, that follow a lease of which an import brought lines."""
    brought = select(RentLine.month).where(RentLine.account_id == Case.rent_account_id, RentLine.import_id == import_id)
    others = select(Case.programme_id).where(Case.programme_id != programme_id, brought.exists())
    return ctx.session.scalars(others.distinct().order_by(Case.programme_id)).all()


def account_ids(ctx: Ctx, landlord_id: int) -> dict[str, int]:
    """Return the id of each rent account of a landlord, by lease number."""
    rows = ctx.session.execute(
        select(RentAccount.lease_number, RentAccount.id).where(RentAccount.landlord_id == landlord_id)
    )
    return dict(iter(rows))


def stored_lines(ctx: Ctx, landlord_id: int, months: Iterable[str]) -> dict[LineIdentity, Amounts]:
    """Return the amounts of the ledger lines of a landlord in these months, by lease number and month."""
    wanted = sorted(date.fromisoformat(month) for month in months)
    line = RentLine
    rows = ctx.session.execute(
        select(
            RentAccount.lease_number,
            line.month,
            line.rent_cents,
            line.charges_cents,
            line.benefit_cents,
            line.paid_cents,
            line.balance_cents,
        )
        .join(RentAccount, RentAccount.id == line.account_id)
        .where(RentAccount.landlord_id == landlord_id, line.month.in_(wanted))
    )
    return {
        (lease, month.isoformat()): (rent, charges, benefit, paid, balance)
        for lease, month, rent, charges, benefit, paid, balance in rows
    }


class OperatorUser(NamedTuple):
    """Somebody of the programme's operator, and whether they may follow its households."""

    id: int
    is_member: bool
    may_follow: bool


def operator_users(ctx: Ctx, programme_id: int) -> dict[str, OperatorUser]:
    """Return the users of the programme's operator, by handle without case."""
    member = ProgrammeMember
    rows = ctx.session.execute(
        select(User.handle, User.id, User.role, member.user_id.is_not(None).label("is_member"))
        .join(Programme, Programme.operator_id == User.organisation_id)
        .outerjoin(member, (member.user_id == User.id) & (member.programme_id == Programme.id))
        .where(Programme.id == programme_id)
        .order_by(User.id.desc())
    )
    return {
        handle.casefold(): OperatorUser(user_id, is_member, may_follow(role, is_member=is_member))
        for handle, user_id, role, is_member in rows
    }


@dataclass(frozen=True)
class PastImport:
    """An import that went in, as the pages show it.

    `files`: the counts of rows of each file; `refused`: how many rows did not go in; `months`: those of its ledger lines.
    """

    id: int
    at: datetime
    programme: str
    user: str | None
    files: Mapping[str, Mapping[str, int]]
    created: Mapping[str, int]
    changed_cases: Sequence[int]
    refused: int
    months: Sequence[str]


def past_imports(ctx: Ctx, import_id: int | None = None) -> list[PastImport]:
    """Return the last imports of the programmes in which the actor works, newest first, or one of them."""
    statement = (
        select(ImportRun.id, ImportRun.created_at, Programme.name, User.display_name, ImportRun.counts)
        .join(Programme, Programme.id == ImportRun.programme_id)
        .outerjoin(User, User.id == ImportRun.user_id)
        .where(visible(ctx, ImportRun))
        .order_by(ImportRun.id.desc())
        .limit(RECENT)
    )
    if import_id is not None:
        statement = statement.where(ImportRun.id == import_id)
    return [
        PastImport(
            key,
            at,
            programme,
            user,
            counts.get("files", {}),
            counts.get("created", {}),
            counts.get("changed_cases", []),
            counts.get("refused", 0),
            counts.get("months", []),
        )
        for key, at, programme, user, counts in ctx.session.execute(statement)
    ]


def past_import(ctx: Ctx, import_id: int) -> PastImport:
    """Return one import. Raises NotVisible when there is none, or not for this actor."""
    found = past_imports(ctx, import_id)
    if not found:
        raise NotVisible
    return found[0]


def imported_cases(ctx: Ctx, past: PastImport) -> list[Row[int, str, str, int]]:
    """Return (id, number, name, open alerts) of the cases that an import made or changed, by name."""
    touched = Case.import_id == past.id
    if past.changed_cases:
        touched = or_(touched, Case.id.in_(listed(ctx.session, past.changed_cases)))
    return list(
        ctx.session.execute(
            select(Case.id, Case.number, CaseSummary.name, CaseSummary.open_alerts)
            .join(CaseSummary, CaseSummary.case_id == Case.id)
            .where(touched, visible(ctx, Case))
            .order_by(CaseSummary.name_key, Case.id)
            .limit(MOST_LISTED)
        )
    )
