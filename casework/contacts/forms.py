"""Forms of contacts and appointments."""

from collections.abc import Collection

from wtforms import HiddenField
from wtforms.validators import Regexp

from casework.accounts.vocabulary import Category
from casework.contacts.service import ContactNews, NextAppointment
from casework.contacts.vocabulary import (
    CONTACT_KIND_LABELS,
    CONTACT_OUTCOME_LABELS,
    MADE_KINDS,
    ContactKind,
    ContactOutcome,
)
from casework.web.forms import (
    OPTIONAL,
    REQUIRED,
    BaseForm,
    CivilDateField,
    CodeChoiceField,
    CodeField,
    ComparedForm,
    LineField,
    NoteField,
    WholeNumberField,
)
from casework.web.i18n import gettext
from casework.web.i18n import lazy_gettext as _

PLANNED_KINDS = tuple(kind.value for kind in ContactKind if kind in MADE_KINDS)


class AppointmentFields(BaseForm):
    """When and how one meets next."""

    planned_on = CivilDateField(_("Prochain rendez-vous"), [OPTIONAL])
    at_time = LineField(
        _("Heure"),
        [OPTIONAL, Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", message=_("Écrivez l’heure comme 14:30."))],
        render_kw={"type": "time"},
    )
    planned_kind = CodeField(
        _("Type de rendez-vous"), [OPTIONAL], labels=CONTACT_KIND_LABELS, codes=PLANNED_KINDS, blank=False
    )

    def next_appointment(self) -> NextAppointment | None:
        """Return the appointment that the form holds, None when its date is empty."""
        if self.planned_on.data is None:
            return None
        kind = ContactKind(self.planned_kind.data or ContactKind.VAD.value)
        return NextAppointment(self.planned_on.data, kind, self.at_time.data or None)


class ContactForm(AppointmentFields):
    """A contact, as noted between two doors: the few fields of the usual one first."""

    occurred_on = CivilDateField(_("Date"), [REQUIRED])
    kind = CodeChoiceField(_("Comment"), [REQUIRED], labels=CONTACT_KIND_LABELS)
    outcome = CodeChoiceField(_("Ce qu’il en est"), [REQUIRED], labels=CONTACT_OUTCOME_LABELS)
    duration_minutes = WholeNumberField(_("Durée"), [OPTIONAL], low=1, high=1440)
    shared_note = NoteField(_("Ce que le bailleur peut lire"), [OPTIONAL])
    private_note = NoteField(_("Pour l’association seulement"), [OPTIONAL])
    appointment_id = HiddenField()

    def name_readers(self, read: Collection[Category]) -> bool:
        """Name the shared note by who reads it, and return whether the landlord does; `read`: what they read of the case."""
        is_read = {Category.CONTACTS, Category.NOTES}.issubset(read)
        if not is_read:
            self.shared_note.label.text = gettext("Ce que l’équipe et la coordination peuvent lire")
        return is_read

    def news(self) -> ContactNews:
        """Return what the form says. Call it only on a form that validated."""
        return ContactNews(
            occurred_on=self.occurred_on.data,
            kind=ContactKind(self.kind.data),
            outcome=ContactOutcome(self.outcome.data),
            duration_minutes=self.duration_minutes.data,
            shared_note=self.shared_note.data or "",
            private_note=self.private_note.data or "",
        )


class ContactCorrectionForm(ComparedForm, ContactForm):
    """A contact, corrected."""


class AppointmentForm(AppointmentFields):
    """An appointment by itself."""

    planned_on = CivilDateField(_("Date"), [REQUIRED])

    def appointment(self) -> NextAppointment:
        """Return the appointment that the form holds. Call it only on a form that validated."""
        kind = ContactKind(self.planned_kind.data or ContactKind.VAD.value)
        return NextAppointment(self.planned_on.data, kind, self.at_time.data or None)
