"""The check of ledgers: known leases, one line for each lease and month, nothing replaced in silence."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from casework.exchange import queries
from casework.exchange.plan import LineChange, Plan
from casework.exchange.reading.records import (
    LEDGER_AMOUNTS,
    Amounts,
    Difference,
    LedgerPage,
    LedgerRow,
    Refusal,
    reason,
)
from casework.kernel.calendar import month_end
from casework.kernel.context import Ctx
from casework.kernel.money import format_number
from casework.programmes.models import Programme


def check_ledger(ctx: Ctx, programme: Programme, plan: Plan) -> None:
    """Sort the ledger lines into new, identical, differing and refused ones."""
    leases = _known_leases(ctx, programme, plan)
    months = {month for page in plan.batch.ledger for month in set(page.months)}
    stored = queries.stored_lines(ctx, programme.landlord_id, months)
    for page in _sound_pages(plan, plan.batch.ledger, leases):
        new = _new_lines(plan, page, stored) if stored else page
        plan.counts[page.file].new += len(new)
        if len(new):
            plan.lines.append(new)
    _note_unfinished_months(plan, ctx.today)


def _note_unfinished_months(plan: Plan, today: date) -> None:
    """Say of the new lines of a month that is not over from when on they are known."""
    for sheet in plan.batch.sheets:
        months = {month for page in plan.lines if page.file == sheet.name for month in set(page.months)}
        sheet.notes += [
            reason(
                "Mois non terminé\u00a0: ses lignes seront visibles à partir du %(day)s, son dernier jour.",
                day=f"{day:%d/%m/%Y}",
            )
            for day in unfinished(months, today)
        ]


def unfinished(months: Iterable[str], today: date) -> list[date]:
    """Return the last days of the months (ISO dates of their first days) that are not over: lines are known from then."""
    ends = (month_end(date.fromisoformat(month)) for month in sorted(months))
    return [end for end in ends if end > today]


def _new_lines(plan: Plan, page: LedgerPage, stored: Mapping[queries.LineIdentity, Amounts]) -> LedgerPage:
    """Return the lines that the database does not have; note those that it has otherwise."""
    new: list[int] = []
    counts = plan.counts[page.file]
    for place, row in enumerate(page.rows()):
        old = stored.get((row.lease, row.month))
        if old is None:
            new.append(place)
        elif old == row.amounts:
            counts.identical += 1
        else:
            plan.changed_lines.append(LineChange(row, old))
            plan.differences += _differences(row, old)
            counts.differing += 1
    return page.take(new)


def _known_leases(ctx: Ctx, programme: Programme, plan: Plan) -> set[str]:
    leases = queries.leases_of_programme(ctx, programme.id)
    leases.update(row.facts.lease_number for row in plan.new_cases if row.facts.lease_number)
    leases.update(c.facts.lease_number for c in plan.changes if c.facts.lease_number)
    return leases


def _sound_pages(plan: Plan, pages: Sequence[LedgerPage], leases: set[str]) -> list[LedgerPage]:
    """Return the lines of known leases, the first of each lease and month; the others are refused."""
    if all(map(leases.issuperset, (page.leases for page in pages))) and _without_twins(pages):
        return list(pages)
    first: dict[queries.LineIdentity, LedgerRow] = {}
    sound: list[LedgerPage] = []
    for page in pages:
        kept: list[int] = []
        for place, row in enumerate(page.rows()):
            twin = first.setdefault((row.lease, row.month), row)
            if row.lease not in leases:
                why = reason("Aucun ménage du dispositif n’a ce numéro de bail.")
            elif twin is not row:
                why = reason(
                    "Ce bail a déjà une ligne ce mois-ci : %(file)s, ligne %(line)s.", file=twin.file, line=twin.line
                )
            else:
                kept.append(place)
                continue
            plan.refused.append(Refusal(row.file, row.line, "N° bail", row.lease, why))
        sound.append(page.take(kept))
    return sound


def _without_twins(pages: Sequence[LedgerPage]) -> bool:
    """Tell whether every page is about a month of its own, with each lease once."""
    months = [month for page in pages for month in set(page.months)]
    return (
        len(set(months)) == len(months)
        and len(months) == len(pages)
        and all(len(set(page.leases)) == len(page) for page in pages)
    )


def _differences(row: LedgerRow, old: Amounts) -> list[Difference]:
    subject = f"{row.lease} · {row.month[5:7]}/{row.month[:4]}"
    return [
        Difference(row.file, row.line, subject, column, format_number(before), format_number(after))
        for column, before, after in zip(LEDGER_AMOUNTS, old, row.amounts, strict=True)
        if before != after
    ]
