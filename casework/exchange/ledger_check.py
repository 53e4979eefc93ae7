"""The check of ledgers: known leases, one line for each lease and month, nothing replaced in silence."""

from collections.abc import Iterable, KeysView, Mapping, Sequence
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
from casework.kernel.text import search_key
from casework.programmes.models import Programme

MOST_NOTED = 5


def check_ledger(ctx: Ctx, programme: Programme, plan: Plan) -> None:
    """Sort the ledger lines into new, identical, differing and refused ones."""
    names = _names_by_lease(ctx, programme, plan)
    months = {month for page in plan.batch.ledger for month in set(page.months)}
    stored = queries.stored_lines(ctx, programme.landlord_id, months)
    pages = _sound_pages(plan, plan.batch.ledger, names.keys())
    for page in pages:
        new = _new_lines(plan, page, stored) if stored else page
        plan.counts[page.file].new += len(new)
        if len(new):
            plan.lines.append(new)
    _note_unfinished_months(plan, ctx.today)
    _note_strangers(plan, pages, names)


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


def _note_strangers(plan: Plan, pages: Iterable[LedgerPage], names: Mapping[str, set[str]]) -> None:
    """Say of the lines whose tenant has no word of a name of the lease's households; a tenancy is told once."""
    found: dict[str, list[tuple[int, str]]] = {}
    seen: set[tuple[str, str]] = set()
    for page in pages:
        if seen.issuperset(zip(page.leases, page.tenants, strict=True)):  # as from month to month
            continue
        for line, tenancy in zip(page.lines, zip(page.leases, page.tenants, strict=True), strict=True):
            if tenancy in seen:
                continue
            seen.add(tenancy)
            lease, tenant = tenancy
            if _is_stranger(tenant, names[lease]):
                found.setdefault(page.file, []).append((line, tenant))
    for sheet in plan.batch.sheets:
        strangers = found.get(sheet.name, [])
        sheet.notes += [
            reason(
                "Ligne %(line)s, «\u00a0%(value)s\u00a0»\u00a0: le nom du locataire n’est pas celui du ménage de ce bail.",
                line=line,
                value=tenant,
            )
            for line, tenant in strangers[:MOST_NOTED]
        ]
        if len(strangers) > MOST_NOTED:
            more = len(strangers) - MOST_NOTED
            sheet.notes.append(reason("Autres lignes dans ce cas\u00a0: %(count)s.", count=more))


def _is_stranger(tenant: str, names: set[str]) -> bool:
    words = search_key(tenant).split()
    return bool(words and names) and names.isdisjoint(words)


def _names_by_lease(ctx: Ctx, programme: Programme, plan: Plan) -> dict[str, set[str]]:
    """Return the words of the names of the households, those of the batch too, by lease number."""
    names = queries.names_by_lease(ctx, programme.id)
    for facts in [*(row.facts for row in plan.new_cases), *(change.facts for change in plan.changes)]:
        if facts.lease_number:
            words = search_key(facts.family_name, facts.given_name).split()
            names.setdefault(facts.lease_number, set()).update(words)
    return names


def _sound_pages(plan: Plan, pages: Sequence[LedgerPage], leases: KeysView[str]) -> list[LedgerPage]:
    """Return the lines of known leases, the first of each lease and month; the others are refused."""
    if all(leases >= set(page.leases) for page in pages) and _without_twins(pages):
        return list(pages)
    refused = {row.facts.lease_number: row for row in plan.refused_households}
    first: dict[queries.LineIdentity, LedgerRow] = {}
    sound: list[LedgerPage] = []
    for page in pages:
        kept: list[int] = []
        for place, row in enumerate(page.rows()):
            twin = first.setdefault((row.lease, row.month), row)
            household = None if row.lease in leases else refused.get(row.lease)
            # What is out of sight for good: the line waits for nothing.
            hidden = plan.out_of_sight.get(household.facts.number) if household is not None else None
            if hidden is not None:
                household, why = None, hidden
            elif household is not None:
                why = reason(
                    "Le ménage de ce bail est refusé (%(file)s, ligne %(line)s) : cette ligne entrera avec lui.",
                    file=household.file,
                    line=household.line,
                )
            elif row.lease not in leases:
                why = reason("Aucun ménage du dispositif n’a ce numéro de bail.")
            elif twin is not row:
                why = reason(
                    "Ce bail a déjà une ligne ce mois-ci : %(file)s, ligne %(line)s.", file=twin.file, line=twin.line
                )
            else:
                kept.append(place)
                continue
            plan.refused.append(
                Refusal(row.file, row.line, "N° bail", row.lease, why, is_waiting=household is not None)
            )
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
