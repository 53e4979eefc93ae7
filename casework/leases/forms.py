"""Form of the lease stages."""

from wtforms import BooleanField
from wtforms.validators import ValidationError

from casework.leases.service import NextStage
from casework.programmes.vocabulary import STAGE_LABELS, LeaseStageCode
from casework.web.forms import OPTIONAL, REQUIRED, BaseForm, CivilDateField, CodeField, NoteField
from casework.web.i18n import gettext
from casework.web.i18n import lazy_gettext as _


class StageForm(BaseForm):
    """A new lease stage; only the stages that may follow are offered."""

    stage = CodeField(_("Nouveau statut"), [REQUIRED], labels=STAGE_LABELS, validate_choice=False)
    from_on = CivilDateField(_("À partir du"), [REQUIRED])
    same_dwelling = BooleanField(_("Le ménage reste dans le même logement"), [OPTIONAL])
    note = NoteField(_("Note"), [OPTIONAL])

    def offer(self, codes: tuple[str, ...]) -> None:
        """Offer these stages, in this order."""
        self.stage.choices = [("", gettext("Choisir…"))] + [(code, gettext(STAGE_LABELS[code])) for code in codes]

    def validate_stage(self, field: CodeField) -> None:
        """Refuse what is no stage at all; a stage that may not follow is refused by the rule, which says why."""
        if field.data not in STAGE_LABELS:
            raise ValidationError(gettext("Choisissez dans la liste."))

    def news(self) -> NextStage:
        """Return what the form says. Call it only on a form that validated."""
        return NextStage(
            stage=LeaseStageCode(self.stage.data),
            from_on=self.from_on.data,
            same_dwelling=bool(self.same_dwelling.data),
            note=self.note.data or "",
        )
