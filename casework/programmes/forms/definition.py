"""The form of what a programme says: the few fields of the usual case, then parts that stay folded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from wtforms import BooleanField, FormField, HiddenField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from casework.kernel.errors import CaseworkError, RuleViolation
from casework.kernel.text import search_key
from casework.programmes import edition
from casework.programmes.definition import DefinitionError
from casework.programmes.definition.reader import Place
from casework.programmes.definition.words import CADENCES, CATEGORIES, DWELLING_UNITS, MODES, UNITS
from casework.programmes.toml_text import read_text, write_text
from casework.programmes.vocabulary import (
    CADENCE_LABELS,
    CATEGORY_LABELS,
    MODE_LABELS,
    PARAMETER_LABELS,
    STAGE_LABELS,
    UNIT_LABELS,
)
from casework.programmes.vocabulary.parts import COST_PERIOD_LABELS, QUOTA_LABELS, QUOTA_UNIT_LABELS
from casework.programmes.vocabulary.places import ANSWER_LABELS, PERIOD_LABELS
from casework.programmes.vocabulary.publics import PUBLIC_LABELS
from casework.web.filters import label
from casework.web.forms import (
    OPTIONAL,
    REQUIRED,
    BaseForm,
    CivilDateField,
    CodeField,
    LineField,
    LinesField,
    MoneyField,
    NoteField,
    WholeNumberField,
)
from casework.web.i18n import gettext, ngettext
from casework.web.i18n import lazy_gettext as _

MOST_ROWS = 40
MOST_STAGES = 20
LEAST_STAGES = 4
MOST_MONTHS = 600
QUOTA_WORDS: dict[str, Mapping[str, str]] = {"mode": MODE_LABELS, "public": PUBLIC_LABELS, "lease": STAGE_LABELS}


class _Line(BaseForm):
    """A line of a list; `origin` is the place of what it was made from in the definition, to keep what it does not show."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that none is missing without which the others say nothing."""
        is_sound = bool(super().validate(extra_validators))
        for name, message in self.lacking():
            self[name].errors = [*self[name].errors, message]
            is_sound = False
        return is_sound

    def lacking(self) -> Iterator[tuple[str, str]]:
        """Yield (field, message) of what is missing in a line that says something."""
        yield from ()

    origin = HiddenField(filters=[lambda value: int(value) if str(value).isdecimal() and len(str(value)) < 4 else None])


class QuotaLine(_Line):
    """A part of the headcount kept for some households or dwellings."""

    value = WholeNumberField(_("Combien"), [OPTIONAL], low=1, high=1_000_000)
    unit = CodeField(_("De quoi"), [OPTIONAL], labels=QUOTA_UNIT_LABELS)
    by = CodeField(_("Réparti"), [OPTIONAL], labels=QUOTA_LABELS)
    of = LineField(_("Pour qui ou pour quoi"), [OPTIONAL])

    def lacking(self) -> Iterator[tuple[str, str]]:
        """A number without what it counts, and for whom, is no share."""
        if self.value.data and not self.unit.data:
            yield "unit", gettext("Dites de quoi : ménages ou logements.")
        if self.value.data and not self.by.data:
            yield "by", gettext("Dites comment la part se répartit.")

    def words(self) -> str:
        """Return for whom, as a code where the words are those of one."""
        known = QUOTA_WORDS.get(self.by.data or "", {})
        typed = search_key(self.of.data or "")
        return next((code for code, words in known.items() if search_key(gettext(words)) == typed), self.of.data or "")


class CadenceLine(_Line):
    """Something that comes back."""

    what = CodeField(_("Quoi"), [OPTIONAL], labels=CADENCE_LABELS, codes=CADENCES)
    every = WholeNumberField(_("Tous les"), [OPTIONAL], low=1, high=1_000)
    unit = CodeField(_("Unité"), [OPTIONAL], labels=PERIOD_LABELS)
    times = WholeNumberField(_("Nombre de fois"), [OPTIONAL], low=1, high=1_000)
    from_month = WholeNumberField(_("À partir du mois"), [OPTIONAL], low=0, high=MOST_MONTHS)

    def lacking(self) -> Iterator[tuple[str, str]]:
        """A rhythm says what comes back, and in which unit it is counted."""
        if (self.every.data or self.unit.data or self.times.data) and not self.what.data:
            yield "what", gettext("Dites ce qui revient.")
        if self.every.data and not self.unit.data:
            yield "unit", gettext("Choisissez une unité.")


