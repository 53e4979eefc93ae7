"""What the fast way remembers of what it wrote: the use cases would read it from the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from casework.cases.rules import NUMBER, next_number, prefix_of
from casework.households.rules import Member, composition_of
from casework.households.vocabulary import Composition
from casework.simulation.life import Dossier
from casework.simulation.rounds import Round
from casework.simulation.workers import Workers


@dataclass
class Told:
    """One household: the ids of its rows, its people, what of it is still open."""

    dossier: Dossier
    household_id: int = 0
    adults: int = 0
    children: int = 0
    people_entered: bool = False
    members: list[Member] = field(default_factory=list)
    open_objectives: list[tuple[date | None, int]] = field(default_factory=list)
    suspension_id: int = 0
    case_version: int = 1

    def people_changed(self, day: date) -> dict[str, object]:
        """Return what the household row says once its people are entered; nothing before."""
        makeup = composition_of(self.members, day)
        entered = makeup.adults + makeup.children >= self.adults + self.children
        self.people_entered = self.people_entered or entered
        if not self.people_entered:
            return {}
        self.adults, self.children = makeup.adults, makeup.children
        said: dict[str, object] = {"people_entered": True, "adults": makeup.adults, "children": makeup.children}
        told = {} if makeup.composition is Composition.NR else {"composition": makeup.composition.value}
        return said | told

    def oldest_objectives(self, number: int) -> list[int]:
        """Take the open objectives that are due first, at most `number` of them, and return their ids."""
        self.open_objectives.sort(key=lambda objective: (objective[0] is None, objective[0] or date.max, objective[1]))
        taken, self.open_objectives = self.open_objectives[:number], self.open_objectives[number:]
        return [key for _due_on, key in taken]


@dataclass
class Memory:
    """The whole programme: its numbers, its versions, its people, and what its accounts last said.

    `versions`: (first day, id), oldest first; `numbers`: those of the cases there are, oldest case first.
    """

    code: str
    programme_id: int
    landlord_id: int
    versions: Sequence[tuple[date, int]]
    numbers: Sequence[str]
    workers: Workers
    told: Mapping[int, Told]
    balances: dict[str, int] = field(default_factory=dict)
    _last: str | None = None
    _highest: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number in self.numbers:
            self._keep(number)

    def version_on(self, day: date) -> int:
        """Return the id of the version in force on `day`."""
        started = [key for first, key in self.versions if first <= day]
        return started[-1] if started else self.versions[0][1]

    def number_for(self, year: int) -> str:
        """Return the next number of a case of `year`, and keep it."""
        beginning = f"{prefix_of(self._last, self.code)}-{year}"
        highest = self._highest.get(beginning)
        number = next_number(beginning.rpartition("-")[0], year, [highest] if highest else [])
        self._keep(number)
        return number

    def _keep(self, number: str) -> None:
        self._last = number
        match = NUMBER.fullmatch(number)
        if match:
            beginning = f"{match['prefix']}-{match['year']}"
            before = NUMBER.fullmatch(self._highest.get(beginning, ""))
            if before is None or int(before["rank"]) < int(match["rank"]):
                self._highest[beginning] = number

    def read(self, turn: Round) -> None:
        """Learn what the ledger of a round says of the accounts."""
        self.balances.update((line.lease_number, line.balance_cents) for line in turn.ledger)
