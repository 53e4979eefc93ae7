"""A change in words: what, from what to what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.history.queries import ChangeRow
from casework.history.subjects import OPERATION_LABELS, SUBJECTS, Field, Show
from casework.kernel.context import Actor
from casework.web.filters import day, euros, label, tenths
from casework.web.i18n import gettext as _

NOTHING = "–"


@dataclass(frozen=True)
class Change:
    """One column: its words, and the words before and after.

    `is_secret`: only that it changed may be said. `before` is None for what was added, `after` for what was taken away.
    """

    words: str
    before: str | None
    after: str | None
    is_secret: bool


@dataclass(frozen=True)
class Line:
    """One write: when, who (None: the application itself), what, why. `is_emptied`: what it said was taken away."""

    at: datetime
    who: str | None
    title: str
    operation: str
    changes: tuple[Change, ...]
    reason: str | None
    is_emptied: bool


def staff_named(rows: Sequence[ChangeRow]) -> set[int]:
    """Return the ids of the people who work here that the changes name."""
    columns = {
        (entity, name) for entity, s in SUBJECTS.items() for name, f in s.fields.items() if f.show is Show.PERSON
    }
    found = {
        value
        for row in rows
        for name, pair in row.difference.items()
        if (row.entity, name) in columns
        for value in pair
    }
    return {value for value in found if isinstance(value, int)}


def lines_of(rows: Sequence[ChangeRow], names: Mapping[int, str], column: str) -> list[Line]:
    """Return the changes in words, those of one column only when it is named; what says nothing is left out."""
    lines = [_line(row, names, column) for row in rows]
    return [line for line in lines if line.changes or line.is_emptied]


def _line(row: ChangeRow, names: Mapping[int, str], column: str) -> Line:
    subject = SUBJECTS[row.entity]
    fields = {name: f for name, f in subject.fields.items() if name in row.difference and column in {"", name}}
    is_emptied = "purged" in row.difference
    changes = () if is_emptied else tuple(_change(row, name, f, names) for name, f in fields.items())
    said = [change for change in changes if {change.before, change.after} - {None, NOTHING}]
    return Line(
        at=row.at,
        who=row.who,
        title=_(subject.words),
        operation=label(row.operation, OPERATION_LABELS),
        changes=tuple(said),
        # A motive that is a field of its own stands there already.
        reason=None if row.reason in {change.after for change in said} else row.reason,
        is_emptied=is_emptied,
    )


def _change(row: ChangeRow, name: str, shown: Field, names: Mapping[int, str]) -> Change:
    before, after = row.difference[name]
    return Change(
        words=_(shown.words),
        before=None if row.operation == "insert" else _said(before, shown, names),
        after=None if row.operation == "delete" else _said(after, shown, names),
        is_secret=shown.show is Show.WITHHELD or any(str(value).startswith("***") for value in (before, after)),
    )


def _said(value: Any, shown: Field, names: Mapping[int, str]) -> str:
    if value is None or value == "":
        return NOTHING
    if shown.show is Show.DAY:
        return day(date.fromisoformat(str(value)[:10]))
    if shown.show is Show.EUROS:
        return euros(int(value))
    if shown.show is Show.TENTHS:
        return tenths(int(value))
    if shown.show is Show.CODE:
        return label(str(value), shown.labels)
    if shown.show is Show.PERSON:
        return names.get(value, NOTHING)
    return str(value)


def subjects_of(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the subjects of which the actor may read a history: words, and (name, words) of each field.

    A field whose words are those of another one is told with its subject: a list shows the chosen one alone.
    """
    read = {entity: subject for entity, subject in SUBJECTS.items() if actor.may(subject.permission)}
    times = Counter(_(field.words) for subject in read.values() for field in subject.fields.values())
    return [
        (
            _(subject.words),
            [
                (f"{entity}.{name}", words if times[words] == 1 else f"{words} – {_(subject.words)}")
                for name, words in ((name, _(field.words)) for name, field in subject.fields.items())
            ],
        )
        for entity, subject in read.items()
    ]


def field_words(entity: str, column: str) -> str:
    """Return the words of a field, with those of its subject."""
    subject = SUBJECTS[entity]
    return f"{_(subject.words)} – {_(subject.fields[column].words)}"
