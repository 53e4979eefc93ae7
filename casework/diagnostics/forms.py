"""Form of the diagnostic."""

from wtforms import Field

from casework.diagnostics.rules import Budget
from casework.diagnostics.service import Findings
from casework.diagnostics.vocabulary import RECOMMENDATION_LABELS, RESOURCE_LABELS, Recommendation, Resource
from casework.web.forms import OPTIONAL, REQUIRED, BaseForm, CivilDateField, CodeField, MoneyField, NoteField
from casework.web.i18n import lazy_gettext as _

USUAL = (Resource.SAL, Resource.PPA, Resource.RSA, Resource.AAH, Resource.ARE, Resource.RET, Resource.AF)
BEGINNING = "resource_"


class DiagnosticForm(BaseForm):
    """The diagnostic. One field for each kind of income is added below."""

    made_on = CivilDateField(_("Date du diagnostic"), [REQUIRED])
    social_part = NoteField(_("Situation sociale"), [OPTIONAL])
    housing_part = NoteField(_("Situation du logement"), [OPTIONAL])
    rent_cents = MoneyField(_("Loyer"), [OPTIONAL])
    annexes_cents = MoneyField(_("Annexes (garage, cave…)"), [OPTIONAL])
    charges_cents = MoneyField(_("Charges récupérables"), [OPTIONAL])
    benefit_cents = MoneyField(_("Aide au logement"), [OPTIONAL])
    fixed_charges_cents = MoneyField(_("Charges fixes du mois"), [OPTIONAL])
    recommendation = CodeField(_("Préconisation"), [OPTIONAL], labels=RECOMMENDATION_LABELS)
    recommendation_note = NoteField(_("Ce qui la motive"), [OPTIONAL])

    def incomes(self, *, usual: bool) -> list[Field]:
        """Return the fields of the usual kinds of income, or of the others."""
        return [self[BEGINNING + kind.value] for kind in Resource if (kind in USUAL) is usual]

    def budget(self) -> Budget:
        """Return the budget as far as it can be read."""
        incomes = {kind.value: self[BEGINNING + kind.value].data for kind in Resource}
        return Budget(
            resources={kind: cents for kind, cents in incomes.items() if cents is not None},
            rent_cents=self.rent_cents.data or 0,
            annexes_cents=self.annexes_cents.data or 0,
            charges_cents=self.charges_cents.data or 0,
            benefit_cents=self.benefit_cents.data or 0,
            fixed_charges_cents=self.fixed_charges_cents.data or 0,
        )

    def findings(self) -> Findings:
        """Return what the form says. Call it only on a form that validated."""
        return Findings(
            made_on=self.made_on.data,
            budget=self.budget(),
            social_part=self.social_part.data or "",
            housing_part=self.housing_part.data or "",
            recommendation=Recommendation(self.recommendation.data) if self.recommendation.data else None,
            recommendation_note=self.recommendation_note.data or "",
        )


for _kind in Resource:
    setattr(DiagnosticForm, BEGINNING + _kind.value, MoneyField(_(RESOURCE_LABELS[_kind]), [OPTIONAL]))
