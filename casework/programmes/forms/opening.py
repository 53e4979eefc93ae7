"""The form of a programme that starts."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField

from casework.programmes.forms.definition import DefinitionForm
from casework.programmes.service import Partner
from casework.web.forms import OPTIONAL, REQUIRED, LineField, NoteField
from casework.web.i18n import gettext
from casework.web.i18n import lazy_gettext as _

ITSELF = "itself"


class _PartnerField(SelectField):
    """An organisation that is known, by id, or what to do when it is not in the list."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, [OPTIONAL], validate_choice=False, choices=[], **kwargs)


class OpeningForm(DefinitionForm):
    """A programme that starts: its code, with whom, then what it says."""

    code = LineField(_("Code"), [REQUIRED], most=32, render_kw={"autocapitalize": "characters", "autocomplete": "off"})
    landlord_id = _PartnerField(_("Bailleur déjà connu ici"))
    landlord_name = LineField(_("Ou nouveau bailleur, par son nom"), [OPTIONAL])
    association_id = _PartnerField(_("Association ou CCAS déjà connu ici"))
    association_name = LineField(_("Ou nouvelle association, par son nom"), [OPTIONAL])
    reason = NoteField(_("D’où vient ce dispositif"), [OPTIONAL], free=False)

    def offer(self, landlords: Iterable[tuple[int, str]], associations: Iterable[tuple[int, str]]) -> None:
        """Offer these organisations, as (id, name)."""
        blank = ("", gettext("Choisir…"))
        self.landlord_id.choices = [blank, *((str(key), name) for key, name in landlords)]
        itself = (ITSELF, gettext("Le bailleur lui-même"))
        self.association_id.choices = [blank, itself, *((str(key), name) for key, name in associations)]

    def landlord(self) -> Partner:
        """Return the landlord that was chosen or named."""
        return _partner(self.landlord_id.data, self.landlord_name.data)

    def association(self) -> Partner | None:
        """Return the association that was chosen or named, None for the landlord itself."""
        if self.association_id.data == ITSELF and not self.association_name.data:
            return None
        return _partner(self.association_id.data, self.association_name.data)


def _partner(chosen: object, name: str | None) -> Partner:
    key = str(chosen or "")
    if name or not (key.isascii() and key.isdecimal() and len(key) < 19):
        return Partner(name=name or "")
    return Partner(known_id=int(key))
