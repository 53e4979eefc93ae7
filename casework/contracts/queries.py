"""Every SELECT on contracts and objectives."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.cases.access import declare_case_table
from casework.contracts.models import Contract, Objective
from casework.kernel.access import visible
from casework.kernel.context import Ctx

declare_case_table(Contract, "signed_on")
declare_case_table(Objective)


@dataclass(frozen=True)
class ContractDates:
    """When the first contract was signed, and when the accompaniment is planned to end, by the last amendment."""

    signed_on: date
    planned_end_on: date | None


def contract_dates(ctx: Ctx, case_id: int) -> ContractDates | None:
    """Return the dates of the contract of a case with what the amendments made of them, None before the signature."""
    rows = ctx.session.execute(
        select(Contract.signed_on, Contract.planned_end_on)
        .where(Contract.case_id == case_id, visible(ctx, Contract))
        .order_by(Contract.signed_on, Contract.id)
    ).all()
    return ContractDates(rows[0].signed_on, rows[-1].planned_end_on) if rows else None
