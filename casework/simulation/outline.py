"""The outline of a life, drawn by chance within what the definition allows: its dates, its path, how it ends."""

import random
from dataclasses import dataclass, replace
from datetime import date

from casework.kernel.calendar import add_months
from casework.programmes.definition.parts import Definition, Path
from casework.programmes.terms import terms_on
from casework.simulation.days import DAY, months_and_part, working_day
from casework.simulation.headcount import Occupancy
from casework.simulation.life import MAINTAIN, Fate, Life, Payment, Stage, days_between
from casework.simulation.paths import is_limited, last_possible_day, walk
from casework.simulation.people import make_home
from casework.simulation.spans import DEROGATION_MONTHS, LONGEST_USUAL_MONTHS, Span, span_of

_FATES = {Fate.UNREACHED: 4, Fate.DECLINED: 9, Fate.BROKEN_OFF: 16, Fate.COMPLETED: 71}
_PAYMENTS = {Payment.SOUND: 44, Payment.SHORT: 20, Payment.EARLY: 9, Payment.LAPSED: 20, Payment.LOST: 7}
_PAUSED_IN = 8
_GOES_ON_IN = 4
_SHORTEST_DAYS = 25
_FAR = date(9000, 1, 1)


@dataclass(frozen=True)
class Draft:
    """What chance says of a household before it is known when it may enter. Lengths in days, the whole in months."""

    fate: Fate
    payment: Payment
    to_diagnostic: int
    to_contract: int
    to_end: int
    months: float
    share: float
    housed_before: int
    to_move: int
    pause: tuple[float, int] | None
    goes_on: bool


def draw(definition: Definition, chance: random.Random) -> Draft:
    """Return the draft of a life."""
    span = span_of(definition)
    return Draft(
        fate=chance.choices(list(_FATES), list(_FATES.values()))[0],
        payment=chance.choices(list(_PAYMENTS), list(_PAYMENTS.values()))[0],
        to_diagnostic=chance.randrange(5, 24),
        to_contract=chance.randrange(6, 32),
        to_end=chance.randrange(4, 30),
        months=_months(span, chance),
        share=chance.uniform(0.1, 0.9),
        housed_before=chance.randrange(7, 70),
        to_move=chance.randrange(0, 22),
        pause=(chance.uniform(0.2, 0.6), chance.randrange(15, 55)) if chance.randrange(_PAUSED_IN) == 0 else None,
        goes_on=span.derogation and chance.randrange(_GOES_ON_IN) == 0,
    )


def _months(span: Span, chance: random.Random) -> float:
    """Return the length of a completed accompaniment."""
    high = float(span.most or max(LONGEST_USUAL_MONTHS, span.typical * 1.3, (span.least or 0) * 1.5))
    low = float(span.least or min(span.typical * 0.6, high / 2))
    return chance.triangular(low, high, min(max(span.typical, low), high))


@dataclass(frozen=True)
class Offer:
    """A place that a household could take: in which mode, along which path, from which day."""

    mode: str
    path: Path
    referred_on: date


@dataclass(frozen=True)
class Seat:
    """The place of a household in its simulation, and the last day of it."""

    seed: str
    place: int
    lease_number: str
    until: date


@dataclass(frozen=True)
class Dates:
    """The dates of a life; None: it does not come so far."""

    referred_on: date
    diagnosed_on: date | None
    signed_on: date | None
    moved_in_on: date | None
    leaves_on: date


def live(seat: Seat, definition: Definition, draft: Draft, offer: Offer, chance: random.Random) -> Life:
    """Return the life of a household that takes `offer`."""
    dates = _dates(definition, draft, offer, seat.until)
    stages, leaves_on = _stages(definition, draft, offer.path, dates)
    housed = dates.moved_in_on is not None and dates.moved_in_on < leaves_on
    return Life(
        seed=seat.seed,
        place=seat.place,
        home=make_home(definition, dates.referred_on, seat.lease_number, chance),
        definition=definition,
        terms=terms_on(definition, dates.referred_on),
        mode=offer.mode,
        fate=draft.fate,
        payment=draft.payment,
        referent=seat.place,
        referred_on=dates.referred_on,
        diagnosed_on=dates.diagnosed_on,
        signed_on=dates.signed_on,
        leaves_on=leaves_on,
        until=seat.until,
        moved_in_on=dates.moved_in_on if housed else None,
        stages=stages,
        pause=_pause(draft, dates.signed_on, leaves_on),
    )


