"""What a later version says otherwise, in words: each difference with its place, as it was and as it becomes."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from casework.programmes.definition.parts import Cadence
from casework.programmes.presentation.words import months, number, rhythm
from casework.programmes.rules import Difference
from casework.programmes.vocabulary import (
    CADENCE_LABELS,
    CATEGORY_LABELS,
    MODE_LABELS,
    PARAMETER_LABELS,
    STAGE_LABELS,
    UNIT_LABELS,
)
from casework.programmes.vocabulary.actions import ACTION_FAMILIES
from casework.programmes.vocabulary.bodies import BODY_ROLE_LABELS
from casework.programmes.vocabulary.documents import DOCUMENT_LABELS
from casework.programmes.vocabulary.parts import (
    COST_COUNT_LABELS,
    COST_PART_LABELS,
    COST_PERIOD_LABELS,
    DEBT_MODE_LABELS,
    DIAGNOSTIC_TIME_LABELS,
    GATE_LABELS,
    PARTY_LABELS,
    QUOTA_LABELS,
    QUOTA_UNIT_LABELS,
    RECONCILE_UNIT_LABELS,
    REMARK_LABELS,
    STOCK_LABELS,
)
from casework.programmes.vocabulary.places import FIELD_LABELS, SECTION_LABELS
from casework.programmes.vocabulary.publics import PUBLIC_LABELS
from casework.programmes.vocabulary.thresholds import THRESHOLD_LABELS, THRESHOLD_UNIT_LABELS
from casework.web.filters import day, euros, label, tenths
from casework.web.i18n import gettext as _

# place, or name wherever it stands → its codes
_CODES: dict[str, Mapping[str, str]] = {
    "category": CATEGORY_LABELS,
    "mode": MODE_LABELS,
    "publics": PUBLIC_LABELS,
    "origin": STAGE_LABELS,
    "stages": STAGE_LABELS,
    "named": STAGE_LABELS,
    "to": STAGE_LABELS,
    "stage": STAGE_LABELS,
    "leases": STAGE_LABELS,
    "actions": {code: words for family in ACTION_FAMILIES.values() for code, words in family.items()},
    "roles": BODY_ROLE_LABELS,
    "parties": PARTY_LABELS,
    "by": PARTY_LABELS,
    "quotas.by": QUOTA_LABELS,
    "quotas.of": MODE_LABELS | PUBLIC_LABELS | STAGE_LABELS,
    "quotas.unit": QUOTA_UNIT_LABELS,
    "lease.gates.by": GATE_LABELS,
    "when": DIAGNOSTIC_TIME_LABELS,
    "documents.kind": DOCUMENT_LABELS,
    "remarks.kind": REMARK_LABELS,
    "cadences.what": CADENCE_LABELS,
    "cost_parts.what": COST_PART_LABELS,
    "thresholds.what": THRESHOLD_LABELS,
    "thresholds.unit": THRESHOLD_UNIT_LABELS,
    "reconciliations.unit": RECONCILE_UNIT_LABELS,
    "unit": UNIT_LABELS,
    "period": COST_PERIOD_LABELS,
    "total_period": COST_PERIOD_LABELS,
    "accompaniment_unit_period": COST_PERIOD_LABELS,
    "gla_unit_period": COST_PERIOD_LABELS,
    "per": COST_COUNT_LABELS,
    "debt_mode": DEBT_MODE_LABELS,
    "stock": STOCK_LABELS,
}
# What names a part stands first, without saying so.
_NAMING = frozenset(
    {"what", "kind", "name", "title", "funder", "source", "stages", "about", "text", "stage", "to", "of"}
)

# place in words, as it was, as it becomes, whether it changed (always: rows of a table of changes)
Row = tuple[str, str, str, bool]


def change_rows(found: Iterable[Difference]) -> tuple[Row, ...]:
    """Return the differences in words, in the language of the page; "" where nothing is said."""
    return tuple(
        (place_words(d.place), value_words(d.place, d.before), value_words(d.place, d.after), True) for d in found
    )


def place_words(place: str) -> str:
    """Return a place of a definition in words: `Accompagnement : au plus, en mois`."""
    section, _dot, name = place.partition(".")
    words = label(section, SECTION_LABELS)
    if not name:
        return words
    labels = PARAMETER_LABELS if section == "parameters" else FIELD_LABELS
    return _("%(part)s : %(precisely)s", part=words, precisely=label(name, labels))


def value_words(place: str, value: object) -> str:
    """Return what is said at a place in words, "" when nothing is."""
    name = place.rpartition(".")[2]
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, tuple):
        joint = " → " if name == "stages" else ", "
        return joint.join(value_words(place, item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return _part(place, fields(value), value)
    if isinstance(value, str):
        return label(value, _CODES.get(place) or _CODES.get(name) or {})
    return _amount(name, value)


def _amount(name: str, value: object) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Fraction):
        return number(int(value) if value.denominator == 1 else float(value))
    if not isinstance(value, int | float):
        return str(value)
    if name.endswith("_cents"):
        return euros(int(value))
    if name.endswith("_tenths"):
        return tenths(int(value))
    return months(int(value)) if name.endswith("months") else number(value)


def _part(place: str, known: tuple[Field[Any], ...], part: object) -> str:
    """Return a part of a list in words: what names it, then all else that it says."""
    said = {f.name: getattr(part, f.name) for f in known if getattr(part, f.name) != _unsaid(f)}
    heads = [value_words(f"{place}.{name}", value) for name, value in said.items() if name in _NAMING]
    if isinstance(part, Cadence) and part.every is not None:
        heads.append(rhythm(said.pop("every"), said.pop("unit")))
    tail = [
        _("%(part)s : %(precisely)s", part=label(name, FIELD_LABELS), precisely=value_words(f"{place}.{name}", value))
        for name, value in said.items()
        if name not in _NAMING
    ]
    return " · ".join([*heads, *tail])


def _unsaid(known: Field[Any]) -> object:
    return None if known.default is MISSING else known.default
