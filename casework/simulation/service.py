"""Use case of the simulator: a plan made and lived through, day by day, by the use cases of every room."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from casework.accounts.permissions import permissions_of
from casework.accounts.vocabulary import Role
from casework.alerts.service import sweep_programme
from casework.exchange.reading.files import read_sources
from casework.exchange.service import import_batch
from casework.kernel import audit
from casework.kernel.clock import FixedClock, paris_date
from casework.kernel.context import Actor, Ctx
from casework.kernel.errors import RuleViolation
from casework.kernel.events import Events
from casework.programmes.models import Programme
from casework.programmes.queries import versions_of
from casework.programmes.service import open_programme
from casework.simulation.life import Dossier, Step
from casework.simulation.plan import Plan, Setting, make_plan
from casework.simulation.queries import first_referral_on, places_taken
from casework.simulation.rounds import Round, ledger_files
from casework.simulation.workers import Workers, find_workers

USE_CASE = "simulate"
# It puts programmes in use and enters who works there.
OPENER = Actor(None, None, "SYSTEM", permissions=permissions_of(Role.ADMINISTRATOR))
SYSTEM = Actor(None, None, "SYSTEM")


@dataclass(frozen=True)
class Order:
    """What is asked for: so many households in a programme, from a day to a day (both included)."""

    code: str
    households: int
    first_day: date
    last_day: date
    seed: int = 1


@dataclass(frozen=True)
class Run:
    """A plan on its way into the database."""

    programme: Programme
    plan: Plan
    workers: Workers


def simulate(ctx: Ctx, order: Order) -> Run:
    """Live the households of `order` through, under a clock that moves from its first day to its last.

    The clock of `ctx` says nothing here. A programme that is not in use yet is opened from the catalogue, and whoever
    is missing to work there is entered. Nothing but use cases writes. Fewer households than asked for live when the
    definition has no room for more. Raises RuleViolation when there is no such programme, or the days are upside down.
    """
    if order.last_day < order.first_day:
        raise RuleViolation("to", "La simulation finirait avant de commencer : vérifiez les deux dates.")
    run = prepare(ctx, order)
    live_through(ctx, run)
    return run


def prepare(ctx: Ctx, order: Order) -> Run:
    """Put the programme in use, enter who works there, and make the plan."""
    clock = FixedClock.on(order.first_day)
    audit.bind(ctx.session, OPENER, clock, USE_CASE)
    opening = Ctx(OPENER, clock, ctx.session, Events())
    programme = open_programme(opening, order.code)
    workers = find_workers(opening, programme, order.households)
    opened_on = paris_date(programme.created_at)
    setting = Setting(
        definitions=[version.definition for version in versions_of(opening, programme.id)],
        households=order.households,
        first_day=order.first_day,
        last_day=order.last_day,
        seed=f"{order.seed}/{order.code}",
        opened_on=min(opened_on, order.first_day, first_referral_on(opening, programme.id) or opened_on),
        taken=places_taken(opening, programme.id),
        lease_prefix=f"S{programme.id:03d}-",
    )
    return Run(programme, make_plan(setting), workers)


def live_through(ctx: Ctx, run: Run) -> None:
    """Take every step and every round of a plan, each by who would take it, on its day."""
    dossiers = {life.place: Dossier(run.programme.code, run.workers.referent_ids) for life in run.plan.lives}
    acting = as_of(ctx)
    for turn in in_order(run.plan):
        if isinstance(turn, Step):
            turn.deed.take(acting(turn.day, run.workers.actor(turn.who, turn.referent)), dossiers[turn.place])
            ctx.session.flush()
        else:
            make_round(acting, run, turn)


Acting = Callable[[date, Actor], Ctx]


def as_of(ctx: Ctx) -> Acting:
    """Return what gives the context of an actor on a day, in the transaction of `ctx`.

    Nobody hears of what happens: alerts and summaries come from the sweeps, as they do from one night to the next.
    """
    clock, events = FixedClock(ctx.clock.now()), Events()

    def acting(day: date, actor: Actor) -> Ctx:
        clock.instant = FixedClock.on(day).instant
        audit.bind(ctx.session, actor, clock, USE_CASE)
        return Ctx(actor, clock, ctx.session, events)

    return acting


def in_order(plan: Plan) -> list[Step | Round]:
    """Return the steps and the rounds of a plan in the order of their days; of one day, the round comes last."""
    turns: list[Step | Round] = [*plan.steps, *plan.rounds]
    return sorted(turns, key=lambda turn: turn.day)


def make_round(acting: Acting, run: Run, turn: Round) -> None:
    """Let the ledger of a round in, and sweep."""
    if turn.ledger:
        importing = acting(turn.day, run.workers.others[Role.MANAGER])
        import_batch(importing, run.programme, read_sources(ledger_files(turn.ledger)), strict=True)
        importing.session.flush()
    if turn.sweeps:
        sweep_programme(acting(turn.day, SYSTEM), run.programme.id, turn.day)
