"""A programme definition in words."""

from dataclasses import dataclass
from datetime import date

from casework.programmes.definition.parts import Accompaniment, Cadence, CostPart, Definition, Funding, Quantity
from casework.programmes.figures import figure
from casework.programmes.rules import unreconciled
from casework.programmes.terms import Parameter, parameters_in_force
from casework.programmes.vocabulary import (
    CADENCE_LABELS,
    CATEGORY_LABELS,
    MODE_LABELS,
    PARAMETER_LABELS,
    STAGE_LABELS,
    STATUS_LABELS,
    UNIT_LABELS,
)
from casework.programmes.vocabulary.parts import COST_COUNT_LABELS, COST_PART_LABELS, COST_PERIOD_LABELS
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
        (_("Durée du dispositif"), _months(definition.duration.months) or unsaid),
        (_("Durée d’un accompagnement"), _accompaniment(definition.accompaniment) or unsaid),
        (_("Parcours du logement"), _paths(definition) or unsaid),
    ]


def cadences(definition: Definition) -> list[tuple[str, str]]:
    """Return (what, how often) of the cadences of a definition."""
    return [(label(c.what, CADENCE_LABELS), _cadence(c)) for c in definition.cadences]


def cost_lines(definition: Definition) -> list[tuple[str, str]]:
    """Return (what, amount) of the unit costs and the lines of the cost, without the printed total."""
    costs = definition.costs
    units = [
        (_("Diagnostic, par ménage"), costs.diagnostic_unit_cents, None, None),
        (
            _("Accompagnement, par ménage"),
            costs.accompaniment_unit_cents,
            costs.accompaniment_unit_low_cents,
            costs.accompaniment_unit_period,
        ),
        (
            _("Gestion locative adaptée, par logement"),
            costs.gla_unit_cents,
            costs.gla_unit_low_cents,
            costs.gla_unit_period,
        ),
    ]
    lines = [(what, _range(low, cents, period)) for what, cents, low, period in units if cents is not None]
    return lines + [(part.label or label(part.what, COST_PART_LABELS), _part(part)) for part in definition.cost_parts]


def printed_total(definition: Definition) -> str:
    """Return the total that the source prints, "" when it prints none."""
    costs = definition.costs
    return "" if costs.total_cents is None else amount(costs.total_cents, costs.total_period)


def gaps(definition: Definition) -> list[str]:
    """Return, in words, each printed figure with which the source's own figures do not agree."""
    return [
        _(
            "%(about)s : la source imprime %(printed)s et ses chiffres donnent %(computed)s (écart de %(difference)s).",
            about=found.about,
            printed=figure(found.printed, found.unit),
            computed=figure(found.computed, found.unit),
            difference=figure(found.difference, found.unit),
        )
        for found in unreconciled(definition)
    ]


def funding_lines(definition: Definition) -> list[tuple[str, str]]:
    """Return (funder, amount) of the fundings."""
    return [(f.funder, _funding(f)) for f in definition.fundings]


def amount(cents: int, period: str | None) -> str:
    """Return an amount with its period."""
    return f"{euros(cents)} {label(period, COST_PERIOD_LABELS)}" if period else euros(cents)


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
    value = definition.parameters.get(key)
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


def _range(low: int | None, cents: int, period: str | None) -> str:
    if low is None:
        return amount(cents, period)
    return _("de %(low)s à %(high)s", low=euros(low), high=amount(cents, period))


def _part(part: CostPart) -> str:
    words = amount(part.amount_cents, part.period)
    return f"{words} {label(part.per, COST_COUNT_LABELS)}" if part.per else words


def _funding(funding: Funding) -> str:
    words = [] if funding.amount_cents is None else [amount(funding.amount_cents, funding.period)]
    if funding.share_percent is not None:
        words.append(_("%(share)s % du coût", share=funding.share_percent))
    if funding.leases:
        names = ", ".join(label(code, STAGE_LABELS) for code in funding.leases)
        words.append(_("selon le statut : %(leases)s", leases=names))
    return ", ".join(words)


def _accompaniment(limits: Accompaniment) -> str:
    words: list[str] = []
    if limits.min_months:
        words.append(_("au moins %(months)s", months=_months(limits.min_months)))
    if limits.typical_months:
        words.append(_("%(months)s en général", months=_months(limits.typical_months)))
    if limits.max_months:
        words.append(_("au plus %(months)s", months=_months(limits.max_months)))
    if limits.open_ended:
        words.append(_("sans durée limitée"))
    return ", ".join(words)


def _paths(definition: Definition) -> str:
    ways = [" → ".join(label(code, STAGE_LABELS) for code in path.stages) for path in definition.lease.paths]
    words = _(" ou ").join(dict.fromkeys(ways))
    return words if definition.lease.order_matters or not words else words + _(" (sans ordre imposé)")


def _cadence(cadence: Cadence) -> str:
    number, unit = cadence.every, cadence.unit
    if number is None or unit is None:
        return cadence.anchor or _("sans rythme imprimé")
    words = {
        "day": lambda: ngettext("chaque jour", "tous les %(num)d jours", number),
        "week": lambda: ngettext("chaque semaine", "toutes les %(num)d semaines", number),
        "month": lambda: ngettext("chaque mois", "tous les %(num)d mois", number),
        "quarter": lambda: ngettext("chaque trimestre", "tous les %(num)d trimestres", number),
        "year": lambda: ngettext("chaque année", "tous les %(num)d ans", number),
    }[unit]()
    if cadence.at_least and cadence.times:
        often = ngettext("%(num)d fois au moins", "%(num)d fois au moins", cadence.times)
        words = f"{words}, {often}"
    if cadence.from_month:
        start = _months(cadence.from_month)
        return _("%(rhythm)s, après %(months)s d’accompagnement", rhythm=words, months=start)
    return words
