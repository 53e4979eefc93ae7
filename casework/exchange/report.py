"""What an import says of itself: for people, line by line; for programs, as plain data."""

from collections.abc import Iterator

from casework.exchange.creation.work import Created
from casework.exchange.plan import Plan
from casework.exchange.vocabulary import CREATED_LABELS, FILE_KIND_LABELS


def as_data(programme: str, plan: Plan, created: Created | None) -> dict[str, object]:
    """Return the outcome of an import as plain data, ready for JSON."""
    return {
        "programme": programme,
        "files": {
            sheet.name: {"kind": sheet.kind}
            | vars(plan.counts[sheet.name])
            | {"notes": [note.text() for note in sheet.notes]}
            for sheet in plan.batch.sheets
        },
        "refused": [
            {"file": r.file, "line": r.line, "column": r.column, "value": r.value, "reason": r.reason.text()}
            for r in plan.all_refused
        ],
        "differences": [difference._asdict() for difference in plan.differences],
        "created": dict(created.counts) if created else {},
    }


def as_lines(plan: Plan, created: Created | None) -> Iterator[str]:
    """Yield the outcome of an import as lines of French text."""
    for sheet in plan.batch.sheets:
        counts = plan.counts[sheet.name]
        kind = FILE_KIND_LABELS[sheet.kind] if sheet.kind else "non reconnu"
        yield (
            f"{sheet.name} ({kind}) : lues {counts.read}, nouvelles {counts.new}, complétées {counts.completed}, "
            f"identiques {counts.identical}, différentes {counts.differing}, refusées {counts.refused}"
        )
        for note in sheet.notes:
            yield f"  {note}"
    for difference in plan.differences:
        yield (
            f"Différence : {difference.file}, ligne {difference.line}, {difference.subject}, {difference.column} : "
            f"{difference.old} → {difference.new}"
        )
    for refusal in plan.all_refused:
        place = ", ".join(
            part
            for part in (
                refusal.file,
                f"ligne {refusal.line}" if refusal.line else "",
                f"colonne « {refusal.column} »" if refusal.column else "",
                f"valeur « {refusal.value} »" if refusal.value else "",
            )
            if part
        )
        yield f"Refus : {place} : {refusal.reason}"
    for name, count in (created.counts if created else {}).items():
        yield f"{CREATED_LABELS[name]} : {count}"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its word; in French, nought is singular."""
    return f"{number} {one if number < 2 else many}"
