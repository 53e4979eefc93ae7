"""Forms of what is confidential. Their templates keep no draft on the device."""

from wtforms import BooleanField

from casework.confidential.address_service import SecretAddress
from casework.web.forms import OPTIONAL, REQUIRED, BaseForm, LineField, NoteField
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


class LiftForm(BaseForm):
    """The address is secret no longer."""

    reason = NoteField(_("Pourquoi, et qui en a décidé"), [REQUIRED])
    restore = BooleanField(_("Remettre l’adresse et les téléphones sur la fiche, que lit le bailleur"))
