"""Forms of contracts, amendments and objectives."""

from dataclasses import dataclass, replace
from typing import Any

from wtforms import FormField
from wtforms.validators import InputRequired, ValidationError

from casework.contracts.service import Agreement, Goal
from casework.contracts.vocabulary import (
    MISSING_PARTY_LABELS,
    OBJECTIVE_STATE_LABELS,
    PARTY_LABELS,
    ObjectiveState,
    Party,
)
from casework.kernel.errors import RuleViolation
from casework.web.forms import (
    OPTIONAL,
    REQUIRED,
    BaseForm,
    CivilDateField,
    CodeChoiceField,
    CodeField,
    ComparedForm,
    LineField,
    LinesField,
    NoteField,
)
from casework.web.i18n import gettext, ngettext
from casework.web.i18n import lazy_gettext as _

MOST_OBJECTIVES = 30


class ObjectiveFields(BaseForm):
    """One line of the list of objectives; a line left empty is none."""

    label = LineField(_("Objectif"), free=True)
    party = CodeField(_("Qui s’engage"), labels=PARTY_LABELS, blank=False, default=Party.HOUSEHOLD.value)
    due_on = CivilDateField(_("Échéance"), [OPTIONAL])

    def validate_due_on(self, field: CivilDateField) -> None:
        """Refuse a due date of nothing."""
        if field.data is not None and not self.label.data:
            raise ValidationError(gettext("Écrivez l’objectif qui va avec cette échéance."))


@dataclass(frozen=True)
class BlankLine:
    """A line that is not in the list yet, of the shape of those that are."""

    form: ObjectiveFields


class AgreementForm(BaseForm):
    """What a contract and its amendments have in common."""

    signed_on = CivilDateField(_("Date de la signature"), [REQUIRED])
    planned_end_on = CivilDateField(_("Fin prévue"), [OPTIONAL])
    objectives = LinesField(FormField(ObjectiveFields), min_entries=1, max_entries=MOST_OBJECTIVES)
    terms = NoteField(_("Engagements de chacun"), [OPTIONAL])
    derogation = NoteField(_("Motif d’une durée plus longue"), [OPTIONAL])

    def blank_objective(self) -> BlankLine:
        """Return an empty line of objectives, from which the page makes more."""
        return BlankLine(ObjectiveFields(formdata=None, prefix="objectives-__index__-"))

    def goals(self) -> list[Goal]:
        """Return the objectives that were written."""
        rows = [entry.form for entry in self.objectives if entry.form.label.data]
        return [Goal(row.label.data or "", Party(row.party.data), row.due_on.data) for row in rows]

    def agreement(self) -> Agreement:
        """Return what the form says. Call it only on a form that validated."""
        return Agreement(
            self.signed_on.data,
            self.planned_end_on.data,
            self.goals(),
            self.terms.data or "",
            self.derogation.data or "",
        )

    def refuse(self, violation: RuleViolation) -> None:
        """Mark the field that the rule names; what it says of the objectives stands at the first of them."""
        if violation.field != "objectives":
            super().refuse(violation)
            return
        first = self.objectives[0].form.label
        first.errors = [*first.errors, violation.text(gettext, ngettext)]
        self.objectives.errors = [{"label": first.errors}]


class ContractForm(AgreementForm):
    """The tripartite contract: each party names who signs."""

    household_signatory = LineField(_("Pour le ménage"), [InputRequired(_(MISSING_PARTY_LABELS[Party.HOUSEHOLD]))])
    association_signatory = LineField(
        _("Pour l’association"), [InputRequired(_(MISSING_PARTY_LABELS[Party.ASSOCIATION]))]
    )
    landlord_signatory = LineField(_("Pour le bailleur"), [InputRequired(_(MISSING_PARTY_LABELS[Party.LANDLORD]))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.objectives[0].form.label.flags.required = True  # a contract has one at least

    def agreement(self) -> Agreement:
        """Return what the form says. Call it only on a form that validated."""
        signatories = {
            Party.HOUSEHOLD: self.household_signatory.data or "",
            Party.ASSOCIATION: self.association_signatory.data or "",
            Party.LANDLORD: self.landlord_signatory.data or "",
        }
        return replace(super().agreement(), signatories=signatories)


class SettlementForm(ComparedForm):
    """What became of an objective."""

    state = CodeChoiceField(_("Où en est-on"), [REQUIRED], labels=OBJECTIVE_STATE_LABELS)
    settled_on = CivilDateField(_("Depuis le"), [OPTIONAL])

    def new_state(self) -> ObjectiveState:
        """Return what became of it. Call it only on a form that validated."""
        return ObjectiveState(self.state.data)
