"""New households: persons, dwellings, cases, and the dated facts of their path."""

from collections.abc import Sequence
from datetime import date

from casework.cases.models import Case, CaseEnd, CaseTeamMember
from casework.contracts.models import Contract
from casework.contracts.vocabulary import ContractKind
from casework.diagnostics.models import Diagnostic
from casework.diagnostics.rules import effort_rate_tenths
from casework.exchange.bulk import insert_with_ids
from casework.exchange.creation.work import Work
from casework.exchange.queries import NOT_TOLD
from casework.exchange.reading.records import HouseholdFacts
from casework.exchange.untold import INSTEAD
from casework.households.models import Dwelling, Household, HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.leases.models import LeaseStage
from casework.programmes.queries import VersionInForce, versions_of

Row = dict[str, object]


def create_cases(work: Work) -> dict[str, int]:
    """Put the new households in and return the id of each new case, by case number."""
    facts = [row.facts for row in work.plan.new_cases]
    if not facts:
        return {}
    households = _create_households(work, facts)
    ids = _create_case_rows(work, facts, households)
    _create_path(work, facts, ids)
    for name in INSTEAD:
        blank = [case_id for case_id, f in zip(ids, facts, strict=True) if getattr(f, name) is None]
        if blank:
            work.created.untold[name] = blank
    work.created.counts["cases"] = len(ids)
    return dict(zip((f.number for f in facts), ids, strict=True))


def _create_households(work: Work, facts: Sequence[HouseholdFacts]) -> Sequence[int]:
    session = work.ctx.session
    households = insert_with_ids(session, Household, [_household(f) for f in facts])
    persons = insert_with_ids(session, Person, [_person(f) for f in facts])
    work.trace(Household, "import", len(households))
    work.trace(Person, "import", len(persons))
    pairs = zip(households, persons, strict=True)
    work.insert(
        HouseholdMember,
        [
            {"household_id": h, "person_id": p, "link": Link.REFERENCE.value, "from_on": None, "to_on": None}
            for h, p in pairs
        ],
    )
    return households


def _household(f: HouseholdFacts) -> Row:
    return {
        "adults": f.adults,
        "children": f.children,
        "composition": f.composition or NOT_TOLD,
        "people_entered": False,
        "version": 1,
    }


def _person(f: HouseholdFacts) -> Row:
    return {
        "family_name": f.family_name,
        "given_name": f.given_name,
        "civility": f.civility,
        "born_on": f.born_on,
        "phone": None,
    }


def dwelling_row(f: HouseholdFacts) -> Row:
    """Return the dwelling of a household."""
    return {"address": f.address or "", "district": f.district or "", "typology": f.typology or NOT_TOLD}


def _create_case_rows(work: Work, facts: Sequence[HouseholdFacts], households: Sequence[int]) -> Sequence[int]:
    session = work.ctx.session
    housed = [i for i, f in enumerate(facts) if f.address or f.district or f.typology]
    dwellings = insert_with_ids(session, Dwelling, [dwelling_row(facts[i]) for i in housed])
    work.trace(Dwelling, "import", len(dwellings))
    dwelling_of = dict(zip(housed, dwellings, strict=True))
    versions = versions_of(work.ctx, work.programme.id)
    rows = [
        _case(work, f, version_at(versions, f.referred_on), household, dwelling_of.get(i))
        for i, (f, household) in enumerate(zip(facts, households, strict=True))
    ]
    ids = insert_with_ids(session, Case, rows)
    work.trace(Case, "import", len(ids))
    return ids


def version_at(versions: Sequence[VersionInForce], day: date) -> int:
    """Return the version of a programme that was in force on `day`, the first one before its start."""
    started = [v for v in versions if v.definition.valid_from <= day]
    return (started or versions[:1])[-1].id


