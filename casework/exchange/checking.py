"""The second step of an import: what was read, against itself and against the database. It changes nothing."""

from collections import Counter
from datetime import date

from casework.exchange import queries
from casework.exchange.followup_check import check_followup
from casework.exchange.household_check import CLOSED, TAKEN, check_households
from casework.exchange.ledger_check import check_ledger
from casework.exchange.plan import Counts, Plan
from casework.exchange.reading.records import Batch, reason
from casework.kernel.context import Ctx
from casework.programmes.models import Programme


def check(ctx: Ctx, programme: Programme, batch: Batch, *, replace: bool = False) -> Plan:
    """Return what would go in, what is there already, what differs and what is refused.

    `replace`: somebody confirmed that what differs is to be replaced.
    """
    plan = Plan(batch, replace, {sheet.name: Counts(read=sheet.read) for sheet in batch.sheets})
    plan.refused += batch.refused
    hidden = queries.out_of_sight(ctx, programme.id)
    plan.out_of_sight = {number: CLOSED if is_closed else TAKEN for number, is_closed in hidden.items()}
    if batch.households:
        check_households(ctx, programme, plan)
    if batch.contacts or batch.reassessments:
        check_followup(ctx, programme, plan)
    if batch.ledger:
        check_ledger(ctx, programme, plan)
    _note_future(plan, ctx.today)
    for name, line in {(refusal.file, refusal.line) for refusal in plan.refused}:
        plan.counts[name].refused += bool(line)
    return plan


def _note_future(plan: Plan, today: date) -> None:
    batch = plan.batch
    later = Counter(row.file for row in batch.contacts if row.day > today)
    later.update(row.file for row in batch.reassessments if row.day > today)
    for sheet in batch.sheets:
        if later[sheet.name]:
            sheet.notes.append(reason("Lignes datées après aujourd’hui : %(count)s.", count=later[sheet.name]))