def _dates(definition: Definition, draft: Draft, offer: Offer, until: date) -> Dates:
    referred_on = working_day(offer.referred_on, date.min, until)
    diagnosed_on = signed_on = moved_in_on = None
    if draft.fate is not Fate.UNREACHED:
        diagnosed_on = working_day(referred_on + draft.to_diagnostic * DAY, referred_on, _FAR)
    if diagnosed_on is not None and draft.fate is not Fate.DECLINED:
        signed_on = working_day(diagnosed_on + draft.to_contract * DAY, diagnosed_on, _FAR)
    if offer.mode == MAINTAIN and not is_limited(definition.lease, offer.path):
        moved_in_on = add_months(referred_on, -draft.housed_before)
    elif signed_on is not None:
        moved_in_on = working_day(signed_on + draft.to_move * DAY, signed_on, _FAR)
    leaves_on = _leaves_on(definition, draft, referred_on, diagnosed_on, signed_on)
    return Dates(referred_on, diagnosed_on, signed_on, moved_in_on, leaves_on)


def _stages(definition: Definition, draft: Draft, path: Path, dates: Dates) -> tuple[tuple[Stage, ...], date]:
    """Return the stages that are reached, and the end: earlier where the last stage of the path has a limit."""
    if dates.moved_in_on is None:
        return (), dates.leaves_on
    signed_on, planned = dates.signed_on, dates.leaves_on
    if signed_on is not None:
        planned = max(planned, months_and_part(signed_on, draft.months))
    else:
        path = replace(path, stages=path.stages[:1])  # nobody is helped on to the next one
    stages = walk(definition.lease, path, dates.moved_in_on, signed_on or dates.referred_on, planned)
    last = last_possible_day(definition.lease, stages)
    leaves_on = dates.leaves_on if last is None else min(dates.leaves_on, last)
    return tuple(stage for stage in stages if stage.from_on < leaves_on), leaves_on


def _leaves_on(
    definition: Definition, draft: Draft, referred_on: date, diagnosed_on: date | None, signed_on: date | None
) -> date:
    """Return the day of the end: within the limits of the definition where the accompaniment is completed."""
    if signed_on is None:
        return working_day((diagnosed_on or referred_on + 20 * DAY) + draft.to_end * DAY, referred_on + DAY, _FAR)
    span = span_of(definition)
    latest = _FAR if span.most is None else add_months(signed_on, span.most)
    if draft.goes_on and span.most is not None and draft.fate is Fate.COMPLETED:
        return working_day(months_and_part(latest, DEROGATION_MONTHS * draft.share), latest, _FAR)
    completed = months_and_part(signed_on, draft.months)
    if draft.fate is Fate.COMPLETED:
        earliest = signed_on + _SHORTEST_DAYS * DAY if span.least is None else add_months(signed_on, span.least)
        return working_day(completed, earliest, max(latest, earliest))
    early = signed_on + max(_SHORTEST_DAYS, int(days_between(signed_on, completed) * draft.share)) * DAY
    return working_day(early, signed_on + DAY, latest)


def _pause(draft: Draft, signed_on: date | None, leaves_on: date) -> tuple[date, date] | None:
    """Return the first and the last day of a pause, None without one or without the time for it."""
    if draft.pause is None or signed_on is None:
        return None
    share, days = draft.pause
    first = working_day(signed_on + int(days_between(signed_on, leaves_on) * share) * DAY, signed_on + DAY, leaves_on)
    last = working_day(first + days * DAY, first + DAY, _FAR) - DAY
    return (first, last) if first < last < leaves_on - 10 * DAY else None


def occupancy(life: Life, path: Path) -> Occupancy:
    """Return the place that a life takes, with every stage that its path may bring it to."""
    return Occupancy(life.referred_on, life.leaves_on, life.mode, path.stages)