class PathLine(_Line):
    """One way through the statuses of occupation, in order."""

    stages = LinesField(
        CodeField(_("Statut"), [OPTIONAL], labels=STAGE_LABELS), min_entries=LEAST_STAGES, max_entries=MOST_STAGES
    )
    mode = CodeField(_("Pour"), [OPTIONAL], labels=MODE_LABELS, codes=MODES[:2])
    same_dwelling = CodeField(_("Dans le même logement"), [OPTIONAL], labels=ANSWER_LABELS)

    def lacking(self) -> Iterator[tuple[str, str]]:
        """A path has a status at least."""
        if (self.mode.data or self.same_dwelling.data) and not any(self.stages.data):
            yield "mode", gettext("Choisissez au moins un statut pour ce chemin.")


class FundingLine(_Line):
    """Who pays."""

    funder = LineField(_("Financeur"), [OPTIONAL])
    amount_cents = MoneyField(_("Montant"), [OPTIONAL])
    period = CodeField(_("Période"), [OPTIONAL], labels=COST_PERIOD_LABELS, codes=("project", "year"))
    share_percent = WholeNumberField(_("Part du coût"), [OPTIONAL], low=1, high=100)


LINES: dict[str, type[_Line]] = {
    "quotas": QuotaLine,
    "cadences": CadenceLine,
    "paths": PathLine,
    "fundings": FundingLine,
}


@dataclass(frozen=True)
class BlankLine:
    """A line that is not in the list yet, of the shape of those that are."""

    name: str
    form: _Line


