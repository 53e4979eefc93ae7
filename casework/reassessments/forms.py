"""Form of the reassessment."""

from collections.abc import Collection, Mapping
from typing import Any

from wtforms import RadioField
from wtforms.validators import ValidationError

from casework.accounts.vocabulary import Category
from casework.contracts.vocabulary import OBJECTIVE_STATE_LABELS, ObjectiveState
from casework.reassessments.rules import level_field
from casework.reassessments.service import ReassessmentNews
from casework.reassessments.vocabulary import DECISION_LABELS, DOMAIN_LABELS, LEVEL_LABELS, Decision, Domain
from casework.web.forms import OPTIONAL, REQUIRED, BaseForm, CivilDateField, CodeChoiceField, CodeField, NoteField
from casework.web.i18n import gettext
from casework.web.i18n import lazy_gettext as _

_OBJECTIVE = "objective_"


class LevelField(RadioField):
    """A level of the scale, its number before its words."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label,
            validators,
            choices=lambda: [(str(level), f"{level} – {gettext(words)}") for level, words in LEVEL_LABELS.items()],
            coerce=lambda value: "" if value is None else str(value),
            validate_choice=False,
            **kwargs,
        )

    def pre_validate(self, form: Any) -> None:
        """Refuse a level that the scale does not have."""
        if self.data and self.data not in {str(level) for level in LEVEL_LABELS}:
            raise ValidationError(gettext("Choisissez un niveau de 1 à 4."))


class ReassessmentForm(BaseForm):
    """What comes out of a reassessment; the levels of the domains and the objectives of the case are added to it."""

    held_on = CivilDateField(_("Date"), [REQUIRED])
    household_words = NoteField(_("Ce que le ménage en dit"), [OPTIONAL])
    shared_note = NoteField(_("Ce que le bailleur peut lire"), [OPTIONAL])
    private_note = NoteField(_("Pour l’association seulement"), [OPTIONAL])
    decision = CodeChoiceField(_("Décision"), [REQUIRED], labels=DECISION_LABELS)

    def level_fields(self) -> list[tuple[str, Any]]:
        """Return (code of the domain, its field), in the order of the domains."""
        return [(domain.value, self._fields[level_field(domain)]) for domain in Domain]

    def objective_fields(self) -> list[Any]:
        """Return the fields of the objectives, in the order in which they were given."""
        return [bound for name, bound in self._fields.items() if name.startswith(_OBJECTIVE)]

    def name_readers(self, read: Collection[Category]) -> bool:
        """Name the shared note by who reads it, and return whether the landlord does; `read`: what they read of the case."""
        is_read = {Category.REASSESSMENTS, Category.NOTES}.issubset(read)
        if not is_read:
            self.shared_note.label.text = gettext("Ce que l’équipe et la coordination peuvent lire")
        return is_read

    def news(self) -> ReassessmentNews:
        """Return what the form says. Call it only on a form that validated.

        An objective about which nothing was sent stays as it is.
        """
        return ReassessmentNews(
            held_on=self.held_on.data,
            decision=Decision(self.decision.data),
            levels={Domain(code): int(bound.data) for code, bound in self.level_fields()},
            household_words=self.household_words.data or "",
            shared_note=self.shared_note.data or "",
            private_note=self.private_note.data or "",
            objectives={
                int(bound.short_name.removeprefix(_OBJECTIVE)): ObjectiveState(bound.data)
                for bound in self.objective_fields()
                if bound.data
            },
        )


for _domain in Domain:
    setattr(ReassessmentForm, level_field(_domain), LevelField(_(DOMAIN_LABELS[_domain]), [REQUIRED]))


def reassessment_form(objectives: Mapping[int, str]) -> type[ReassessmentForm]:
    """Return the form for a case whose open objectives are these, by id."""
    fields = {
        f"{_OBJECTIVE}{objective_id}": CodeField(
            words, [OPTIONAL], labels=OBJECTIVE_STATE_LABELS, blank=False, default=ObjectiveState.OPEN.value
        )
        for objective_id, words in objectives.items()
    }
    return type("CaseReassessmentForm", (ReassessmentForm,), fields)
