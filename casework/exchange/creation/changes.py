"""Known cases: facts that the database did not have, and those whose replacement was confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from casework.cases.models import Case, CaseEnd, CaseTeamMember, VersionMove
from casework.contracts.models import Contract
from casework.diagnostics.models import Diagnostic
from casework.exchange.creation import households as rows
from casework.exchange.creation.work import LOADED_AT_ONCE, Work
from casework.exchange.plan import CaseChange
from casework.exchange.reading.records import HouseholdFacts
from casework.exchange.rules import corrected_contracts
from casework.exchange.untold import INSTEAD
from casework.households.models import Dwelling, Household, HouseholdMember, Person
from casework.households.vocabulary import Link
from casework.kernel.database import Base
from casework.leases.models import LeaseStage
from casework.programmes.queries import version_on

_PERSON = {"civility": "civility", "family_name": "family_name", "given_name": "given_name", "born_on": "born_on"}
_HOUSEHOLD = {"adults": "adults", "children": "children", "composition": "composition"}
_DWELLING = {"address": "address", "district": "district", "typology": "typology"}
_CASE = {
    "resources": "resources_cents",
    "benefit": "benefit_cents",
    "benefit_payment": "benefit_payment",
    "rent": "rent_cents",
    "charges": "charges_cents",
    "moved_in_on": "moved_in_on",
    "referral_source": "referral_source",
    "referred_on": "referred_on",
    "housing_at_entry": "housing_at_entry",
}
_BUDGET = {"resources", "benefit", "rent", "charges"}
_END = {"ended_on": "ended_on", "end_reason": "reason", "outcome": "outcome"}

Dated = TypeVar("Dated", Contract, LeaseStage, Diagnostic)


@dataclass(frozen=True)
class _Known:
    """The rows of the changed cases, loaded together."""

    cases: dict[int, Case]
    households: dict[int, Household]
    persons: dict[int, Person]
    dwellings: dict[int, Dwelling]
    contracts: dict[int, list[Contract]]
    stages: dict[int, list[LeaseStage]]
    diagnostics: dict[int, list[Diagnostic]]
    ends: dict[int, CaseEnd]
    teams: set[tuple[int, int]]
    moved: set[int]


def change_cases(work: Work) -> None:
    """Write what the rows about known cases add, and what they replace."""
    changes = work.plan.changes
    if not changes:
        return
    for start in range(0, len(changes), LOADED_AT_ONCE):
        part = changes[start : start + LOADED_AT_ONCE]
        known = _load(work, [change.stored.id for change in part])
        for change in part:
            _change_case(work, known, change)
        work.ctx.session.flush()
    work.created.counts["updated_cases"] = len(changes)
    for name in INSTEAD:
        told = [c.stored.id for c in changes if name in c.changed and getattr(c.stored.facts, name) is None]
        if told:
            work.created.told[name] = told


def _load(work: Work, ids: Sequence[int]) -> _Known:
    session = work.ctx.session
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(ids)))}
    household_ids = [case.household_id for case in cases.values()]
    reference = select(HouseholdMember.household_id, Person).join(Person, Person.id == HouseholdMember.person_id)
    reference = reference.where(
        HouseholdMember.household_id.in_(household_ids), HouseholdMember.link == Link.REFERENCE.value
    )
    dwelling_ids = [case.dwelling_id for case in cases.values() if case.dwelling_id]
    team = select(CaseTeamMember.case_id, CaseTeamMember.user_id).where(CaseTeamMember.case_id.in_(ids))
    return _Known(
        cases=cases,
        households={h.id: h for h in session.scalars(select(Household).where(Household.id.in_(household_ids)))},
        persons=dict(iter(session.execute(reference))),
        dwellings={d.id: d for d in session.scalars(select(Dwelling).where(Dwelling.id.in_(dwelling_ids)))},
        contracts=_by_case(
            session.scalars(select(Contract).where(Contract.case_id.in_(ids)).order_by(Contract.signed_on, Contract.id))
        ),
        stages=_by_case(
            session.scalars(
                select(LeaseStage).where(LeaseStage.case_id.in_(ids)).order_by(LeaseStage.from_on, LeaseStage.id)
            )
        ),
        diagnostics=_by_case(
            session.scalars(
                select(Diagnostic).where(Diagnostic.case_id.in_(ids)).order_by(Diagnostic.made_on, Diagnostic.id)
            )
        ),
        ends={end.case_id: end for end in session.scalars(select(CaseEnd).where(CaseEnd.case_id.in_(ids)))},
        teams=set(session.execute(team)),
        moved=set(session.scalars(select(VersionMove.case_id).where(VersionMove.case_id.in_(ids)))),
    )


def _by_case(dated: Iterable[Dated]) -> dict[int, list[Dated]]:
    found: dict[int, list[Dated]] = {}
    for item in dated:
        found.setdefault(item.case_id, []).append(item)
    return found


def _change_case(work: Work, known: _Known, change: CaseChange) -> None:
    case, facts = known.cases[change.stored.id], change.facts
    household = known.households[case.household_id]
    case.version += _set(case, _CASE, change)
    household.version += _set(household, _HOUSEHOLD, change)
    if "referred_on" in change.changed and case.id not in known.moved:  # a decision outlasts the correction of a date
        case.programme_version_id = version_on(work.ctx, case.programme_id, facts.referred_on).id
    _change_person(work, known, case, change)
    _change_dwelling(work, known, case, change)
    if "referent" in change.changed:
        case.referent_id = work.referent(facts.referent)
        if (case.id, case.referent_id) not in known.teams:
            work.insert(CaseTeamMember, [rows.team_row(work, case.id, facts)])
    if "lease_number" in change.changed:
        case.rent_account_id = work.account(facts.lease_number)
    _change_path(work, known, case.id, change)


def _set(target: Base, columns: dict[str, str], change: CaseChange) -> bool:
    """Write the changed facts that `target` holds; tell whether there were any."""
    attributes = [attribute for attribute in change.changed if attribute in columns]
    for attribute in attributes:
        setattr(target, columns[attribute], getattr(change.facts, attribute))
    return bool(attributes)


def _change_person(work: Work, known: _Known, case: Case, change: CaseChange) -> None:
    person = known.persons.get(case.household_id)
    if person is not None:
        _set(person, _PERSON, change)
    elif any(attribute in _PERSON for attribute in change.changed):
        facts, session = change.facts, work.ctx.session
        person = Person(
            family_name=facts.family_name,
            given_name=facts.given_name,
            civility=facts.civility,
            born_on=facts.born_on,
        )
        session.add(person)
        session.flush()
        session.add(HouseholdMember(household_id=case.household_id, person_id=person.id, link=Link.REFERENCE.value))


def _change_dwelling(work: Work, known: _Known, case: Case, change: CaseChange) -> None:
    if not any(attribute in _DWELLING for attribute in change.changed):
        return
    if case.dwelling_id is not None:
        _set(known.dwellings[case.dwelling_id], _DWELLING, change)
        return
    session = work.ctx.session
    row = rows.dwelling_row(change.facts)
    dwelling = Dwelling(address=str(row["address"]), district=str(row["district"]), typology=str(row["typology"]))
    session.add(dwelling)
    session.flush()
    case.dwelling_id = dwelling.id


def _change_path(work: Work, known: _Known, case_id: int, change: CaseChange) -> None:
    facts, changed = change.facts, set(change.changed)
    if changed & {"contract_on", "planned_end_on"}:
        _change_contract(work, known.contracts.get(case_id, []), case_id, change)
    if changed & {"stage", "moved_in_on"} and facts.stage:
        _change_stage(work, known.stages.get(case_id, []), case_id, change)
    if "diagnosed_on" in changed and facts.diagnosed_on:
        diagnostics = known.diagnostics.get(case_id, [])
        if diagnostics:
            diagnostics[0].made_on = facts.diagnosed_on
        else:
            work.insert(Diagnostic, [rows.diagnostic_row(work, case_id, facts)])
    if changed & _BUDGET:
        _weigh_again(known.diagnostics.get(case_id, []), facts)
    if changed & set(_END):
        end = known.ends.get(case_id)
        if end is None:
            work.insert(CaseEnd, [rows.end_row(work, case_id, facts)])
        else:
            _set(end, _END, change)


def _weigh_again(diagnostics: Iterable[Diagnostic], facts: HouseholdFacts) -> None:
    # Who writes a diagnostic counts the people: one without consumption units came from a file.
    for diagnostic in diagnostics:
        if diagnostic.units_tenths is None:
            for column, value in rows.budget_of(facts).items():
                setattr(diagnostic, column, value)


def _change_contract(work: Work, contracts: Sequence[Contract], case_id: int, change: CaseChange) -> None:
    facts, changed = change.facts, change.changed
    if not contracts:
        work.insert(Contract, [rows.contract_row(work, case_id, facts)])
        return
    dates = corrected_contracts(
        [(contract.signed_on, contract.planned_end_on) for contract in contracts],
        facts.contract_on if "contract_on" in changed else None,
        facts.planned_end_on if "planned_end_on" in changed else None,
    )
    for contract, (signed_on, planned_end_on) in zip(contracts, dates, strict=True):
        contract.signed_on, contract.planned_end_on = signed_on, planned_end_on


def _change_stage(work: Work, stages: Sequence[LeaseStage], case_id: int, change: CaseChange) -> None:
    facts = change.facts
    if not stages:
        work.insert(LeaseStage, [rows.stage_row(work, case_id, facts)])
        return
    if "stage" in change.changed and facts.stage is not None:
        stages[-1].stage = facts.stage
    starts: date | None = facts.moved_in_on
    if "moved_in_on" in change.changed and starts is not None and all(starts < later.from_on for later in stages[1:]):
        stages[0].from_on = starts
