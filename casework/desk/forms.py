"""Forms of the daily screens."""

from casework.web.forms import REQUIRED, BaseForm, CivilDateField, LineField
from casework.web.i18n import lazy_gettext as _


class PostponeForm(BaseForm):
    """Putting an alert off."""

    until = CivilDateField(_("Reporter jusqu’au"), [REQUIRED])
    reason = LineField(_("Pourquoi"), [REQUIRED])