class DefinitionForm(BaseForm):
    """What a programme says, where a form can ask it; `document`, as TOML, holds the rest, which stays as it was."""

    document = HiddenField()
    title = LineField(_("Titre"), [REQUIRED])
    valid_from = CivilDateField(_("En vigueur à partir du"), [REQUIRED])
    category = CodeField(_("Thème"), [REQUIRED], labels=CATEGORY_LABELS, codes=CATEGORIES)
    mode = CodeField(_("Objet"), [OPTIONAL], labels=MODE_LABELS, codes=MODES)
    summary = NoteField(_("Résumé"), [OPTIONAL], free=False)
    place = LineField(_("Lieu"), [OPTIONAL])
    households_value = WholeNumberField(_("Ménages"), [OPTIONAL], low=1, high=1_000_000)
    households_unit = CodeField(_("Ménages comptés"), [OPTIONAL], labels=UNIT_LABELS, codes=UNITS)
    households_approximate = BooleanField(_("Ce nombre est approximatif"))
    dwellings_value = WholeNumberField(_("Logements"), [OPTIONAL], low=1, high=1_000_000)
    dwellings_unit = CodeField(_("Logements comptés"), [OPTIONAL], labels=UNIT_LABELS, codes=DWELLING_UNITS)
    duration_months = WholeNumberField(_("Durée du dispositif"), [OPTIONAL], low=1, high=MOST_MONTHS)
    duration_renewable = CodeField(_("Dispositif renouvelable"), [OPTIONAL], labels=ANSWER_LABELS)
    publics = SelectMultipleField(
        _("Publics"),
        [OPTIONAL],
        choices=lambda: [(code, label(code, PUBLIC_LABELS)) for code in PUBLIC_LABELS],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    age_min = WholeNumberField(_("Âge minimal"), [OPTIONAL], low=1, high=120)
    age_min_strict = BooleanField(_("Plus que cet âge : il est lui-même exclu"))
    age_max = WholeNumberField(_("Âge maximal"), [OPTIONAL], low=1, high=120)
    age_max_strict = BooleanField(_("Moins que cet âge : il est lui-même exclu"))
    quotas = LinesField(FormField(QuotaLine), max_entries=MOST_ROWS)
    paths = LinesField(FormField(PathLine), max_entries=MOST_ROWS)
    order_matters = BooleanField(_("L’ordre des statuts est imposé"))
    min_months = WholeNumberField(_("Au moins"), [OPTIONAL], low=1, high=MOST_MONTHS)
    max_months = WholeNumberField(_("Au plus"), [OPTIONAL], low=1, high=MOST_MONTHS)
    typical_months = WholeNumberField(_("En général"), [OPTIONAL], low=1, high=MOST_MONTHS)
    open_ended = CodeField(_("Sans durée limitée"), [OPTIONAL], labels=ANSWER_LABELS)
    period_months = WholeNumberField(_("Première période"), [OPTIONAL], low=1, high=MOST_MONTHS)
    renewable = CodeField(_("Renouvelable"), [OPTIONAL], labels=ANSWER_LABELS)
    renewal_months = WholeNumberField(_("Chaque renouvellement"), [OPTIONAL], low=1, high=MOST_MONTHS)
    renewals_max = WholeNumberField(_("Renouvellements au plus"), [OPTIONAL], low=1, high=100)
    derogation = BooleanField(_("Une durée plus longue est possible, avec un motif"))
    cadences = LinesField(FormField(CadenceLine), max_entries=MOST_ROWS)
    total_cents = MoneyField(_("Coût total"), [OPTIONAL])
    total_period = CodeField(_("Période du total"), [OPTIONAL], labels=COST_PERIOD_LABELS, codes=("project", "year"))
    diagnostic_unit_cents = MoneyField(_("Un diagnostic"), [OPTIONAL])
    accompaniment_unit_cents = MoneyField(_("Accompagnement d’un ménage"), [OPTIONAL])
    accompaniment_unit_period = CodeField(_("Période de ce coût"), [OPTIONAL], labels=COST_PERIOD_LABELS)
    gla_unit_cents = MoneyField(_("Gestion locative adaptée d’un logement"), [OPTIONAL])
    gla_unit_period = CodeField(_("Période de ce coût"), [OPTIONAL], labels=COST_PERIOD_LABELS)
    fundings = LinesField(FormField(FundingLine), max_entries=MOST_ROWS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for path in self.paths:
            _leave_room(path.form.stages)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that a number says what it counts."""
        is_sound = bool(super().validate(extra_validators))
        for name in ("households", "dwellings"):
            unit = self[f"{name}_unit"]
            if self[f"{name}_value"].data and not unit.data:
                unit.errors = [*unit.errors, gettext("Dites comment ils sont comptés.")]
                is_sound = False
        return is_sound

    @classmethod
    def of_document(cls, document: Mapping[str, object], **more: object) -> Self:
        """Return the form of a raw definition; `more` are values of fields of the form's own."""
        entries = edition.entries_of(document)
        for quota in edition.rows_of(entries, "quotas"):
            quota["of"] = label(str(quota["of"]), QUOTA_WORDS.get(str(quota["by"]), {}))
        return cls(formdata=None, data=entries | more | {"document": write_text(document)})

    def validate_document(self, field: HiddenField) -> None:
        """Refuse a rest that is no definition: a page carries it along, nobody types it."""
        try:
            read_text(gettext("Définition"), field.data or "")
        except DefinitionError as error:
            raise ValidationError(in_words(error)) from error

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The fields of the national parameters that the programme may replace."""
        return tuple(f"parameter_{key}" for key in PARAMETER_LABELS)

    def blank(self, name: str) -> BlankLine:
        """Return an empty line of the list `name`, from which the page makes more."""
        prefix = f"{name}-__index__"
        return BlankLine(prefix, LINES[name](formdata=None, prefix=f"{prefix}-"))

    def change_lines(self, added: str, removed: str) -> None:
        """Add a line to the list `added` (`cadences`, `paths-0-stages`), or take the line `removed` out (`cadences-2`)."""
        name, _dash, rest = added.partition("-")
        if name in LINES and not rest:
            self[name].append_entry()
        elif name == "paths":
            for path in self.paths:
                if added == path.form.stages.name and len(path.form.stages) < MOST_STAGES:
                    path.form.stages.append_entry()
        for name in LINES:
            self[name].entries[:] = [entry for entry in self[name].entries if entry.name != removed]

    def written(self) -> edition.Written:
        """Return the definition as the form says it. Call it only on a form that validated."""
        said = dict(self.data)
        said["quotas"] = [entry.form.data | {"of": entry.form.words()} for entry in self.quotas]
        rows = edition.written(read_text("definition", self.document.data or ""), said)
        # Lines taken out leave gaps: the form names its lines by their own number.
        numbers = {table: tuple(self._number(table, row) for row in held) for table, held in rows.rows.items()}
        return edition.Written(rows.document, numbers)

    def _number(self, table: str, row: int) -> int:
        entry = self[edition.list_of(table)].entries[row]
        return int(str(entry.name).rpartition("-")[2])

    def refuse_definition(self, error: DefinitionError, written: edition.Written) -> None:
        """Mark the field where a definition is at fault, or the whole form."""
        self.refuse(RuleViolation(written.field_of(error.fault) if error.fault else "", in_words(error)))

    def refuse(self, violation: RuleViolation) -> None:
        """Mark the field that a rule names, a field of a line included."""
        field: Any = self
        for part in violation.field.split("-"):
            entries = getattr(field, "entries", None)
            if entries is not None:
                field = next((entry for entry in entries if entry.name.endswith(f"-{part}")), None)
            else:
                field = getattr(getattr(field, "form", field), "_fields", {}).get(part)
            if field is None:
                break
        if field is None or field is self or "-" not in violation.field:
            super().refuse(violation)
            return
        target = field.entries[0] if getattr(field, "entries", None) else field
        target.errors = [*target.errors, violation.text(gettext, ngettext)]
        self._tell_lists()

    def _tell_lists(self) -> None:
        """Let the lists say that a field of theirs is at fault: the summary of errors asks them."""
        for name in LINES:
            for entry in self[name]:
                stages = getattr(entry.form, "stages", None)
                if stages is not None and any(stage.errors for stage in stages):
                    stages.errors = [stage.errors for stage in stages]
            faults = [entry.form.errors for entry in self[name]]
            self[name].errors = faults if any(faults) else []


def _leave_room(stages: LinesField) -> None:
    """Leave an empty status at the end of a path, for one more."""
    while stages.entries[-1].data and len(stages) < MOST_STAGES:
        stages.append_entry()


def in_words(error: CaseworkError, *, with_place: bool = False) -> str:
    """Return what is wrong with a definition in the language of the page, the codes of statuses in words.

    `with_place` names the table and the key as they stand in the text of the definition.
    """
    fault = getattr(error, "fault", None)
    if fault is None:
        return error.text(gettext, ngettext)
    values = {name: _shown(value) for name, value in fault.values.items()}
    reason = gettext(fault.reason) % values if values else gettext(fault.reason)
    if with_place:
        where = str(Place(gettext("Définition"), fault.table, fault.number))
        return gettext("%(where)s, clé « %(key)s » : %(reason)s.", where=where, key=fault.key, reason=reason)
    if fault.value is None:
        return gettext("À corriger : %(reason)s.", reason=reason)
    return gettext("« %(value)s » ne convient pas : %(reason)s.", value=_shown(fault.value), reason=reason)


def _shown(value: object) -> str:
    words = str(value)
    for joint in (" → ", ", "):
        if joint in words:
            return joint.join(_shown(part) for part in words.split(joint))
    return label(words, STAGE_LABELS) if words in STAGE_LABELS else words


def _add_parameters() -> None:
    """Give the form a field for each national parameter that a programme may replace."""
    for key, words in PARAMETER_LABELS.items():
        low = 0 if key.endswith("_notice_days") else 1
        setattr(DefinitionForm, f"parameter_{key}", WholeNumberField(_(words), [OPTIONAL], low=low, high=100_000))


_add_parameters()
