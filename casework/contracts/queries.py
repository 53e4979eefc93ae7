"""Every SELECT on contracts and objectives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, func, select

from casework.accounts.vocabulary import Category
from casework.cases.access import declare_case_table
from casework.cases.queries import CaseHead, case_head, row_of_case
from casework.cases.sharing import reads_category
from casework.contracts.models import Contract, Objective
from casework.contracts.vocabulary import ContractKind
from casework.kernel.access import visible
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible
from casework.programmes.queries import list_programmes

declare_case_table(Contract, "signed_on")
declare_case_table(Objective, category=Category.OBJECTIVES)


@dataclass(frozen=True)
class ContractDates:
    """When the first contract was signed, and the planned ends agreed since, oldest first."""

    signed_on: date
    planned_ends: tuple[date | None, ...]

    @property
    def planned_end_on(self) -> date | None:
        """When the accompaniment is planned to end, by the last amendment."""
        return self.planned_ends[-1]


def contract_dates(ctx: Ctx, case_id: int) -> ContractDates | None:
    """Return the dates of the contract of a case with what the amendments made of them, None before the signature."""
    rows = ctx.session.execute(
        select(Contract.signed_on, Contract.planned_end_on)
        .where(Contract.case_id == case_id, visible(ctx, Contract))
        .order_by(Contract.signed_on, Contract.id)
    ).all()
    return ContractDates(rows[0].signed_on, tuple(row.planned_end_on for row in rows)) if rows else None


def last_signed_on(ctx: Ctx, case_id: int) -> date | None:
    """Return the date of the contract or, once there are some, of the last amendment; None before the signature."""
    return ctx.session.scalar(
        select(func.max(Contract.signed_on)).where(Contract.case_id == case_id, visible(ctx, Contract))
    )


def get_contract(ctx: Ctx, case_id: int, contract_id: int) -> Contract:
    """Return a contract or an amendment of a case. Raises NotVisible."""
    return row_of_case(ctx, Contract, case_id, contract_id)


def list_contracts(ctx: Ctx, case_id: int) -> Sequence[Row[int, str, date, date | None]]:
    """Return (id, kind, signed_on, planned_end_on) of the contract of a case and its amendments, in their order."""
    return ctx.session.execute(
        select(Contract.id, Contract.kind, Contract.signed_on, Contract.planned_end_on)
        .where(Contract.case_id == case_id, visible(ctx, Contract))
        .order_by(Contract.signed_on, Contract.id)
    ).all()


@dataclass(frozen=True)
class ContractSheet:
    """A contract or an amendment as it is put on paper: what was agreed, and what it followed.

    `number`: 0 for the contract, then 1 for its first amendment, and so on. `first` is the contract itself, `end_before`
    the planned end that held until this was signed. `objectives`: its own; None: a convention keeps them from who asks.
    """

    head: CaseHead
    landlord: str
    operator: str
    contract: Contract
    first: Contract
    number: int
    end_before: date | None
    objectives: "Sequence[ObjectiveRow] | None"
    is_to_come: bool

    @property
    def is_amendment(self) -> bool:
        """Tell whether it amends a contract."""
        return self.contract.kind == ContractKind.AMENDMENT


def contract_sheet(ctx: Ctx, case_id: int, contract_id: int) -> ContractSheet:
    """Return what a contract or an amendment says on paper, to who may read it. Raises NotVisible."""
    head = case_head(ctx, case_id)
    contract = get_contract(ctx, case_id, contract_id)
    listed = list_contracts(ctx, case_id)
    number = next(place for place, row in enumerate(listed) if row.id == contract.id)
    programme = next(row for row in list_programmes(ctx) if row.id == head.programme_id)
    is_read = reads_category(ctx, head, Category.OBJECTIVES)
    return ContractSheet(
        head=head,
        landlord=programme.landlord,
        operator=programme.operator,
        contract=contract,
        first=get_contract(ctx, case_id, listed[0].id),
        number=number,
        end_before=listed[number - 1].planned_end_on if number else None,
        objectives=[row for row in objectives_of(ctx, case_id) if row.contract_id == contract.id] if is_read else None,
        is_to_come=contract.signed_on > ctx.today,
    )


ObjectiveRow = Row[int, int, str, str, date | None, str, date | None]


def objectives_of(ctx: Ctx, case_id: int) -> Sequence[ObjectiveRow]:
    """Return (id, contract_id, label, party, due_on, state, settled_on) of the objectives of a case, soonest due first."""
    return ctx.session.execute(
        select(
            Objective.id,
            Objective.contract_id,
            Objective.label,
            Objective.party,
            Objective.due_on,
            Objective.state,
            Objective.settled_on,
        )
        .where(Objective.case_id == case_id, visible(ctx, Objective))
        .order_by(Objective.due_on.is_(None), Objective.due_on, Objective.id)
    ).all()


def objective_of(ctx: Ctx, case_id: int, objective_id: int) -> tuple[Objective, date]:
    """Return an objective of a case, as a row to change, and when it was agreed. Raises NotVisible."""
    row = ctx.session.execute(
        select(Objective, Contract.signed_on)
        .join(Contract, Contract.id == Objective.contract_id)
        .where(Objective.id == objective_id, Objective.case_id == case_id, visible(ctx, Objective))
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row[0], row[1]
