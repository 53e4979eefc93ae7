"""The check of ledgers: known leases, one line for each lease and month, nothing replaced in silence."""

from collections import Counter
from operator import itemgetter

from casework.exchange import queries
from casework.exchange.plan import LineChange, Plan
from casework.exchange.queries import Amounts
from casework.exchange.reading.records import LEDGER_AMOUNTS, Difference, LedgerRow, Refusal, reason
from casework.kernel.context import Ctx
from casework.kernel.money import format_number
from casework.programmes.models import Programme


def check_ledger(ctx: Ctx, programme: Programme, plan: Plan) -> None:
    """Sort the ledger lines into new, identical, differing and refused ones."""
    rows = plan.batch.ledger
    leases = _known_leases(ctx, programme, plan)
    stored = queries.stored_lines(ctx, programme.landlord_id, {row[3] for row in rows})
    sound = _sound_rows(plan, rows, leases)
    if not stored:
        plan.lines = sound
        _count_new(plan, sound)
        return
    for row in sound:
        old = stored.get((row[2], row[3]))
        counts = plan.counts[row[0]]
        if old is None:
            plan.lines.append(row)
            counts.new += 1
        elif old == row[4:9]:
            counts.identical += 1
        else:
            plan.changed_lines.append(LineChange(row, old))
            plan.differences += _differences(row, old)
            counts.differing += 1


def _known_leases(ctx: Ctx, programme: Programme, plan: Plan) -> set[str]:
    leases = queries.leases_of_programme(ctx, programme.id)
    leases.update(row.facts.lease_number for row in plan.new_cases if row.facts.lease_number)
    leases.update(c.facts.lease_number for c in plan.changes if c.facts.lease_number)
    return leases


def _sound_rows(plan: Plan, rows: list[LedgerRow], leases: set[str]) -> list[LedgerRow]:
    """Return the lines of known leases, the first of each lease and month; the others are refused."""
    keys = [(row[2], row[3]) for row in rows]
    if len(set(keys)) == len(rows) and leases.issuperset({row[2] for row in rows}):
        return rows
    first: dict[tuple[str, str], LedgerRow] = {}
    sound: list[LedgerRow] = []
    for key, row in zip(keys, rows, strict=True):
        file, line, lease = row[0], row[1], row[2]
        if lease not in leases:
            why = reason("Aucun ménage du dispositif n’a ce numéro de bail.")
            plan.refused.append(Refusal(file, line, "N° bail", lease, why))
        elif key in first:
            why = reason(
                "Ce bail a déjà une ligne ce mois-ci : %(file)s, ligne %(line)s.",
                file=first[key][0],
                line=first[key][1],
            )
            plan.refused.append(Refusal(file, line, "N° bail", lease, why))
        else:
            first[key] = row
            sound.append(row)
    return sound


def _count_new(plan: Plan, rows: list[LedgerRow]) -> None:
    for name, count in Counter(map(itemgetter(0), rows)).items():
        plan.counts[name].new += count


def _differences(row: LedgerRow, old: Amounts) -> list[Difference]:
    subject = f"{row[2]} · {row[3][5:7]}/{row[3][:4]}"
    return [
        Difference(row[0], row[1], subject, column, format_number(before), format_number(after))
        for column, before, after in zip(LEDGER_AMOUNTS, old, row[4:9], strict=True)
        if before != after
    ]
