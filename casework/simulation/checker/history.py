"""The history of a programme as the checker reads it: plain rows, no rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from casework.programmes.definition.parts import Definition


@dataclass(frozen=True)
class ContractTold:
    """A contract or an amendment."""

    id: int
    first: bool
    signed_on: date
    planned_end_on: date | None
    signatories: Mapping[str, str]
    derogation: str


@dataclass(frozen=True)
class ObjectiveTold:
    """An objective of a contract."""

    contract_id: int
    due_on: date | None
    settled_on: date | None


@dataclass(frozen=True)
class ContactTold:
    """A contact."""

    on: date
    kind: str
    outcome: str


@dataclass(frozen=True)
class StageTold:
    """A lease stage and the day from which it holds."""

    code: str
    from_on: date


@dataclass(frozen=True)
class LineTold:
    """A month of the rent account, in cents."""

    month: date
    base: int
    paid: int
    balance: int


@dataclass(frozen=True)
class EndTold:
    """The end of an accompaniment."""

    on: date
    note: str


@dataclass
class CaseTold:
    """All that the tables say of one case, each list in the order of its dates."""

    id: int
    number: str
    definition: Definition
    referred_on: date
    housing_at_entry: str
    moved_in_on: date | None
    born_on: date | None
    end: EndTold | None
    diagnostics: list[date] = field(default_factory=list)
    contracts: list[ContractTold] = field(default_factory=list)
    objectives: list[ObjectiveTold] = field(default_factory=list)
    contacts: list[ContactTold] = field(default_factory=list)
    reassessments: list[date] = field(default_factory=list)
    stages: list[StageTold] = field(default_factory=list)
    pauses: list[tuple[date, date | None]] = field(default_factory=list)
    lines: list[LineTold] = field(default_factory=list)
    reports: list[date] = field(default_factory=list)
    open_alerts: list[tuple[str, date]] = field(default_factory=list)

    @property
    def signed_on(self) -> date | None:
        """The day of the first contract."""
        return self.contracts[0].signed_on if self.contracts else None

    @property
    def ended_on(self) -> date | None:
        """The day of the end."""
        return self.end.on if self.end else None

    def is_followed_on(self, day: date) -> bool:
        """Tell whether the contract is signed by then, and the accompaniment not ended."""
        return self.signed_on is not None and self.signed_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True)
class History:
    """A programme and its cases, by number. `definitions`: (first day, definition) of each version, oldest first.

    `swept_on`: the last sweep, None before the first one; `last_day`: the day up to which the history goes.
    """

    code: str
    opened_on: date
    definitions: Sequence[tuple[date, Definition]]
    cases: Sequence[CaseTold]
    swept_on: date | None
    last_day: date

    def definition_on(self, day: date) -> Definition:
        """Return the definition in force on a day."""
        started = [definition for first, definition in self.definitions if first <= day]
        return started[-1] if started else self.definitions[0][1]
