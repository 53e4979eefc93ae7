"""Use cases on the conventions on sharing: recording the next one. One that is recorded never changes."""

from dataclasses import dataclass
from datetime import date

from casework.kernel.audit import reason_given
from casework.kernel.context import Ctx
from casework.kernel.errors import Conflict, RuleViolation
from casework.programmes.conventions import CLAUSES, Openings, conventions_of
from casework.programmes.models import SharingClause, SharingConvention
from casework.programmes.queries import programme_to_change
from casework.programmes.rules import check_convention_start, check_openings
from casework.programmes.vocabulary.sharing import Opening


@dataclass(frozen=True)
class ConventionNews:
    """What the organisations agreed on, from which day on, and the document that says so.

    `base` is the number of the convention that was shown when this was written, 0 for none.
    """

    from_on: date
    reference: str
    reason: str
    openings: Openings
    base: int = 0


def record_convention(ctx: Ctx, code: str, news: ConventionNews) -> SharingConvention:
    """Record the next convention of a programme: it decides what the landlord reads from its day on.

    Raises NotVisible, RuleViolation on `from_on`, `reference` or the whole, Conflict when somebody else recorded one in
    the meantime.
    """
    programme = programme_to_change(ctx, code)
    known = conventions_of(ctx, programme.id)
    last = known[0] if known else None
    if news.base != (last.number if last else 0):
        raise Conflict(
            "La version %(number)s de cette convention a été enregistrée depuis que vous avez ouvert cette page. Ce "
            "que vous avez choisi est encore là : comparez, puis enregistrez de nouveau.",
            number=last.number if last else 0,
        )
    check_openings(news.openings)
    check_convention_start(news.from_on, last.from_on if last else None)
    if not news.reference:
        raise RuleViolation("reference", "Donnez la référence du document signé : c’est lui qui fait foi.")
    convention = SharingConvention(
        programme_id=programme.id,
        number=news.base + 1,
        from_on=news.from_on,
        reference=news.reference,
        created_at=ctx.clock.now(),
        created_by_id=ctx.actor.user_id,
        reason=news.reason,
    )
    with reason_given(ctx, news.reason or news.reference):
        ctx.session.add(convention)
        ctx.session.flush()
        ctx.session.add_all(_clauses(convention.id, news.openings))
        ctx.session.flush()
    return convention


def _clauses(convention_id: int, openings: Openings) -> list[SharingClause]:
    return [
        SharingClause(
            convention_id=convention_id,
            category=category.value,
            reader=reader.value,
            needs_agreement=openings[category, reader] is Opening.AGREED,
        )
        for category, reader in CLAUSES
        if openings[category, reader] is not Opening.CLOSED
    ]
