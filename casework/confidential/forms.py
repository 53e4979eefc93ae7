"""Forms of what is confidential. Their templates keep no draft on the device."""

from hashlib import sha256
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField

from casework.cases.forms import whole
from casework.confidential.address_service import SecretAddress
from casework.confidential.consent_service import ConsentNews
from casework.confidential.glass_service import Urgency
from casework.confidential.note_service import NoteNews
from casework.confidential.vocabulary import CONSENT_LABELS, MOTIVE_LABELS, TOPIC_LABELS, ConsentKind, Motive, Topic
from casework.kernel.errors import RuleViolation
from casework.programmes.convention_service import ConventionNews
from casework.programmes.conventions import CLAUSES, Openings
from casework.programmes.rules import check_openings, clause_field
from casework.programmes.vocabulary.sharing import CATEGORY_LABELS, OPENING_LABELS, Opening
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
)
from casework.web.i18n import lazy_gettext as _


class ProtectionForm(BaseForm):
    """The address becomes secret."""

    safe_contact = NoteField(_("Comment joindre le ménage sans danger"), [REQUIRED])


class SecretAddressForm(ProtectionForm):
    """Where the household lives, for the team alone."""

    address = LineField(_("Adresse"), [OPTIONAL])
    district = LineField(_("Quartier"), [OPTIONAL])

    def secret_address(self) -> SecretAddress:
        """Return what the form says. Call it only on a form that validated."""
        return SecretAddress(self.address.data or "", self.district.data or "", self.safe_contact.data or "")


class RevisionForm(ComparedForm, SecretAddressForm):
    """The secret address, corrected."""


class LiftForm(BaseForm):
    """The address is secret no longer."""

    reason = NoteField(_("Pourquoi, et qui en a décidé"), [REQUIRED])
    restore = BooleanField(_("Remettre l’adresse et les téléphones sur la fiche, que lit le bailleur"))


class PersonField(SelectField):
    """Somebody of the household, by id; 0: the household as a whole."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=whole, validate_choice=False, choices=[], **kwargs)


class NoteForm(BaseForm):
    """A sensitive note."""

    topic = CodeField(_("De quoi s’agit-il"), [REQUIRED], labels=TOPIC_LABELS)
    person_id = PersonField(_("Personne concernée"), [OPTIONAL])
    noted_on = CivilDateField(_("Date"), [REQUIRED])
    note = NoteField(_("Note"), [OPTIONAL])
    began = CivilDateField(_("Détention depuis le"), [OPTIONAL])
    ended = CivilDateField(_("Sortie le"), [OPTIONAL])
    spip_contact = LineField(_("Contact au SPIP"), [OPTIONAL], free=True)

    def news(self) -> NoteNews:
        """Return what the form says. Call it only on a form that validated."""
        return NoteNews(
            topic=Topic(self.topic.data),
            noted_on=self.noted_on.data,
            note=self.note.data or "",
            person_id=self.person_id.data or None,
            began=self.began.data,
            ended=self.ended.data,
            spip_contact=self.spip_contact.data or "",
        )


class UrgencyForm(BaseForm):
    """Somebody who is not of the team opens a case."""

    number = LineField(_("Numéro de dossier"), [REQUIRED], most=32)
    motive = CodeField(_("Motif"), [REQUIRED], labels=MOTIVE_LABELS)
    words = NoteField(_("Pourquoi, en une phrase"), [REQUIRED])

    def urgency(self) -> Urgency:
        """Return what the form says. Call it only on a form that validated."""
        return Urgency(self.number.data or "", Motive(self.motive.data), self.words.data or "")


class ConsentForm(BaseForm):
    """What somebody was told or agreed to."""

    kind = CodeField(_("De quoi s’agit-il"), [REQUIRED], labels=CONSENT_LABELS)
    person_id = PersonField(_("Personne concernée"), [OPTIONAL])
    given_on = CivilDateField(_("Date"), [REQUIRED])
    text_version = LineField(_("Version du texte remis"), [REQUIRED])

    def news(self) -> ConsentNews:
        """Return what the form says. Call it only on a form that validated."""
        return ConsentNews(
            ConsentKind(self.kind.data), self.given_on.data, self.text_version.data or "", self.person_id.data or None
        )


class ConventionForm(BaseForm):
    """What the landlord reads from a day on; a field for each category and reader is added to it.

    `shown` is the mark of the choices whose effect the page has shown.
    """

    from_on = CivilDateField(_("En vigueur à partir du"), [REQUIRED])
    reference = LineField(_("Document signé"), [REQUIRED])
    reason = NoteField(_("Pourquoi elle change"), [OPTIONAL], free=False)
    base = HiddenField()
    shown = HiddenField()

    def clause_fields(self) -> list[tuple[str, str, Any]]:
        """Return (category, reader, its field), in the order of the pages."""
        return [
            (category.value, reader.value, self._fields[clause_field(category, reader)]) for category, reader in CLAUSES
        ]

    def openings(self) -> Openings:
        """Return what is open to whom. Call it only on a form that validated."""
        return {
            (category, reader): Opening(self._fields[clause_field(category, reader)].data)
            for category, reader in CLAUSES
        }

    def is_ready(self) -> bool:
        """Tell whether a form that was sent is sound, so that its effect can be shown."""
        if not self.validate_on_submit():
            return False
        try:
            check_openings(self.openings())
        except RuleViolation as violation:
            self.refuse(violation)
            return False
        return True

    def mark(self) -> str:
        """Return a short text that stands for the day and the choices."""
        chosen = "\n".join(
            [str(self.from_on.data), *(bound.data for _category, _reader, bound in self.clause_fields())]
        )
        return sha256(chosen.encode()).hexdigest()[:16]

    def is_shown(self) -> bool:
        """Tell whether the page has shown what these choices change."""
        return bool(self.shown.data == self.mark())

    def news(self) -> ConventionNews:
        """Return what the form says. Call it only on a form that validated."""
        return ConventionNews(
            from_on=self.from_on.data,
            reference=self.reference.data or "",
            reason=self.reason.data or "",
            openings=self.openings(),
            base=whole(self.base.data) or 0,
        )


for _category, _reader in CLAUSES:
    setattr(
        ConventionForm,
        clause_field(_category, _reader),
        CodeChoiceField(_(CATEGORY_LABELS[_category]), [REQUIRED], labels=OPENING_LABELS),
    )
