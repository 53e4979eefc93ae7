"""The conventions of the demonstration: what the landlord reads in each of its programmes, recorded by the coordination."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from casework.accounts.vocabulary import Category
from casework.demo.accounts import COORDINATOR
from casework.demo.setting import Sharing, sharings
from casework.demo.steps import Cast, Step
from casework.kernel import audit
from casework.kernel.calendar import add_months
from casework.kernel.clock import Clock
from casework.kernel.context import Ctx
from casework.programmes.convention_service import ConventionNews, record_convention
from casework.programmes.conventions import CLAUSES, Openings
from casework.programmes.models import Programme
from casework.programmes.vocabulary.sharing import Opening


def convention_steps(code: str, today: date, first_day: date) -> Iterator[Step]:
    """Yield the recording of each convention of a programme, the first one before anything else happens."""
    for number, sharing in enumerate(sharings(code)):
        day = max(add_months(today, -sharing.months), first_day)

        def act(ctx: Ctx, sharing: Sharing = sharing, number: int = number) -> object:
            return record_convention(ctx, code, _news(sharing, ctx.today, number))

        yield Step(day, -1, COORDINATOR, act)


def record_conventions_beside(ctx: Ctx, cast: Cast, programme: Programme, clock: Clock, use_case: str) -> None:
    """Record the conventions of a programme in which the coordination was let in afterwards."""
    actor = replace(cast[COORDINATOR], programme_ids=(*cast[COORDINATOR].programme_ids, programme.id))
    audit.bind(ctx.session, actor, clock, use_case)
    now = Ctx(actor, clock, ctx.session, ctx.events)
    for number, sharing in enumerate(sharings(programme.code)):
        news = _news(sharing, add_months(clock.today(), -sharing.months), number)
        record_convention(now, programme.code, news)


def _news(sharing: Sharing, from_on: date, base: int) -> ConventionNews:
    return ConventionNews(from_on, sharing.reference, sharing.reason, _openings(sharing), base)


def _openings(sharing: Sharing) -> Openings:
    said = dict.fromkeys(map(Category, sharing.agreed), Opening.AGREED)
    said |= dict.fromkeys(map(Category, sharing.closed), Opening.CLOSED)
    return {(category, reader): said.get(category, Opening.OPEN) for category, reader in CLAUSES}
