"""The life of one household in a programme: what the plan decides of it, and the steps that its chapters make of it."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Protocol

from casework.accounts.vocabulary import Role
from casework.households.vocabulary import Housing
from casework.kernel.context import Ctx
from casework.programmes.definition.parts import Definition
from casework.programmes.terms import Terms
from casework.simulation.days import DAY
from casework.simulation.people import Home

ACCESS, MAINTAIN = "access", "maintain"
# Who has a home of their own when they are referred is helped to stay there; nothing else of a case tells its mode.
HOUSED_AT_ENTRY = frozenset({Housing.HLM, Housing.PRIVE, Housing.PROP, Housing.OSDT, Housing.GRATUIT, Housing.FONCTION})


class Fate(Enum):
    """How far the accompaniment comes."""

    UNREACHED = auto()  # nobody is met: it ends before the diagnostic
    DECLINED = auto()  # the diagnostic recommends no accompaniment
    BROKEN_OFF = auto()
    COMPLETED = auto()


class Payment(Enum):
    """How the rent is paid."""

    SOUND = auto()
    SHORT = auto()  # a little short at times
    EARLY = auto()  # short from the first month on
    LAPSED = auto()  # nothing for some months, then paid back
    LOST = auto()  # nothing any more


@dataclass(frozen=True)
class Stage:
    """A lease stage that the household gets, and the day from which it holds."""

    code: str
    from_on: date
    same_dwelling: bool = True


@dataclass(frozen=True)
class Life:
    """One household. Dates after `until`, the last day of the simulation, are what would come next."""

    seed: str
    place: int
    home: Home
    definition: Definition
    terms: Terms
    mode: str
    fate: Fate
    payment: Payment
    referent: int
    referred_on: date
    diagnosed_on: date | None
    signed_on: date | None
    leaves_on: date
    until: date
    moved_in_on: date | None = None
    stages: tuple[Stage, ...] = ()
    pause: tuple[date, date] | None = None

    @property
    def last_day(self) -> date:
        """The last day on which anything can be noted."""
        return min(self.leaves_on, self.until)

    def is_paused_on(self, day: date) -> bool:
        """Tell whether the accompaniment stands still on `day`."""
        return self.pause is not None and self.pause[0] <= day <= self.pause[1]

    def chance(self, chapter: str) -> random.Random:
        """Return the chance of one chapter of this life: what another chapter draws does not change it."""
        return random.Random(f"{self.seed}/{self.place}/{chapter}")  # noqa: S311 -- invented histories, no secrets


@dataclass
class Dossier:
    """What the steps of a household need to know, and learn as they are taken."""

    programme_code: str
    referents: Sequence[int]
    case_id: int = 0
    appointment_id: int | None = None

    def referent_id(self, place: int) -> int:
        """Return the user id of a referent by place: they are dealt out in turn."""
        return self.referents[place % len(self.referents)]


class Deed(Protocol):
    """Something that is done about a household, as data: the use case takes it, the bulk path writes its rows.

    What is encrypted stays empty: no private words are invented, and the rows of a seed are the same to the byte.
    """

    def take(self, ctx: Ctx, dossier: Dossier) -> None:
        """Do it through the use case of its room, under the clock of `ctx`."""
        ...


@dataclass(frozen=True)
class Step:
    """What somebody did for the household `place` on a day; of one day, the lower `rank` comes first.

    `referent` says which referent where `who` is one.
    """

    day: date
    rank: int
    who: Role
    place: int
    deed: Deed
    referent: int = 0


# One room's part of a life: its steps, planned from the definition, in no order. What comes after the last day of the
# simulation is dropped by the plan.
Chapter = Callable[[Life, random.Random], Iterator[Step]]


def follows(life: Life, day: date, rank: int, deed: Deed) -> Step:
    """Return a step of the referent who follows the household."""
    return Step(day, rank, Role.REFERENT, life.place, deed, life.referent)


def days_between(first: date, last: date) -> int:
    """Return the number of days from `first` to `last`."""
    return (last - first) // DAY
