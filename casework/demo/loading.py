"""Loading the demonstration: fourteen months and more of work, day by day, and a second programme beside, in one
transaction."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from operator import attrgetter

from sqlalchemy import Engine, func, select

from casework.alerts.service import sweep_programme
from casework.demo.accounts import COORDINATOR, FUNDER, open_accounts
from casework.demo.agreements import agreement_steps
from casework.demo.confidences import confidence_steps
from casework.demo.conventions import convention_steps, record_conventions_beside
from casework.demo.ledgers import MONTHS, ledger_of
from casework.demo.notes import Pen
from casework.demo.setting import beside, demo_programme
from casework.demo.steps import Cast, Step, daily_steps
from casework.demo.stories import Story, make_stories
from casework.exchange.reading.files import read_sources
from casework.exchange.service import import_batch
from casework.kernel import audit
from casework.kernel.calendar import add_months, last_complete_month, month_end
from casework.kernel.clock import Clock, FixedClock
from casework.kernel.context import Actor, Ctx
from casework.kernel.errors import RuleViolation
from casework.kernel.events import Events
from casework.kernel.transaction import writing_context
from casework.programmes.models import Programme
from casework.programmes.service import add_member, open_programme
from casework.simulation.chapters.rents import RentMonth
from casework.simulation.rounds import ledger_files
from casework.simulation.service import OPENER, Order, simulate

SEED = 17
SYSTEM = Actor(None, None, "SYSTEM")
USE_CASE = "demo"
_DAY = timedelta(days=1)
_SWEPT_WEEKS = 60
_WEEKS_BETWEEN_SWEEPS = 2
_LEDGER_COMES_AFTER = timedelta(days=4)


def is_empty(ctx: Ctx) -> bool:
    """Tell whether the database holds no programme yet."""
    return ctx.session.scalar(select(func.count(Programme.id))) == 0


def load_demo(engine: Engine, clock: Clock) -> None:
    """Load the demonstration as it stands today, whole or not at all.

    Always the same for a day. Every step is made by who would make it, on the day they would. Raises RuleViolation
    when the database holds a programme already.
    """
    today = clock.today()
    chance = random.Random(SEED)
    stories = make_stories(today, chance)
    moving = FixedClock.on(min(story.referred_on for story in stories) - 20 * _DAY)
    # Alerts and summaries come from the sweeps, as they do from one night to the next.
    with writing_context(engine, SYSTEM, moving, USE_CASE, Events()) as ctx:
        if not is_empty(ctx):
            raise RuleViolation(
                "", "La démonstration se charge dans une base vide, et celle-ci contient un dispositif."
            )
        programme = open_programme(ctx, demo_programme())
        cast = open_accounts(ctx, programme)
        steps = [step for story in stories for step in _story_steps(story, cast, chance)]
        steps += convention_steps(programme.code, today, moving.today())
        steps += _ledger_steps(stories, programme, today, chance)
        steps += _sweep_steps(programme, today)
        for step in sorted(steps, key=attrgetter("day", "rank")):
            moving.instant = clock.now() if step.day == today else FixedClock.on(step.day).instant
            actor = SYSTEM if step.who is None else cast[step.who]
            audit.bind(ctx.session, actor, moving, USE_CASE)
            step.act(Ctx(actor, moving, ctx.session, ctx.events))
            ctx.session.flush()
        _live_beside(ctx, cast, clock)


def _live_beside(ctx: Ctx, cast: Cast, clock: Clock) -> None:
    """Live the second programme through up to yesterday, let in those who work in several, and sweep it as of now."""
    setting, today = beside(), clock.today()
    order = Order(setting.programme, setting.households, add_months(today, -setting.months), today - _DAY, SEED)
    programme = simulate(ctx, order).programme
    audit.bind(ctx.session, OPENER, clock, USE_CASE)
    now = Ctx(OPENER, clock, ctx.session, ctx.events)
    for colleague in (COORDINATOR, FUNDER):
        add_member(now, programme.code, cast[colleague].user_id or 0)
    record_conventions_beside(ctx, cast, programme, clock, USE_CASE)
    audit.bind(ctx.session, OPENER, clock, USE_CASE)
    sweep_programme(now, programme.id, today)


def _story_steps(story: Story, cast: Cast, chance: random.Random) -> Iterator[Step]:
    pen = Pen(story.home, story.situation, chance)
    yield from daily_steps(story, cast, pen, chance)
    yield from agreement_steps(story, pen, chance)
    yield from confidence_steps(story)


def _ledger_steps(stories: Sequence[Story], programme: Programme, today: date, chance: random.Random) -> Iterator[Step]:
    """Yield the import of each month's ledger, a few days after its end, with what is missing of leases new to us."""
    last = last_complete_month(today)
    months = [add_months(last, -back) for back in range(MONTHS - 1, -1, -1)]
    days = sorted({today, *(min(month_end(month) + _LEDGER_COMES_AFTER, today) for month in months)})
    arriving: dict[date, list[RentMonth]] = {day: [] for day in days}
    for story in stories:
        moved_in_on, rents = story.moved_in_on, story.situation.rents
        for line in ledger_of(story.home, rents, moved_in_on, story.ended_on, today, chance):
            known_on = min(today, max(month_end(line.month) + _LEDGER_COMES_AFTER, story.referred_on))
            arriving[next(day for day in days if day >= known_on)].append(line)
    for day, lines in arriving.items():
        if lines:
            yield Step(day, 4, COORDINATOR, partial(_import, programme=programme, lines=lines))


def _import(ctx: Ctx, programme: Programme, lines: Sequence[RentMonth]) -> None:
    import_batch(ctx, programme, read_sources(ledger_files(lines)), strict=True)


def _sweep_steps(programme: Programme, today: date) -> Iterator[Step]:
    """Yield enough of the sweeps of the nights past for alerts to have come and gone, and the one of today."""
    for weeks in range(_SWEPT_WEEKS, -1, -_WEEKS_BETWEEN_SWEEPS):
        day = today - weeks * 7 * _DAY
        yield Step(day, 10, None, lambda ctx: sweep_programme(ctx, programme.id, ctx.today))
