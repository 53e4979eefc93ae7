"""What pages say of how long files are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from casework.kernel.context import Ctx
from casework.privacy.queries import archives, count_anonymised, files_told, names_of
from casework.privacy.rules import Keeping, Known, anonymised_from, due_on, last_contact_on
from casework.privacy.service import Plan, keeping_on, plan_retention

SHOWN = 100


@dataclass(frozen=True)
class FileLine:
    """A file on a list. `on` is the day from which it is anonymised, or on which its archive ends."""

    case_id: int
    number: str
    name: str
    last_contact_on: date | None
    on: date | None
    reason: str = ""


@dataclass(frozen=True)
class FileList:
    """The first lines of a list, and how long it is."""

    lines: Sequence[FileLine]
    count: int


@dataclass(frozen=True)
class Overview:
    """What is to be anonymised, what was told, what will be told tonight, what is archived, what is anonymised."""

    keeping: Keeping
    due: FileList
    told: FileList
    untold: FileList
    archived: FileList
    anonymised: int


def overview(ctx: Ctx) -> Overview:
    """Return how the files that the actor sees stand."""
    keeping, plan = keeping_on(ctx.today), plan_retention(ctx)
    is_due = {known.case_id for known in plan.anonymised}
    told = [known for known in files_told(ctx) if known.case_id not in is_due]
    kept = archives(ctx)
    names = names_of(ctx, [row.case_id for row in kept[:SHOWN]])
    archived = [
        FileLine(row.case_id, n.number, n.name, None, row.archived_until, row.archive_reason)
        for row in kept[:SHOWN]
        if (n := names.get(row.case_id)) is not None
    ]
    return Overview(
        keeping,
        due_list(ctx, plan),
        _list(ctx, told, keeping),
        _list(ctx, plan.notices, keeping),
        FileList(archived, len(kept)),
        count_anonymised(ctx),
    )


def due_list(ctx: Ctx, plan: Plan) -> FileList:
    """Return the files of the plan that are to be anonymised."""
    return _list(ctx, plan.anonymised, keeping_on(ctx.today))


def told_lines(ctx: Ctx) -> Sequence[FileLine]:
    """Return the files whose end was told, the first to be anonymised first."""
    return _list(ctx, files_told(ctx), keeping_on(ctx.today)).lines


def _list(ctx: Ctx, files: Iterable[Known], keeping: Keeping) -> FileList:
    ordered = sorted(files, key=lambda known: (_on(known, keeping), known.case_id))
    names = names_of(ctx, [known.case_id for known in ordered[:SHOWN]]) if ordered else {}
    lines = [
        FileLine(known.case_id, n.number, n.name, last_contact_on(known), _on(known, keeping))
        for known in ordered[:SHOWN]
        if (n := names.get(known.case_id)) is not None
    ]
    return FileList(lines, len(ordered))


def _on(known: Known, keeping: Keeping) -> date:
    return anonymised_from(known, keeping) or due_on(known, keeping) or date.max
