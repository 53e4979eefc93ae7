"""A programme definition in words."""

from dataclasses import dataclass
from datetime import date

from casework.programmes.definition import Amount, Cadence, Definition, Quantity
from casework.programmes.rules import TOTAL
from casework.programmes.terms import Parameter, parameters_in_force
from casework.programmes.vocabulary import (
    CADENCE_LABELS,
    CATEGORY_LABELS,
    COST_LABELS,
    MODE_LABELS,
    PARAMETER_LABELS,
    STAGE_LABELS,
    STATUS_LABELS,
    UNIT_LABELS,
)
from casework.web.filters import euros, label, tenths
from casework.web.i18n import gettext as _
from casework.web.i18n import ngettext


@dataclass(frozen=True)
class ParameterRow:
    """A national parameter with what the programme says instead, "" where it says nothing."""

    label: str
    national: str
    own: str
    parameter: Parameter
    status: str
    is_verified: bool


def facts(definition: Definition) -> list[tuple[str, str]]:
    """Return (term, words) of what a definition says; what the source does not say is told as such."""
    unsaid = _("la source n’en dit rien")
    mode = label(definition.mode, MODE_LABELS) if definition.mode else unsaid
    return [
        (_("Nature"), label(definition.category, CATEGORY_LABELS)),
        (_("Objet"), mode),
        (_("Ménages"), _quantity(definition.households) or unsaid),
        (_("Logements"), _quantity(definition.dwellings) or unsaid),
        (_("Durée du dispositif"), _months(definition.duration_months) or unsaid),
        (_("Durée d’un accompagnement"), _accompaniment(definition) or unsaid),
        (_("Parcours du logement"), _path(definition) or unsaid),
    ]


def cadences(definition: Definition) -> list[tuple[str, str]]:
    """Return (what, how often) of the cadences of a definition."""
    return [(label(c.what, CADENCE_LABELS), _cadence(c)) for c in definition.cadences]


def cost_lines(definition: Definition) -> list[tuple[str, str]]:
    """Return (what, amount) of the parts of the cost, without the printed total."""
    return [(label(c.what, COST_LABELS), amount(c)) for c in definition.costs if c.what != TOTAL]


def printed_total(definition: Definition) -> str:
    """Return the total that the source prints, "" when it prints none."""
    return next((amount(c) for c in definition.costs if c.what == TOTAL), "")


def funding_lines(definition: Definition) -> list[tuple[str, str]]:
    """Return (funder, amount) of the fundings."""
    return [(f.what, amount(f)) for f in definition.fundings]


def amount(entry: Amount) -> str:
    """Return an amount with its period."""
    return _("%(amount)s par an", amount=euros(entry.amount_cents)) if entry.period else euros(entry.amount_cents)


def parameter_rows(definition: Definition, day: date) -> list[ParameterRow]:
    """Return the national parameters in force on `day`, each beside what the programme says instead."""
    return [
        ParameterRow(
            label=label(p.key, PARAMETER_LABELS),
            national=_value(p.key, p.value),
            own=_own_value(definition, p.key),
            parameter=p,
            status=label(p.status, STATUS_LABELS),
            is_verified=p.status == "verified",
        )
        for p in parameters_in_force(day)
    ]


def _own_value(definition: Definition, key: str) -> str:
    if key == "contact_every_days" and definition.contact_phases:
        return ", ".join(str(days) for _from_month, days in definition.contact_phases)
    if key == "reassess_every_months" and definition.reassess_every_months:
        return str(definition.reassess_every_months)
    value = definition.thresholds.get(key)
    return _value(key, value) if value else ""


def _value(key: str, value: int) -> str:
    return tenths(value) if key.endswith("_tenths") else str(value)


def _quantity(quantity: Quantity | None) -> str:
    if quantity is None:
        return ""
    unit = label(quantity.unit, UNIT_LABELS)
    if quantity.approximate:
        return _("environ %(number)s %(unit)s", number=quantity.value, unit=unit)
    return f"{quantity.value} {unit}"


def _months(number: int | None) -> str:
    return "" if number is None else ngettext("%(num)d mois", "%(num)d mois", number)


def _accompaniment(definition: Definition) -> str:
    low, high = definition.min_months, definition.max_months
    words: list[str] = []
    if low:
        words.append(_("au moins %(months)s", months=_months(low)))
    if high:
        words.append(_("au plus %(months)s", months=_months(high)))
    if definition.open_ended:
        words.append(_("sans durée limitée"))
    return ", ".join(words)


def _path(definition: Definition) -> str:
    names = [label(code, STAGE_LABELS) for code in definition.stages]
    if definition.order_matters:
        return " → ".join(names)
    return ", ".join(names) + _(" (sans ordre imposé)") if names else ""


def _cadence(cadence: Cadence) -> str:
    number = cadence.every
    words = {
        "day": lambda: ngettext("chaque jour", "tous les %(num)d jours", number),
        "week": lambda: ngettext("chaque semaine", "toutes les %(num)d semaines", number),
        "month": lambda: ngettext("chaque mois", "tous les %(num)d mois", number),
        "quarter": lambda: ngettext("chaque trimestre", "tous les %(num)d trimestres", number),
        "year": lambda: ngettext("chaque année", "tous les %(num)d ans", number),
    }[cadence.unit]()
    if cadence.from_month:
        start = _months(cadence.from_month)
        return _("%(rhythm)s, après %(months)s d’accompagnement", rhythm=words, months=start)
    return words
