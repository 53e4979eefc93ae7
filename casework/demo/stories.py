"""The dates of each household's path, counted back from today."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from casework.demo.accounts import REFERENTS, Colleague
from casework.demo.people import Home, make_homes
from casework.demo.situations import SITUATIONS, Reach, Situation
from casework.kernel.calendar import add_months
from casework.programmes.vocabulary import LeaseStageCode

_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
_DAY = timedelta(days=1)
_FIRST_TERM_MONTHS = 12
_OFTEN = timedelta(days=120)


@dataclass
class Story:
    """One household and its dates. `case_id` is known once the referral is noted."""

    home: Home
    situation: Situation
    referent: Colleague
    today: date
    referred_on: date
    diagnosed_on: date | None
    signed_on: date | None
    ended_on: date | None
    met_on: list[date]
    missed_on: list[date]
    reassessed_on: list[date]
    case_id: int = field(default=0)

    @property
    def moved_in_on(self) -> date:
        """The day the household moved in."""
        return add_months(self.today, -self.situation.moved_in)

    @property
    def planned_end_on(self) -> date:
        """The end that the contract, or its last amendment, foresees."""
        return (self.ended_on or self.today) + self.situation.ends_in * _DAY

    @property
    def first_planned_end_on(self) -> date | None:
        """The end that the first contract foresaw, when an amendment changed it since."""
        if self.signed_on is None or self.situation.months <= _FIRST_TERM_MONTHS:
            return None
        end = add_months(self.signed_on, _FIRST_TERM_MONTHS)
        return None if self.ended_on is not None and self.ended_on <= end else end

    def stages(self) -> Iterator[tuple[LeaseStageCode, date]]:
        """Yield the lease stages and the days from which they hold."""
        for stage, months_ago in self.situation.stages:
            yield stage, add_months(self.today, -months_ago)


def working_day(day: date) -> date:
    """Return the last day up to `day` on which people work."""
    while day.weekday() >= 5 or (day.month, day.day) in _HOLIDAYS:
        day -= _DAY
    return day


def make_stories(today: date, chance: random.Random) -> list[Story]:
    """Return the stories of all households as they stand on `today`, dealt out to the referents in turn."""
    homes = make_homes(today, chance)
    return [
        _story(home, situation, REFERENTS[place % len(REFERENTS)], today, chance)
        for place, (home, situation) in enumerate(zip(homes, SITUATIONS, strict=True))
    ]


def _story(home: Home, situation: Situation, referent: Colleague, today: date, chance: random.Random) -> Story:
    ended_on = working_day(today - situation.ending.days_ago * _DAY) if situation.ending else None
    signed_on = diagnosed_on = None
    if situation.reach is Reach.SIGNED:
        signed_on = working_day(add_months(today, -situation.months))
        diagnosed_on = working_day(signed_on - chance.randrange(12, 20) * _DAY)
        referred_on = working_day(diagnosed_on - chance.randrange(14, 28) * _DAY)
    elif situation.reach is Reach.DIAGNOSED:
        diagnosed_on = working_day(add_months(today, -situation.months) + chance.randrange(4, 14) * _DAY)
        referred_on = working_day(diagnosed_on - chance.randrange(14, 28) * _DAY)
    else:
        referred_on = working_day(today - chance.randrange(3, 12) * _DAY)
    last = ended_on - 6 * _DAY if ended_on else working_day(today - situation.met * _DAY)
    met_on = _meetings(referred_on, last, chance) if diagnosed_on else []
    return Story(
        home=home,
        situation=situation,
        referent=referent,
        today=today,
        referred_on=referred_on,
        diagnosed_on=diagnosed_on,
        signed_on=signed_on,
        ended_on=ended_on,
        met_on=met_on,
        missed_on=_missed(met_on, situation, today, chance),
        reassessed_on=_reassessments(signed_on, _last_reassessment(situation, ended_on, today)),
    )


def _last_reassessment(situation: Situation, ended_on: date | None, today: date) -> date:
    return working_day(ended_on - 8 * _DAY if ended_on else today - situation.reassessed * _DAY)


def _meetings(referred_on: date, last: date, chance: random.Random) -> list[date]:
    """Return the days on which the household was met, oldest first, `last` among them.

    About every fortnight of late and at the very beginning; less often in between.
    """
    found = [last]
    first = referred_on + 4 * _DAY
    while True:
        often = last - found[-1] < _OFTEN or found[-1] - first < _OFTEN / 2
        day = working_day(found[-1] - (chance.randrange(10, 21) if often else chance.randrange(20, 30)) * _DAY)
        if day <= first:
            return sorted(day for day in found if day >= referred_on)
        found.append(day)


def _missed(met_on: list[date], situation: Situation, today: date, chance: random.Random) -> list[date]:
    """Return the days on which somebody came and nobody was met; those that matter today are in the situation."""
    before = [working_day(day - 3 * _DAY) for day in met_on[1:] if chance.random() < 0.12]
    return sorted({*before, *(working_day(today - days * _DAY) for days in situation.missed)} - set(met_on))


def _reassessments(signed_on: date | None, last: date) -> list[date]:
    """Return the days of the reassessments, oldest first: every two months, counted back from the last one."""
    if signed_on is None:
        return []
    found: list[date] = []
    while last > signed_on + 20 * _DAY:
        found.append(last)
        last = working_day(last - 57 * _DAY)
    return sorted(found)
