"""The second step of an import: what was read, against itself and against the database. It changes nothing."""

from casework.exchange.followup_check import check_followup
from casework.exchange.household_check import check_households
from casework.exchange.ledger_check import check_ledger
from casework.exchange.plan import Counts, Plan
from casework.exchange.reading.records import Batch
from casework.kernel.context import Ctx
from casework.programmes.models import Programme


def check(ctx: Ctx, programme: Programme, batch: Batch, *, replace: bool = False) -> Plan:
    """Return what would go in, what is there already, what differs and what is refused.

    `replace`: somebody confirmed that what differs is to be replaced.
    """
    plan = Plan(batch, replace, {sheet.name: Counts(read=sheet.read) for sheet in batch.sheets})
    plan.refused += batch.refused
    if batch.households:
        check_households(ctx, programme, plan)
    if batch.contacts or batch.reassessments:
        check_followup(ctx, programme, plan)
    if batch.ledger:
        check_ledger(ctx, programme, plan)
    for name, line in {(refusal.file, refusal.line) for refusal in plan.refused}:
        plan.counts[name].refused += bool(line)
    return plan
