"""What is confidential in the demonstration: who was told what, an address that is secret, notes that few people read."""

from collections.abc import Iterator
from datetime import timedelta

from casework.cases.queries import case_head
from casework.confidential.address_service import protect_address
from casework.confidential.consent_service import ConsentNews, record_consent
from casework.confidential.glass_service import Urgency, break_glass
from casework.confidential.note_service import NoteNews, record_note
from casework.confidential.vocabulary import ConsentKind, Motive, Topic
from casework.demo.accounts import MANAGER
from casework.demo.situations import Secret
from casework.demo.steps import Step, about
from casework.demo.stories import Story, working_day
from casework.kernel.calendar import add_months
from casework.kernel.context import Ctx

_DAY = timedelta(days=1)
_NOTICE = "Notice d’information, version 2"
_ANNEX = "Annexe de la convention sur les informations partagées, version 1"
_REACH = "Appeler sa sœur, qui transmet. Pas de message vocal, pas de courrier au domicile."
_VIOLENCE = "Ordonnance de protection remise en copie. Ne pas donner de rendez-vous près de l’école des enfants."
_HEALTH = "Dit avoir besoin d’un logement sans escalier. Les visites se font l’après-midi, après les soins."
_PROBATION = "SPIP, antenne de Saintes, par le secrétariat"
_CALLED = "Appel à l’accueil pendant le congé de la référente : il fallait la rappeler sans passer par le domicile."
_DETAINED_MONTHS = 7


def confidence_steps(story: Story) -> Iterator[Step]:
    """Yield what a household was told and agreed to, and what only its team reads, in no order."""
    if story.diagnosed_on is not None:
        told = ConsentNews(ConsentKind.INFORMATION, story.diagnosed_on, _NOTICE)
        yield Step(story.diagnosed_on, 3, story.referent, about(story, record_consent, told))
    if story.signed_on is not None:
        agreed = ConsentNews(ConsentKind.PARTAGE, story.signed_on, _ANNEX)
        yield Step(story.signed_on, 6, story.referent, about(story, record_consent, agreed))
        yield from _secret_steps(story)


def _secret_steps(story: Story) -> Iterator[Step]:
    """Yield what is noted under a lock, in the first weeks of the accompaniment."""
    day = working_day(story.referred_on + 10 * _DAY)
    match story.situation.secret:
        case Secret.ADDRESS:
            yield Step(day, 6, story.referent, about(story, protect_address, _REACH))
            yield _note(story, NoteNews(Topic.VIOLENCES, day, _VIOLENCE))
            yield Step(working_day(story.today - _DAY), 8, MANAGER, lambda ctx: _replace_colleague(ctx, story))
        case Secret.HEALTH:
            yield _note(story, NoteNews(Topic.SANTE, day, _HEALTH))
        case Secret.DETENTION:
            began, ended = add_months(story.referred_on, -_DETAINED_MONTHS), story.referred_on - 20 * _DAY
            yield _note(story, NoteNews(Topic.DETENTION, day, began=began, ended=ended, spip_contact=_PROBATION))
        case None:
            return


def _note(story: Story, news: NoteNews) -> Step:
    return Step(news.noted_on, 7, story.referent, about(story, record_note, news))


def _replace_colleague(ctx: Ctx, story: Story) -> None:
    break_glass(ctx, Urgency(case_head(ctx, story.case_id).number, Motive.REMPLACEMENT, _CALLED))
