"""Forms of the people of a household."""

from casework.cases.forms import PHONE
from casework.cases.people_service import MemberNews
from casework.households.vocabulary import CIVILITY_LABELS, LINK_LABELS, Civility, Link
from casework.web.forms import (
    OPTIONAL,
    REQUIRED,
    BaseForm,
    CivilDateField,
    CodeChoiceField,
    CodeField,
    ComparedForm,
    LineField,
)
from casework.web.i18n import lazy_gettext as _


class MemberForm(BaseForm):
    """A person of the household."""

    civility = CodeChoiceField(_("Civilité"), [OPTIONAL], labels=CIVILITY_LABELS)
    family_name = LineField(_("Nom"), [REQUIRED])
    given_name = LineField(_("Prénom"), [REQUIRED])
    link = CodeField(_("Lien avec la personne de référence"), [REQUIRED], labels=LINK_LABELS)
    born_on = CivilDateField(_("Date de naissance"), [OPTIONAL])
    phone = LineField(_("Téléphone"), [OPTIONAL, PHONE], most=32, render_kw={"type": "tel"})
    from_on = CivilDateField(_("Dans le ménage depuis le"), [OPTIONAL])
    to_on = CivilDateField(_("Jusqu’au (inclus)"), [OPTIONAL])

    def news(self) -> MemberNews:
        """Return what the form says. Call it only on a form that validated."""
        return MemberNews(
            family_name=self.family_name.data or "",
            given_name=self.given_name.data or "",
            link=Link(self.link.data),
            civility=Civility(self.civility.data) if self.civility.data else None,
            born_on=self.born_on.data,
            phone=self.data.get("phone") or None,  # left out where it is secret
            from_on=self.from_on.data,
            to_on=self.to_on.data,
        )


class MemberCorrectionForm(ComparedForm, MemberForm):
    """A person of the household, corrected."""


class DepartureForm(BaseForm):
    """The last day of a person in the household."""

    left_on = CivilDateField(_("Dernier jour dans le ménage"), [REQUIRED])
