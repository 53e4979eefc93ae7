"""Breaking the glass: somebody who is not of the team opens what only the team reads, for a motive and a short time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from casework.accounts.vocabulary import Role
from casework.cases.queries import team_ids
from casework.confidential import queries
from casework.confidential.models import GlassBreak
from casework.confidential.queries import BreakRow
from casework.confidential.rules import check_motive
from casework.confidential.vocabulary import Motive
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.kernel.levels import Level
from casework.kernel.reading import Reading, record_reading
from casework.programmes.terms import national_value


@dataclass(frozen=True)
class Urgency:
    """Which case is to be opened, and why."""

    number: str
    motive: Motive
    words: str


def break_glass(ctx: Ctx, urgency: Urgency) -> GlassBreak:
    """Open all levels of a case to the actor for `glass_hours`, from the next request on.

    Its team and the managers read it at once on their day. Raises RuleViolation on `number`, `words`.
    """
    check_motive(urgency.words)
    found = queries.cases_to_open(ctx, urgency.number)
    if len(found) != 1:
        raise RuleViolation("number", "Aucun dossier de votre association ne porte ce numéro dans vos dispositifs.")
    case_id = found[0]
    if ctx.actor.role == Role.REFERENT and ctx.actor.user_id in team_ids(ctx, case_id):
        raise RuleViolation("number", "Vous êtes de l’équipe de ce ménage : sa fiche vous est ouverte.")
    now = ctx.clock.now()
    opened = GlassBreak(
        case_id=case_id,
        user_id=ctx.actor.user_id or 0,
        motive=urgency.motive.value,
        opened_at=now,
        until_at=now + timedelta(hours=national_value("glass_hours", ctx.today)),
        words=urgency.words.strip(),
    )
    ctx.session.add(opened)
    ctx.session.flush()
    record_reading(ctx, case_id, Reading.GLASS_BREAK, Level.S4)
    return opened


def close_glass(ctx: Ctx, case_id: int) -> None:
    """End, from the next request on, what the actor opened of a case that is not of their team. Raises NotVisible."""
    opened = queries.open_breaks(ctx, case_id)
    if not opened:
        raise NotVisible
    for row in opened:
        row.until_at = ctx.clock.now()


def told_today(ctx: Ctx) -> Sequence[BreakRow]:
    """Return the openings by others that the actor is told of on their day, newest first."""
    since = ctx.clock.now() - timedelta(days=national_value("glass_told_days", ctx.today))
    return queries.breaks_told(ctx, since)
