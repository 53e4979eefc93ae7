"""What is to be known of the source: two readings, figures that do not agree, remarks."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from casework.programmes.definition.evidence import Reconciliation
from casework.programmes.definition.parts import Definition, Threshold
from casework.programmes.figures import figure, formula
from casework.programmes.presentation.words import between, counted
from casework.programmes.rules import unreconciled
from casework.programmes.tables import disagreements
from casework.programmes.vocabulary.parts import REMARK_LABELS
from casework.programmes.vocabulary.thresholds import THRESHOLD_LABELS
from casework.web.filters import label
from casework.web.i18n import gettext as _


@dataclass(frozen=True)
class Number:
    """A number that the programme states, with what exactly it is a number of ("" when that is not said)."""

    what: str
    value: str
    base: str


@dataclass(frozen=True)
class Gap:
    """A figure as printed beside what the sheet's own figures make of it, with the sum that gives it."""

    about: str
    printed: str
    computed: str
    difference: str
    formula: str


@dataclass(frozen=True)
class Doubts:
    """Where a sheet disagrees with itself: figures computed again, then what a reader remarked."""

    code: str
    gaps: tuple[Gap, ...]
    remarks: tuple[str, ...]


def doubts(definitions: Iterable[Definition]) -> tuple[Doubts, ...]:
    """Return every sheet that disagrees with itself, in words."""
    return tuple(
        Doubts(found.programme, tuple(gap_of(f) for f in found.figures), tuple(r.text for r in found.remarks))
        for found in disagreements(definitions)
    )


def numbers(d: Definition) -> tuple[Number, ...]:
    """Return the numbers that decide, or that size the means."""
    return tuple(Number(label(t.what, THRESHOLD_LABELS), _value(t), t.base or "") for t in d.thresholds)


def gaps(d: Definition) -> tuple[Gap, ...]:
    """Return each printed figure with which the source's own figures do not agree."""
    return tuple(gap_of(found) for found in unreconciled(d))


def gap_of(found: Reconciliation) -> Gap:
    """Return a figure that does not agree, in words."""
    return Gap(
        about=found.about,
        printed=_figure(found.printed, found.unit),
        computed=_figure(found.computed, found.unit),
        difference=_figure(found.difference, found.unit),
        formula=formula(found.terms),
    )


def remarks(d: Definition) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (kind, texts), the kinds in the order of their list."""
    groups = ((kind, tuple(r.text for r in d.remarks if r.kind == kind)) for kind in REMARK_LABELS)
    return tuple((label(kind, REMARK_LABELS), texts) for kind, texts in groups if texts)


def _value(t: Threshold) -> str:
    if t.unit == "boolean":
        return _("oui") if t.value else _("non")
    if t.value is None or t.unit is None:
        return _("sans montant imprimé")
    words = between(t.low, t.value, t.unit)
    if not t.strict:
        return words
    return _("plus de %(value)s", value=words) if "min" in t.what.split("_") else _("moins de %(value)s", value=words)


def _figure(value: Fraction, unit: str) -> str:
    if unit == "eur":
        return figure(value, unit)
    return counted(int(value) if value.denominator == 1 else float(value), unit)
