"""Facts that no file told of a household, and nobody since: a case cannot hold them as « not told »."""

from collections.abc import Mapping

from sqlalchemy import select

from casework.cases.models import Case
from casework.cases.vocabulary import BenefitPayment
from casework.exchange.models import ImportRun
from casework.kernel.access import visible
from casework.kernel.audit import AuditEvent
from casework.kernel.context import Ctx

# Facts that a case cannot hold as « not told »: what it holds instead.
INSTEAD: dict[str, int | str] = {
    "benefit": 0,
    "benefit_payment": BenefitPayment.TIERS_PAYANT.value,
    "rent": 0,
    "charges": 0,
}
_COLUMN_OF = {
    "benefit": "benefit_cents",
    "benefit_payment": "benefit_payment",
    "rent": "rent_cents",
    "charges": "charges_cents",
}


def untold_facts(ctx: Ctx, programme_id: int) -> dict[str, set[int]]:
    """Return the cases of which nobody told a fact yet, by attribute; the runs of a programme keep it, oldest first."""
    untold: dict[str, set[int]] = {name: set() for name in INSTEAD}
    statement = select(ImportRun.counts).where(ImportRun.programme_id == programme_id, visible(ctx, ImportRun))
    for counts in ctx.session.scalars(statement.order_by(ImportRun.id)):
        for name, ids in counts.get("untold", {}).items():
            untold[name].update(ids)
        for name, ids in counts.get("told", {}).items():
            untold[name].difference_update(ids)
    if any(untold.values()):
        _leave_what_people_wrote(ctx, programme_id, untold)
    return untold


def _leave_what_people_wrote(ctx: Ctx, programme_id: int, untold: Mapping[str, set[int]]) -> None:
    """Take away the cases of which somebody changed the fact since: nil is then what they wrote."""
    changes = ctx.session.execute(
        select(AuditEvent.case_id, AuditEvent.difference)
        .join(Case, Case.id == AuditEvent.case_id)
        .where(
            AuditEvent.entity == Case.__tablename__,
            AuditEvent.operation == "update",
            Case.programme_id == programme_id,
            visible(ctx, Case),
        )
    )
    for case_id, difference in changes:
        for name, ids in untold.items():
            if _COLUMN_OF[name] in difference:
                ids.discard(case_id)