def _case(work: Work, f: HouseholdFacts, version: int, household: int, dwelling: int | None) -> Row:
    return {
        "number": f.number,
        "programme_id": work.programme.id,
        "programme_version_id": version,
        "household_id": household,
        "referred_on": f.referred_on,
        "referral_source": f.referral_source,
        "housing_at_entry": f.housing_at_entry or NOT_TOLD,
        "created_at": work.now,
        "referral_motive": "",
        "dwelling_id": dwelling,
        "referent_id": work.referent(f.referent),
        "rent_account_id": work.account(f.lease_number),
        "moved_in_on": f.moved_in_on,
        "resources_cents": f.resources,
        "rent_cents": f.rent or INSTEAD["rent"],
        "charges_cents": f.charges or INSTEAD["charges"],
        "benefit_cents": f.benefit or INSTEAD["benefit"],
        "benefit_payment": f.benefit_payment or INSTEAD["benefit_payment"],
        "import_id": work.import_id,
        "version": 1,
    }


def _create_path(work: Work, facts: Sequence[HouseholdFacts], ids: Sequence[int]) -> None:
    both = list(zip(ids, facts, strict=True))
    work.insert(CaseTeamMember, [team_row(work, case_id, f) for case_id, f in both if f.referent])
    work.insert(Diagnostic, [diagnostic_row(work, case_id, f) for case_id, f in both if f.diagnosed_on])
    work.insert(Contract, [contract_row(work, case_id, f) for case_id, f in both if f.contract_on])
    work.insert(LeaseStage, [stage_row(work, case_id, f) for case_id, f in both if f.stage])
    work.insert(CaseEnd, [end_row(work, case_id, f) for case_id, f in both if f.ended_on])


def team_row(work: Work, case_id: int, f: HouseholdFacts) -> Row:
    """Return the referent's place in the team of a case."""
    return {"case_id": case_id, "user_id": work.referent(f.referent), "since_on": f.referred_on}


def diagnostic_row(work: Work, case_id: int, f: HouseholdFacts) -> Row:
    """Return the diagnostic that a table dates, with the amounts of the same row."""
    return {
        "case_id": case_id,
        "made_on": f.diagnosed_on,
        "author_id": work.referent(f.referent),
        "created_at": work.now,
        "social_part": "",
        "housing_part": "",
        "resources": {},
        "annexes_cents": 0,
        "fixed_charges_cents": 0,
        "remainder_cents": None,
        "recommendation": None,
        "recommendation_note": "",
    } | budget_of(f)


def budget_of(f: HouseholdFacts) -> Row:
    """Return the amounts of a diagnostic that a table dates; without one of them, there is no effort rate."""
    effort = None
    if f.rent is not None and f.charges is not None and f.benefit is not None:
        effort = effort_rate_tenths(f.rent, 0, f.charges, f.benefit, f.resources)
    return {
        "rent_cents": f.rent or 0,
        "charges_cents": f.charges or 0,
        "benefit_cents": f.benefit or 0,
        "resources_cents": f.resources,
        "effort_tenths": effort,
    }


def contract_row(work: Work, case_id: int, f: HouseholdFacts) -> Row:
    """Return the contract that a table dates; it does not say who signed."""
    return {
        "case_id": case_id,
        "kind": ContractKind.INITIAL.value,
        "signed_on": f.contract_on,
        "created_at": work.now,
        "planned_end_on": f.planned_end_on,
        "household_signatory": None,
        "association_signatory": None,
        "landlord_signatory": None,
        "terms": "",
    }


def stage_row(work: Work, case_id: int, f: HouseholdFacts) -> Row:
    """Return the lease stage, which starts on the day of moving in."""
    return {
        "case_id": case_id,
        "stage": f.stage,
        "from_on": f.moved_in_on,
        "created_at": work.now,
        "same_dwelling": True,
        "note": "",
    }


def end_row(work: Work, case_id: int, f: HouseholdFacts) -> Row:
    """Return the end of an accompaniment."""
    return {
        "case_id": case_id,
        "ended_on": f.ended_on,
        "reason": f.end_reason,
        "outcome": f.outcome,
        "created_at": work.now,
        "next_housing": None,
        "relay": "",
        "note": "",
    }
