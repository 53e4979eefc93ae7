"""Forms on how long files are kept."""

from wtforms import BooleanField, HiddenField

from casework.privacy.vocabulary import DECISION_LABELS, RIGHT_LABELS
from casework.web.forms import OPTIONAL, REQUIRED, BaseForm, CivilDateField, CodeChoiceField, NoteField
from casework.web.i18n import lazy_gettext as _


class ArchiveForm(BaseForm):
    """Why a file is kept past its time, and until when."""

    reason = NoteField(_("L’obligation ou la preuve qui demande de garder ce dossier"), [REQUIRED])
    until = CivilDateField(_("Garder jusqu’au"), [REQUIRED])


class AnonymisationForm(BaseForm):
    """The decision to anonymise what is due; `seen` is the number of files that was shown."""

    seen = HiddenField()
    sure = BooleanField(_("J’ai lu la liste\u00a0: je sais que rien ne pourra être retrouvé"), [REQUIRED])


class RequestForm(BaseForm):
    """What a person asks of their data."""

    kind = CodeChoiceField(_("Ce que la personne demande"), [REQUIRED], labels=RIGHT_LABELS)
    received_on = CivilDateField(_("Demande reçue le"), [REQUIRED])
    words = NoteField(_("Dans ses mots"), [OPTIONAL])


class AnswerForm(BaseForm):
    """What was decided, and told to the person."""

    decision = CodeChoiceField(_("Décision"), [REQUIRED], labels=DECISION_LABELS)
    answered_on = CivilDateField(_("Réponse donnée le"), [REQUIRED])
    answer = NoteField(_("Ce qui est répondu, et pourquoi"), [OPTIONAL])


class LiftForm(BaseForm):
    """The end of a limitation."""

    lifted_on = CivilDateField(_("Limitation levée le"), [REQUIRED])
