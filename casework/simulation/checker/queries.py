"""Every SELECT of the checker: plain reads of the tables, as anybody could make them who knows only their columns."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.alerts.models import Alert, SweepLog
from casework.cases.models import Case, CaseEnd, Suspension
from casework.contacts.models import Contact
from casework.contracts.models import Contract, Objective
from casework.diagnostics.models import Diagnostic
from casework.households.models import HouseholdMember, Person
from casework.kernel.clock import paris_date
from casework.leases.models import LeaseStage
from casework.programmes.definition import read_definition
from casework.programmes.definition.parts import Definition
from casework.programmes.models import Programme, ProgrammeVersion
from casework.reassessments.models import Reassessment
from casework.rents.models import ArrearsReport, RentLine
from casework.simulation.checker.history import (
    CaseTold,
    ContactTold,
    ContractTold,
    EndTold,
    History,
    LineTold,
    ObjectiveTold,
    StageTold,
)

_REFERENCE = "REFERENCE"


def read_history(session: Session, programme: Programme) -> History:
    """Return the history of a programme as the tables tell it."""
    versions = {
        row.id: (row.valid_from, read_definition(f"v{row.number}", row.definition))
        for row in session.execute(
            select(
                ProgrammeVersion.id, ProgrammeVersion.number, ProgrammeVersion.valid_from, ProgrammeVersion.definition
            )
            .where(ProgrammeVersion.programme_id == programme.id)
            .order_by(ProgrammeVersion.number)
        )
    }
    cases = _cases(session, programme.id, {key: definition for key, (_first, definition) in versions.items()})
    for fill in (_facts, _contracts, _leases, _rents):
        fill(session, programme.id, cases)
    swept_on = session.scalar(select(SweepLog.swept_on).where(SweepLog.programme_id == programme.id))
    opened_on = min([paris_date(programme.created_at), *(case.referred_on for case in cases.values())])
    return History(
        programme.code,
        opened_on,
        sorted(versions.values(), key=lambda version: version[0]),
        sorted(cases.values(), key=lambda case: case.number),
        swept_on,
        swept_on or max([opened_on, *(_last_fact(case) for case in cases.values())]),
    )


def _cases(session: Session, programme_id: int, definitions: Mapping[int, Definition]) -> dict[int, CaseTold]:
    rows = session.execute(
        select(
            Case.id,
            Case.number,
            Case.programme_version_id,
            Case.referred_on,
            Case.housing_at_entry,
            Case.moved_in_on,
            Person.born_on,
            CaseEnd.ended_on,
            CaseEnd.note,
        )
        .outerjoin(CaseEnd, CaseEnd.case_id == Case.id)
        .outerjoin(
            HouseholdMember,
            (HouseholdMember.household_id == Case.household_id) & (HouseholdMember.link == _REFERENCE),
        )
        .outerjoin(Person, Person.id == HouseholdMember.person_id)
        .where(Case.programme_id == programme_id)
        .order_by(Case.id, HouseholdMember.id.desc())
    )
    return {
        row.id: CaseTold(
            row.id,
            row.number,
            definitions[row.programme_version_id],
            row.referred_on,
            row.housing_at_entry,
            row.moved_in_on,
            row.born_on,
            None if row.ended_on is None else EndTold(row.ended_on, row.note),
        )
        for row in rows
    }


def _facts(session: Session, programme_id: int, cases: Mapping[int, CaseTold]) -> None:
    """Fill in diagnostics, contacts, reassessments, pauses and open alerts."""
    ours = select(Case.id).where(Case.programme_id == programme_id)
    for made in session.execute(
        select(Diagnostic.case_id, Diagnostic.made_on).where(Diagnostic.case_id.in_(ours)).order_by(Diagnostic.made_on)
    ):
        cases[made.case_id].diagnostics.append(made.made_on)
    for contact in session.execute(
        select(Contact.case_id, Contact.occurred_on, Contact.kind, Contact.outcome)
        .where(Contact.case_id.in_(ours))
        .order_by(Contact.occurred_on, Contact.id)
    ):
        cases[contact.case_id].contacts.append(ContactTold(contact.occurred_on, contact.kind, contact.outcome))
    for held in session.execute(
        select(Reassessment.case_id, Reassessment.held_on)
        .where(Reassessment.case_id.in_(ours))
        .order_by(Reassessment.held_on)
    ):
        cases[held.case_id].reassessments.append(held.held_on)
    for pause in session.execute(
        select(Suspension.case_id, Suspension.from_on, Suspension.to_on)
        .where(Suspension.case_id.in_(ours))
        .order_by(Suspension.from_on)
    ):
        cases[pause.case_id].pauses.append((pause.from_on, pause.to_on))
    for alert in session.execute(
        select(Alert.case_id, Alert.rule, Alert.due_on)
        .where(Alert.case_id.in_(ours), Alert.closed_on.is_(None))
        .order_by(Alert.rule, Alert.due_on, Alert.id)
    ):
        cases[alert.case_id].open_alerts.append((alert.rule, alert.due_on))


def _contracts(session: Session, programme_id: int, cases: Mapping[int, CaseTold]) -> None:
    ours = select(Case.id).where(Case.programme_id == programme_id)
    for row in session.scalars(
        select(Contract).where(Contract.case_id.in_(ours)).order_by(Contract.signed_on, Contract.id)
    ):
        signatories = {
            "le ménage": row.household_signatory or "",
            "l’association": row.association_signatory or "",
            "le bailleur": row.landlord_signatory or "",
        }
        cases[row.case_id].contracts.append(
            ContractTold(row.id, row.kind == "INITIAL", row.signed_on, row.planned_end_on, signatories, row.derogation)
        )
    for objective in session.execute(
        select(Objective.case_id, Objective.contract_id, Objective.due_on, Objective.settled_on)
        .where(Objective.case_id.in_(ours))
        .order_by(Objective.id)
    ):
        told = ObjectiveTold(objective.contract_id, objective.due_on, objective.settled_on)
        cases[objective.case_id].objectives.append(told)


def _leases(session: Session, programme_id: int, cases: Mapping[int, CaseTold]) -> None:
    ours = select(Case.id).where(Case.programme_id == programme_id)
    for row in session.execute(
        select(LeaseStage.case_id, LeaseStage.stage, LeaseStage.from_on)
        .where(LeaseStage.case_id.in_(ours))
        .order_by(LeaseStage.from_on, LeaseStage.id)
    ):
        cases[row.case_id].stages.append(StageTold(row.stage, row.from_on))


def _rents(session: Session, programme_id: int, cases: Mapping[int, CaseTold]) -> None:
    for row in session.execute(
        select(
            Case.id,
            RentLine.month,
            RentLine.rent_cents,
            RentLine.charges_cents,
            RentLine.benefit_cents,
            RentLine.paid_cents,
            RentLine.balance_cents,
        )
        .join(RentLine, RentLine.account_id == Case.rent_account_id)
        .where(Case.programme_id == programme_id)
        .order_by(RentLine.month)
    ):
        base = row.rent_cents + row.charges_cents - row.benefit_cents
        cases[row.id].lines.append(LineTold(row.month, base, row.paid_cents, row.balance_cents))
    for report in session.execute(
        select(ArrearsReport.case_id, ArrearsReport.reported_on)
        .join(Case, Case.id == ArrearsReport.case_id)
        .where(Case.programme_id == programme_id)
        .order_by(ArrearsReport.reported_on)
    ):
        cases[report.case_id].reports.append(report.reported_on)


def _last_fact(case: CaseTold) -> date:
    days = [case.referred_on, *case.diagnostics, *case.reassessments, *(contact.on for contact in case.contacts)]
    return max(days + [contract.signed_on for contract in case.contracts] + [stage.from_on for stage in case.stages])
