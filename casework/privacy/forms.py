"""Forms on how long files are kept."""

from wtforms import BooleanField, HiddenField

from casework.web.forms import REQUIRED, BaseForm, CivilDateField, NoteField
from casework.web.i18n import lazy_gettext as _


class ArchiveForm(BaseForm):
    """Why a file is kept past its time, and until when."""

    reason = NoteField(_("L’obligation ou la preuve qui demande de garder ce dossier"), [REQUIRED])
    until = CivilDateField(_("Garder jusqu’au"), [REQUIRED])


class AnonymisationForm(BaseForm):
    """The decision to anonymise what is due; `seen` is the number of files that was shown."""

    seen = HiddenField()
    sure = BooleanField(_("J’ai lu la liste\u00a0: je sais que rien ne pourra être retrouvé"), [REQUIRED])
