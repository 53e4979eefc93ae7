"""Form of the end."""

from casework.exits.service import EndNews
from casework.exits.vocabulary import END_REASON_LABELS, OUTCOME_LABELS, EndReason, Outcome
from casework.households.vocabulary import HOUSING_LABELS, Housing
from casework.web.forms import OPTIONAL, REQUIRED, BaseForm, CivilDateField, CodeField, LineField, NoteField
from casework.web.i18n import lazy_gettext as _


class EndForm(BaseForm):
    """Why and how an accompaniment ends."""

    ended_on = CivilDateField(_("Date de fin"), [REQUIRED])
    reason = CodeField(_("Motif"), [REQUIRED], labels=END_REASON_LABELS)
    outcome = CodeField(_("Situation au regard du logement"), [REQUIRED], labels=OUTCOME_LABELS)
    next_housing = CodeField(_("Logement suivant"), [OPTIONAL], labels=HOUSING_LABELS)
    relay = LineField(_("Relais"), [OPTIONAL], free=True)
    note = NoteField(_("Note"), [OPTIONAL])

    def news(self) -> EndNews:
        """Return what the form says. Call it only on a form that validated."""
        return EndNews(
            ended_on=self.ended_on.data,
            reason=EndReason(self.reason.data),
            outcome=Outcome(self.outcome.data),
            next_housing=Housing(self.next_housing.data) if self.next_housing.data else None,
            relay=self.relay.data or "",
            note=self.note.data or "",
        )
