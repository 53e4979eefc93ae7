"""What the second step of an import finds: what would go in, what is already there, what differs, what is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from casework.exchange.queries import StoredCase
from casework.exchange.reading.records import (
    Amounts,
    Batch,
    ContactRow,
    Difference,
    HouseholdFacts,
    HouseholdRow,
    LedgerPage,
    LedgerRow,
    Reason,
    ReassessmentRow,
    Refusal,
    reason,
)


@dataclass
class Counts:
    """The rows of one file. `completed`: rows that add facts to a household that is already there."""

    read: int = 0
    new: int = 0
    completed: int = 0
    identical: int = 0
    differing: int = 0
    refused: int = 0


@dataclass(frozen=True)
class CaseChange:
    """A row about a known case: the facts that result, and which of them are to be written."""

    row: HouseholdRow
    stored: StoredCase
    facts: HouseholdFacts
    changed: tuple[str, ...]


@dataclass(frozen=True)
class FactChange:
    """A contact or a reassessment that is known, and what is to be written of it, by column of its table."""

    id: int
    written: Mapping[str, object]


@dataclass(frozen=True)
class LineChange:
    """A ledger line that is known with other amounts."""

    row: LedgerRow
    old: Amounts


@dataclass
class Plan:
    """The outcome of the check. `replace`: the differences are confirmed and go in.

    `out_of_sight`: the case numbers of the programme that the actor does not see, and why nothing about them goes in.
    """

    batch: Batch
    replace: bool
    counts: dict[str, Counts] = field(default_factory=dict)
    new_cases: list[HouseholdRow] = field(default_factory=list)
    changes: list[CaseChange] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    reassessments: list[ReassessmentRow] = field(default_factory=list)
    changed_contacts: list[FactChange] = field(default_factory=list)
    changed_reassessments: list[FactChange] = field(default_factory=list)
    lines: list[LedgerPage] = field(default_factory=list)
    changed_lines: list[LineChange] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    out_of_sight: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def refused_households(self) -> list[HouseholdRow]:
        """The rows of households that were refused so far: what else is about these households waits for them."""
        places = {(refusal.file, refusal.line) for refusal in self.refused}
        return [row for row in [*self.batch.faulty, *self.batch.households] if (row.file, row.line) in places]

    @property
    def all_refused(self) -> list[Refusal]:
        """Unusable files, refused rows, and the differences that nobody confirmed, in the order of the files."""
        order = {sheet.name: number for number, sheet in enumerate(self.batch.sheets)}
        unconfirmed = [] if self.replace else list(map(_unconfirmed, self.differences))
        every = [*self.batch.unusable, *self.refused, *unconfirmed]
        return sorted(every, key=lambda refusal: (order.get(refusal.file, -1), refusal.line))

    @property
    def refused_rows(self) -> int:
        """How many rows do not go in as they stand."""
        return len({(refusal.file, refusal.line) for refusal in self.all_refused})

    @property
    def incoming(self) -> int:
        """How many rows go in."""
        replaced = len(self.changed_lines) if self.replace else 0
        lists: tuple[Sequence[object], ...] = (
            self.new_cases,
            self.changes,
            self.contacts,
            self.changed_contacts,
            self.reassessments,
            self.changed_reassessments,
        )
        return sum(map(len, lists)) + sum(map(len, self.lines)) + replaced

    @property
    def totals(self) -> Counts:
        """The rows of all files together."""
        every = list(self.counts.values())
        return Counts(**{part.name: sum(getattr(counts, part.name) for counts in every) for part in fields(Counts)})

    @property
    def is_usable(self) -> bool:
        """Tell whether every file could be read."""
        return not self.batch.unusable


def _unconfirmed(difference: Difference) -> Refusal:
    why = reason(
        "La base dit autre chose (%(old)s) : cette valeur n’entre que si vous confirmez le remplacement.",
        old=difference.old,
    )
    return Refusal(difference.file, difference.line, difference.column, difference.new, why)
