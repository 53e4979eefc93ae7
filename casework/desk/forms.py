"""Forms of the daily screens."""

from wtforms import HiddenField

from casework.web.forms import REQUIRED, BaseForm, CivilDateField, LineField, NoteField
from casework.web.i18n import lazy_gettext as _


class PostponeForm(BaseForm):
    """Putting an alert off."""

    until = CivilDateField(_("Reporter jusqu’au"), [REQUIRED])
    reason = LineField(_("Pourquoi"), [REQUIRED], free=True)


class VersionMoveForm(BaseForm):
    """The decision that a household follows another version; `present` is the one it was seen to follow."""

    number = HiddenField()
    present = HiddenField()
    reason = NoteField(_("Motif de la décision"), [REQUIRED])
