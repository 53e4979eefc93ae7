"""Forms of the referral, the team and the pauses."""

from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import Regexp

from casework.cases.service import Sheet
from casework.cases.vocabulary import BENEFIT_PAYMENT_LABELS, REFERRAL_SOURCE_LABELS, BenefitPayment, ReferralSource
from casework.households.vocabulary import (
    CIVILITY_LABELS,
    COMPOSITION_LABELS,
    HOUSING_LABELS,
    TYPOLOGY_LABELS,
    Civility,
    Composition,
    Housing,
    Typology,
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
    MoneyField,
    NoteField,
    WholeNumberField,
)
from casework.web.i18n import lazy_gettext as _

# Also what a pasted number brings: spaces, dots, a plus sign.
PHONE = Regexp(r"\+?[\d ().-]{6,31}\Z", message=_("Écrivez le numéro comme 06 12 34 56 78."))


def whole(value: object) -> int:
    """Return the positive whole number that a hidden or chosen value holds, 0 for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class ReferentField(SelectField):
    """Somebody who may follow a household, by id; empty is 0."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=whole, validate_choice=False, choices=[], **kwargs)


class SheetForm(BaseForm):
    """What a referral notes of a household: the usual fields first, the rest when one has it."""

    civility = CodeChoiceField(_("Civilité"), [OPTIONAL], labels=CIVILITY_LABELS)
    family_name = LineField(_("Nom"), [REQUIRED])
    given_name = LineField(_("Prénom"), [REQUIRED])
    born_on = CivilDateField(_("Date de naissance"), [OPTIONAL])
    phone = LineField(_("Téléphone"), [OPTIONAL, PHONE], most=32, render_kw={"type": "tel"})
    composition = CodeField(_("Composition du ménage"), [REQUIRED], labels=COMPOSITION_LABELS)
    adults = WholeNumberField(_("Adultes"), [REQUIRED], low=0, high=20)
    children = WholeNumberField(_("Enfants"), [REQUIRED], low=0, high=20)
    referral_source = CodeField(_("Qui oriente le ménage"), [REQUIRED], labels=REFERRAL_SOURCE_LABELS)
    referred_on = CivilDateField(_("Date de l’orientation"), [REQUIRED])
    referral_motive = NoteField(_("Motif"), [OPTIONAL])
    housing_at_entry = CodeField(_("Logement à l’orientation"), [REQUIRED], labels=HOUSING_LABELS)
    address = LineField(_("Adresse"), [OPTIONAL])
    district = LineField(_("Quartier"), [OPTIONAL])
    typology = CodeField(_("Taille du logement"), [OPTIONAL], labels=TYPOLOGY_LABELS)
    moved_in_on = CivilDateField(_("Date d’entrée dans le logement"), [OPTIONAL])
    lease_number = LineField(_("Numéro de bail"), [OPTIONAL], most=32)
    rent_cents = MoneyField(_("Loyer"), [OPTIONAL])
    charges_cents = MoneyField(_("Charges"), [OPTIONAL])
    resources_cents = MoneyField(_("Ressources du ménage"), [OPTIONAL])
    benefit_cents = MoneyField(_("Aide au logement"), [OPTIONAL])
    benefit_payment = CodeChoiceField(_("L’aide au logement est"), [OPTIONAL], labels=BENEFIT_PAYMENT_LABELS)
    number = LineField(_("Numéro de dossier"), [OPTIONAL], most=32)

    def sheet(self) -> Sheet:
        """Return what the form says. Call it only on a form that validated."""
        said = self.data  # a field that the page leaves out is not in it
        return Sheet(
            family_name=said["family_name"],
            given_name=said["given_name"],
            referred_on=said["referred_on"],
            referral_source=ReferralSource(said["referral_source"]),
            housing_at_entry=Housing(said["housing_at_entry"]),
            composition=Composition(said.get("composition") or Composition.NR),
            adults=said.get("adults") or 0,
            children=said.get("children") or 0,
            civility=Civility(said["civility"]) if said["civility"] else None,
            born_on=said["born_on"],
            phone=said.get("phone") or None,
            referral_motive=said["referral_motive"] or "",
            address=said.get("address") or "",
            district=said.get("district") or "",
            typology=Typology(said["typology"] or Typology.NR),
            moved_in_on=said["moved_in_on"],
            rent_cents=said["rent_cents"] or 0,
            charges_cents=said["charges_cents"] or 0,
            resources_cents=said["resources_cents"],
            benefit_cents=said["benefit_cents"] or 0,
            benefit_payment=BenefitPayment(said["benefit_payment"] or BenefitPayment.TIERS_PAYANT),
            lease_number=said["lease_number"] or "",
            number=said["number"] or "",
        )


class ReferralForm(SheetForm):
    """A household comes into a programme."""

    programme = SelectField(_("Dispositif"), [REQUIRED], choices=[])
    referent_id = ReferentField(_("Qui suivra le ménage"), [OPTIONAL])
    another_household = BooleanField(_("C’est un autre ménage : enregistrer quand même"))


class CorrectionForm(ComparedForm, SheetForm):
    """What the referral noted, corrected; `version` is the one that was read."""

    def leave_out_the_place(self) -> None:
        """Ask for no address and no telephone: those of this household are secret, and noted elsewhere."""
        del self.phone, self.address, self.district


class ReferentForm(BaseForm):
    """Who follows the household from now on."""

    referent_id = ReferentField(_("Qui suit le ménage"), [REQUIRED])
    keep_previous = BooleanField(_("Garder dans l’équipe la personne qui suivait le ménage"), default=True)


class SuspensionForm(BaseForm):
    """A pause."""

    from_on = CivilDateField(_("À partir du"), [REQUIRED])
    to_on = CivilDateField(_("Jusqu’au (inclus)"), [OPTIONAL])
    reason = LineField(_("Pourquoi"), [REQUIRED], free=True)


class ResumptionForm(BaseForm):
    """The end of a pause."""

    resumed_on = CivilDateField(_("L’accompagnement reprend le"), [REQUIRED])
