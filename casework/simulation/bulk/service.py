"""Use case of the fast way: the same plan, the same rows, without a use case for each of them."""

from sqlalchemy.orm import Session

from casework.kernel import audit
from casework.kernel.clock import FixedClock
from casework.kernel.context import Ctx
from casework.kernel.database import renew_statistics
from casework.kernel.events import Events
from casework.programmes.queries import versions_of
from casework.rents.models import RentLine
from casework.simulation.bulk.books import Books, Model, reserved
from casework.simulation.bulk.memory import Memory, Told
from casework.simulation.bulk.writers import Entry, write
from casework.simulation.life import Dossier, Step
from casework.simulation.queries import case_numbers
from casework.simulation.service import OPENER, USE_CASE, Order, Run, as_of, in_order, make_round, prepare


def simulate_in_bulk(ctx: Ctx, order: Order) -> Run:
    """Do what `simulate` does, many rows at once: every table ends with the same rows, but for the audit.

    The audit has one row for each table instead of one for each row of it; ledgers and sweeps leave what they always
    leave. A deed that nobody wrote down as rows is taken by its use case. Raises what `simulate` raises.
    """
    run = prepare(ctx, order)
    counted = Books()
    _read_through(run, _memory(ctx, run), counted)
    books = Books(reserved(ctx.session, counted))
    _live_through(ctx, run, _memory(ctx, run), books)
    audit.bind(ctx.session, OPENER, FixedClock.on(order.last_day), USE_CASE)
    books.trace(Ctx(OPENER, FixedClock.on(order.last_day), ctx.session, Events()), USE_CASE)
    return run


def _memory(ctx: Ctx, run: Run) -> Memory:
    programme, referents = run.programme, run.workers.referent_ids
    return Memory(
        code=programme.code,
        programme_id=programme.id,
        landlord_id=programme.landlord_id,
        versions=[(version.definition.valid_from, version.id) for version in versions_of(ctx, programme.id)],
        numbers=case_numbers(ctx, programme.id),
        workers=run.workers,
        told={life.place: Told(Dossier(programme.code, referents)) for life in run.plan.lives},
    )


def _read_through(run: Run, memory: Memory, counted: Books) -> None:
    """Count the rows of every step; nothing is written."""
    lives = {life.place: life for life in run.plan.lives}
    for step in run.plan.steps:
        at = FixedClock.on(step.day).now()
        write(step.deed, Entry(counted, memory, lives[step.place], step, at))
        counted.forget()


def _tell_growth(session: Session, books: Books) -> None:
    """Let the database look at what was written: of rows that nobody committed it learns nothing by itself."""
    models: tuple[Model, ...] = (*books.added, RentLine)
    for model in models:
        renew_statistics(session, model)


def _live_through(ctx: Ctx, run: Run, memory: Memory, books: Books) -> None:
    """Write the rows of the steps up to each round, then make the round."""
    lives = {life.place: life for life in run.plan.lives}
    acting, rounds = as_of(ctx), 0
    for turn in in_order(run.plan):
        if not isinstance(turn, Step):
            books.write(ctx.session)
            rounds += 1
            if rounds.bit_count() == 1:  # from one power of two to the next, what there is doubles
                _tell_growth(ctx.session, books)
            make_round(acting, run, turn)
            memory.read(turn)
            continue
        at = FixedClock.on(turn.day).now()
        if not write(turn.deed, Entry(books, memory, lives[turn.place], turn, at)):
            books.write(ctx.session)
            turn.deed.take(
                acting(turn.day, run.workers.actor(turn.who, turn.referent)), memory.told[turn.place].dossier
            )
            ctx.session.flush()
    books.write(ctx.session)
