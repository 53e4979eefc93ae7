"""The second step of an import: what was read, against itself and against the database. It changes nothing."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar

from casework.exchange import queries
from casework.exchange.household_check import CLOSED, check_households
from casework.exchange.ledger_check import check_ledger
from casework.exchange.plan import Counts, Plan
from casework.exchange.reading.records import Batch, ContactRow, Reason, ReassessmentRow, Refusal, reason
from casework.kernel.context import Ctx
from casework.programmes.models import Programme

Row = TypeVar("Row", ContactRow, ReassessmentRow)


def check(ctx: Ctx, programme: Programme, batch: Batch, *, replace: bool = False) -> Plan:
    """Return what would go in, what is there already, what differs and what is refused.

    `replace`: somebody confirmed that what differs is to be replaced.
    """
    plan = Plan(batch, replace, {sheet.name: Counts(read=sheet.read) for sheet in batch.sheets})
    plan.refused += batch.refused
    if batch.households:
        check_households(ctx, programme, plan)
    if batch.contacts or batch.reassessments:
        _check_followup(ctx, programme, plan)
    if batch.ledger:
        check_ledger(ctx, programme, plan)
    _note_future(plan, ctx.today)
    for name, line in {(refusal.file, refusal.line) for refusal in plan.refused}:
        plan.counts[name].refused += bool(line)
    return plan


def _check_followup(ctx: Ctx, programme: Programme, plan: Plan) -> None:
    known = set(queries.case_ids(ctx, programme.id)) | {row.facts.number for row in plan.new_cases}
    closed = queries.closed_numbers(ctx, programme.id)
    if plan.batch.contacts:
        stored = queries.stored_contacts(ctx, programme.id)
        plan.contacts = _missing_rows(plan, plan.batch.contacts, stored, known, closed)
    if plan.batch.reassessments:
        held = queries.stored_reassessments(ctx, programme.id)
        plan.reassessments = _missing_rows(plan, plan.batch.reassessments, held, known, closed)


def _missing_rows(
    plan: Plan, rows: Sequence[Row], stored: Counter[queries.Identity], known: set[str], closed: Collection[str]
) -> list[Row]:
    """Return the rows of known cases that the database does not have as many times as the files do."""
    left = stored.copy()
    refused_numbers = {row.facts.number for row in plan.batch.households} - known
    missing: list[Row] = []
    for row in rows:
        identity: queries.Identity = row[2:]
        counts = plan.counts[row.file]
        if row.number not in known:
            plan.refused.append(
                Refusal(row.file, row.line, "numero_dossier", row.number, _unknown(refused_numbers, row.number))
            )
        elif left[identity] > 0:
            left[identity] -= 1
            counts.identical += 1
        elif row.number in closed:
            plan.refused.append(Refusal(row.file, row.line, "numero_dossier", row.number, CLOSED))
        else:
            counts.new += 1
            missing.append(row)
    return missing


def _unknown(refused_numbers: set[str], number: str) -> Reason:
    if number in refused_numbers:
        return reason("Le ménage de ce dossier est refusé dans le même envoi.")
    return reason("Aucun ménage du dispositif n’a ce numéro de dossier.")


def _note_future(plan: Plan, today: date) -> None:
    batch = plan.batch
    later = Counter(row.file for row in batch.contacts if row.day > today)
    later.update(row.file for row in batch.reassessments if row.day > today)
    for sheet in batch.sheets:
        if later[sheet.name]:
            sheet.notes.append(reason("Lignes datées après aujourd’hui : %(count)s.", count=later[sheet.name]))
