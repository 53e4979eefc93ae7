"""The check of contacts and reassessments: what is new, what is known, and what is known otherwise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

from casework.exchange import queries
from casework.exchange.household_check import CLOSED
from casework.exchange.plan import FactChange, Plan
from casework.exchange.reading.records import ContactRow, Difference, Reason, ReassessmentRow, Refusal, reason
from casework.kernel.context import Ctx
from casework.programmes.models import Programme

Row = TypeVar("Row", ContactRow, ReassessmentRow)
Stored = Mapping[queries.FactKey, list[queries.StoredFact]]

# The columns that say something of a contact or a reassessment, in the order of `said`.
_SAID: dict[type, tuple[str, ...]] = {ContactRow: ("issue", "duree_minutes"), ReassessmentRow: ("decision",)}


def check_followup(ctx: Ctx, programme: Programme, plan: Plan) -> None:
    """Sort the contacts and reassessments into new, known, differing and refused ones."""
    known = set(queries.case_ids(ctx, programme.id)) | {row.facts.number for row in plan.new_cases}
    check = _Check(plan, known, queries.closed_numbers(ctx, programme.id))
    if plan.batch.contacts:
        met = queries.stored_contacts(ctx, programme.id)
        plan.contacts, plan.changed_contacts = check.sort(check.untold(plan.batch.contacts, met), met)
    if plan.batch.reassessments:
        held = queries.stored_reassessments(ctx, programme.id)
        untold = check.untold(plan.batch.reassessments, held)
        first = check.first_of_each_day(plan.batch.reassessments, untold)
        plan.reassessments, plan.changed_reassessments = check.sort(first, held)


class _Check:
    """What the rows of one batch say beside what is recorded."""

    def __init__(self, plan: Plan, known: set[str], closed: frozenset[str]) -> None:
        self._plan, self._known, self._closed = plan, known, closed
        self._refused = {row.facts.number: row for row in plan.refused_households}

    def untold(self, rows: Sequence[Row], stored: Stored) -> list[Row]:
        """Return the rows of known cases that no fact says exactly; a fact stands for one row, and leaves `stored`."""
        return [row for row in self._of_known_cases(rows) if not self._is_stored(row, stored)]

    def sort(self, untold: Sequence[Row], stored: Stored) -> tuple[list[Row], list[FactChange]]:
        """Return the rows that the database does not have, and what is to be written of those that it has otherwise."""
        times = Counter(row.key for row in untold)
        new: list[Row] = []
        changes: list[FactChange] = []
        for row in untold:
            left = stored.get(row.key, ())
            # One is left in the file and one in the database: they speak of the same, and say it otherwise.
            old = left[0] if len(left) == 1 == times[row.key] else None
            news, differing = _apart(row, old) if old else ({}, {})
            if old is not None and not news and not differing:
                self._plan.counts[row.file].identical += 1
            elif row.number in self._closed:
                self._refuse(row, "numero_dossier", row.number, CLOSED)
            elif old is None:
                self._plan.counts[row.file].new += 1
                new.append(row)
            else:
                changes += self._change(row, old, news, differing)
        return new, changes

    def first_of_each_day(
        self, rows: Sequence[ReassessmentRow], untold: Sequence[ReassessmentRow]
    ) -> list[ReassessmentRow]:
        """Return the untold rows but those of a day that another row tells already."""
        places = {(row.file, row.line) for row in untold}
        taken = {row.key: row for row in reversed(rows) if (row.file, row.line) not in places}
        kept: list[ReassessmentRow] = []
        for row in untold:
            first = taken.setdefault(row.key, row)
            if first is row:
                kept.append(row)
                continue
            why = reason(
                "Ce dossier a déjà une réévaluation ce jour-là\u00a0: %(file)s, ligne %(line)s.",
                file=first.file,
                line=first.line,
            )
            self._refuse(row, "date", f"{row.day:%d/%m/%Y}", why)
        return kept

    def _of_known_cases(self, rows: Sequence[Row]) -> list[Row]:
        kept: list[Row] = []
        for row in rows:
            if row.number in self._known:
                kept.append(row)
                continue
            hidden, household = self._plan.out_of_sight.get(row.number), self._refused.get(row.number)
            if hidden is not None:
                self._refuse(row, "numero_dossier", row.number, hidden)
                continue
            if household is None:
                why = reason("Aucun ménage du dispositif n’a ce numéro de dossier.")
            else:
                why = reason(
                    "Le ménage de ce dossier est refusé (%(file)s, ligne %(line)s) : cette ligne entrera avec lui.",
                    file=household.file,
                    line=household.line,
                )
            self._refuse(row, "numero_dossier", row.number, why, is_waiting=household is not None)
        return kept

    def _is_stored(self, row: Row, stored: Stored) -> bool:
        left = stored.get(row.key, [])
        place = next((place for place, fact in enumerate(left) if fact.said == row.said), None)
        if place is None:
            return False
        del left[place]
        self._plan.counts[row.file].identical += 1
        return True

    def _change(
        self,
        row: ContactRow | ReassessmentRow,
        old: queries.StoredFact,
        news: Mapping[str, object],
        differing: Mapping[str, object],
    ) -> list[FactChange]:
        before = dict(zip(_SAID[type(row)], old.said, strict=True))
        subject = f"{row.number} · {row.day:%d/%m/%Y}"
        self._plan.differences += [
            Difference(row.file, row.line, subject, column, str(before[column]), str(value))
            for column, value in differing.items()
        ]
        counts = self._plan.counts[row.file]
        if differing:
            counts.differing += 1
        else:
            counts.completed += 1
        written = {**news, **(differing if self._plan.replace else {})}
        return [FactChange(old.id, written)] if written else []

    def _refuse(
        self, row: ContactRow | ReassessmentRow, column: str, value: str, why: Reason, *, is_waiting: bool = False
    ) -> None:
        self._plan.refused.append(Refusal(row.file, row.line, column, value, why, is_waiting=is_waiting))


def _apart(row: ContactRow | ReassessmentRow, old: queries.StoredFact) -> tuple[dict[str, object], dict[str, object]]:
    """Return what a row adds to a fact and what it says otherwise, by column; an empty cell says nothing."""
    said = zip(_SAID[type(row)], row.said, old.said, strict=True)
    apart = [(column, value, before) for column, value, before in said if value is not None and value != before]
    return {c: v for c, v, before in apart if before is None}, {c: v for c, v, before in apart if before is not None}
