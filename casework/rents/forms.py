"""Form of the report to the family-benefits office."""

from casework.web.forms import OPTIONAL, REQUIRED, BaseForm, CivilDateField, LineField
from casework.web.i18n import lazy_gettext as _


class ReportForm(BaseForm):
    """When the landlord reported the arrears, and under which reference."""

    reported_on = CivilDateField(_("Signalé le"), [REQUIRED])
    reference = LineField(_("Référence"), [OPTIONAL])
