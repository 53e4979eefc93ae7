"""Use cases on what people were told about their data, agreed to, and withdrew."""

from dataclasses import dataclass
from datetime import date

from casework.cases.queries import case_head
from casework.cases.rules import check_not_future
from casework.confidential import queries
from casework.confidential.models import Consent
from casework.confidential.note_service import check_person
from casework.confidential.vocabulary import ConsentKind
from casework.kernel.context import Ctx
from casework.kernel.errors import RuleViolation


@dataclass(frozen=True)
class ConsentNews:
    """What somebody was told or agreed to; `text_version` names the text that they were given."""

    kind: ConsentKind
    given_on: date
    text_version: str
    person_id: int | None = None


def record_consent(ctx: Ctx, case_id: int, news: ConsentNews) -> Consent:
    """Note an information or an agreement. Raises NotVisible, or RuleViolation on the field at fault."""
    case_head(ctx, case_id)
    check_not_future("given_on", news.given_on, ctx.today)
    check_person(ctx, case_id, news.person_id)
    consent = Consent(
        case_id=case_id,
        kind=news.kind.value,
        given_on=news.given_on,
        text_version=news.text_version,
        created_at=ctx.clock.now(),
        author_id=ctx.actor.user_id,
        person_id=news.person_id,
    )
    ctx.session.add(consent)
    ctx.session.flush()
    return consent


def withdraw_consent(ctx: Ctx, case_id: int, consent_id: int) -> None:
    """Note that somebody withdrew their agreement today. Raises NotVisible, or RuleViolation when it cannot be."""
    consent = queries.get_consent(ctx, case_id, consent_id)
    if consent.kind == ConsentKind.INFORMATION:
        raise RuleViolation("", "Une information a été donnée : elle ne se retire pas.")
    if consent.withdrawn_on is not None:
        raise RuleViolation("", "Cet accord est déjà retiré.")
    consent.withdrawn_on, consent.withdrawal_noted_by = ctx.today, ctx.actor.user_id
