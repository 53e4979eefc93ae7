"""Use cases on sensitive notes: health and other special categories (S2), detention (S3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.cases.queries import case_head
from casework.cases.rules import check_not_future
from casework.confidential import queries
from casework.confidential.models import SensitiveNote
from casework.confidential.rules import check_detention, check_note, level_of
from casework.confidential.vocabulary import Topic
from casework.kernel.context import Ctx
from casework.kernel.errors import NotVisible, RuleViolation
from casework.kernel.levels import Level
from casework.kernel.reading import Reading, record_reading


@dataclass(frozen=True)
class NoteNews:
    """A sensitive note. A detention has days and a SPIP to call, and no `note`; the other topics the reverse."""

    topic: Topic
    noted_on: date
    note: str = ""
    person_id: int | None = None
    began: date | None = None
    ended: date | None = None
    spip_contact: str = ""


@dataclass(frozen=True)
class NoteLine:
    """A sensitive note as it is read."""

    id: int
    topic: str
    noted_on: date
    author: str | None
    person: str
    note: str
    began: date | None
    ended: date | None
    spip_contact: str


def read_notes(ctx: Ctx, case_id: int) -> Sequence[NoteLine]:
    """Return the sensitive notes that the actor reads of a case, newest first; that they did is noted before."""
    rows = queries.notes_of(ctx, case_id)
    if rows:
        record_reading(ctx, case_id, Reading.SENSITIVE_NOTES, Level(max(row[0].level for row in rows)))
    return [
        NoteLine(
            id=note.id,
            topic=note.topic,
            noted_on=note.noted_on,
            author=author,
            person=" ".join(part for part in names if part),
            note=note.note,
            began=_day(note.began),
            ended=_day(note.ended),
            spip_contact=note.spip_contact,
        )
        for note, author, *names in rows
    ]


def check_may_note(ctx: Ctx, case_id: int, topic: Topic = Topic.SANTE) -> None:
    """Raise NotVisible unless the actor reads what is noted about `topic`: who does not read it does not write it."""
    if not queries.reads_level(ctx, case_id, level_of(topic)):
        raise NotVisible


def record_note(ctx: Ctx, case_id: int, news: NoteNews) -> SensitiveNote:
    """Note something sensitive. Raises NotVisible, or RuleViolation on the field at fault."""
    case_head(ctx, case_id)
    check_may_note(ctx, case_id, news.topic)
    check_not_future("noted_on", news.noted_on, ctx.today)
    check_note(news.topic, news.note)
    is_detention = news.topic is Topic.DETENTION
    if is_detention:
        check_detention(news.began, news.ended, ctx.today)
    elif news.began or news.ended or news.spip_contact:
        raise RuleViolation("topic", "Des dates et un contact SPIP se notent pour une détention seulement.")
    check_person(ctx, case_id, news.person_id)
    note = SensitiveNote(
        case_id=case_id,
        level=level_of(news.topic).value,
        topic=news.topic.value,
        noted_on=news.noted_on,
        created_at=ctx.clock.now(),
        author_id=ctx.actor.user_id,
        person_id=news.person_id,
        note=news.note.strip(),
        began=news.began.isoformat() if news.began else "",
        ended=news.ended.isoformat() if news.ended else "",
        spip_contact=news.spip_contact.strip(),
    )
    ctx.session.add(note)
    ctx.case_changed(case_id)
    return note


def withdraw_note(ctx: Ctx, case_id: int, note_id: int) -> None:
    """Take a sensitive note away for good: it was a mistake, or is no longer needed. Raises NotVisible,
    or RuleViolation on the whole.
    """
    note = queries.get_note(ctx, case_id, note_id)
    ctx.session.delete(note)
    ctx.case_changed(case_id)


def check_person(ctx: Ctx, case_id: int, person_id: int | None) -> None:
    """Refuse somebody who is not of the household."""
    if person_id is not None and person_id not in {row.id for row in queries.people_of_case(ctx, case_id)}:
        raise RuleViolation("person_id", "Choisissez une personne du ménage.")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
