"""Form of the team of a programme."""

from collections.abc import Iterable

from wtforms import SelectField

from casework.web.forms import REQUIRED, BaseForm
from casework.web.i18n import gettext
from casework.web.i18n import lazy_gettext as _


class MemberForm(BaseForm):
    """Somebody who joins a programme."""

    user_id = SelectField(
        _("Personne"), [REQUIRED], coerce=lambda value: int(value) if value else 0, validate_choice=False
    )

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Offer these people, as (id, words)."""
        self.user_id.choices = [("", gettext("Choisir…")), *people]
