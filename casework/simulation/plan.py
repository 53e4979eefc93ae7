"""What will happen to each household of a simulation: pure and seeded, from the definitions alone."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from casework.programmes.definition.parts import Definition
from casework.simulation.chapters import CHAPTERS
from casework.simulation.days import DAY
from casework.simulation.headcount import Occupancy, has_room
from casework.simulation.life import ACCESS, MAINTAIN, Life, Step, days_between
from casework.simulation.outline import Draft, Offer, Seat, draw, live, occupancy
from casework.simulation.paths import possible_paths
from casework.simulation.rounds import Round, rounds_of
from casework.simulation.spans import project_end

# A contract is signed within this time from the referral.
_ENTRY_TAKES = 75 * DAY
_LAST_REFERRALS = 20 * DAY
_WAIT = 11 * DAY


@dataclass(frozen=True)
class Setting:
    """What a simulation starts from. `definitions`: oldest first; `taken`: the places of the households of before."""

    definitions: Sequence[Definition]
    households: int
    first_day: date
    last_day: date
    seed: str
    opened_on: date
    taken: Sequence[Occupancy] = ()
    lease_prefix: str = ""

    def definition_on(self, day: date) -> Definition:
        """Return the definition in force on `day`: the last one that started by then, or else the first."""
        started = [d for d in self.definitions if d.valid_from <= day]
        return (started or list(self.definitions[:1]))[-1]


@dataclass(frozen=True)
class Plan:
    """The lives of a simulation, by place, and all their steps in the order in which they are taken."""

    setting: Setting
    lives: Sequence[Life]
    steps: Sequence[Step]
    rounds: Sequence[Round]


def make_plan(setting: Setting) -> Plan:
    """Return what will happen: always the same for a setting. Fewer lives than asked for: there was no room for more."""
    lives = list(_lives(setting))
    steps = [step for life in lives for step in steps_of(life)]
    steps.sort(key=lambda step: (step.day, step.rank, step.place))
    return Plan(setting, lives, steps, rounds_of(lives, setting.first_day, setting.last_day))


def steps_of(life: Life) -> Iterator[Step]:
    """Yield the steps of all chapters of a life up to the last day of the simulation."""
    for name, chapter in CHAPTERS.items():
        for step in chapter(life, life.chance(name)):
            if step.day <= life.until:
                yield step


def _lives(setting: Setting) -> Iterator[Life]:
    taken = list(setting.taken)
    first = len(taken) + 1
    for number in range(setting.households):
        place = first + number
        chance = random.Random(f"{setting.seed}/{place}")  # noqa: S311 -- invented histories, no secrets
        found = _place(setting, taken, place, number, chance)
        if found is None:
            return
        life, newcomer = found
        taken.append(newcomer)
        yield life


def _place(
    setting: Setting, taken: Sequence[Occupancy], place: int, number: int, chance: random.Random
) -> tuple[Life, Occupancy] | None:
    """Return a life for which there is room, from the day that is its turn on; None when there is none."""
    draft = draw(setting.definition_on(setting.first_day), chance)
    last = _last_entry(setting)
    day = _turn(setting, number, last, chance)
    if last < setting.first_day:
        return None
    for wanted in (*_days(day, last), *_days(setting.first_day, day - DAY)):
        for offer in _offers(setting.definition_on(wanted), wanted, chance):
            found = _try(setting, taken, place, draft, offer, chance)
            if found is not None:
                return found
    return None


def _try(
    setting: Setting, taken: Sequence[Occupancy], place: int, draft: Draft, offer: Offer, chance: random.Random
) -> tuple[Life, Occupancy] | None:
    definition = setting.definition_on(offer.referred_on)
    seat = Seat(setting.seed, place, f"{setting.lease_prefix}{place:04d}", setting.last_day)
    life = live(seat, definition, draft, offer, chance)
    newcomer = occupancy(life, offer.path)
    return (life, newcomer) if has_room(definition, taken, newcomer) else None


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _WAIT


def _offers(definition: Definition, day: date, chance: random.Random) -> Iterator[Offer]:
    modes = [ACCESS, MAINTAIN] if definition.mode in {None, "both"} else [definition.mode or ACCESS]
    for mode in chance.sample(modes, len(modes)):
        for path in possible_paths(definition, mode, chance):
            yield Offer(mode, path, day)


def _last_entry(setting: Setting) -> date:
    """Return the last day of a referral: time is left for the contract before the project ends."""
    last = setting.last_day - _LAST_REFERRALS
    end = project_end(setting.definition_on(setting.first_day), setting.opened_on)
    return last if end is None else min(last, end - _ENTRY_TAKES)


def _turn(setting: Setting, number: int, last: date, chance: random.Random) -> date:
    """Return the day on which a household is referred when there is room: one after the other, all along."""
    window = max(days_between(setting.first_day, last), 0)
    spread = (number + chance.random() * 0.8) / setting.households
    return setting.first_day + int(window * spread) * DAY
