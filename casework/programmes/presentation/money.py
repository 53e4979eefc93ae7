"""What a programme costs, and who pays."""

from casework.kernel.money import NO_BREAK
from casework.programmes.definition.parts import CostPart, Definition, Funding
from casework.programmes.presentation.words import counted
from casework.programmes.vocabulary import STAGE_LABELS
from casework.programmes.vocabulary.parts import COST_COUNT_LABELS, COST_PART_LABELS, COST_PERIOD_LABELS
from casework.web.filters import euros, label
from casework.web.i18n import gettext as _

Line = tuple[str, str]


def amount(cents: int, period: str | None) -> str:
    """Return an amount with its period."""
    return f"{euros(cents)} {label(period, COST_PERIOD_LABELS)}" if period else euros(cents)


def total(d: Definition) -> tuple[str, str]:
    """Return the total, and how sure it is ("" when it is printed as such); two "" when there is none."""
    costs = d.costs
    if costs.total_cents is None:
        return "", ""
    doubts = [
        _("montant approximatif") if costs.approximate else "",
        _("montant maximal") if costs.ceiling else "",
        _("somme des lignes : aucun total n’est imprimé") if costs.summed else "",
    ]
    return amount(costs.total_cents, costs.total_period), ", ".join(doubt for doubt in doubts if doubt)


def units(d: Definition) -> tuple[Line, ...]:
    """Return the unit costs."""
    c = d.costs
    rows = [
        (_("Diagnostic, par ménage"), None, c.diagnostic_unit_cents, None),
        (
            _("Accompagnement, par ménage"),
            c.accompaniment_unit_low_cents,
            c.accompaniment_unit_cents,
            c.accompaniment_unit_period,
        ),
        (_("Gestion locative adaptée, par logement"), c.gla_unit_low_cents, c.gla_unit_cents, c.gla_unit_period),
    ]
    return tuple((what, _range(low, cents, period)) for what, low, cents, period in rows if cents is not None)


def lines(d: Definition) -> tuple[Line, ...]:
    """Return the lines of the cost."""
    return tuple((_part_name(part), _part(part)) for part in d.cost_parts)


def fundings(d: Definition) -> tuple[Line, ...]:
    """Return (funder, what it pays)."""
    return tuple((funding.funder, _funding(funding)) for funding in d.fundings)


def _range(low: int | None, cents: int, period: str | None) -> str:
    if low is None:
        return amount(cents, period)
    return _("de %(low)s à %(high)s", low=euros(low), high=amount(cents, period))


def _part_name(part: CostPart) -> str:
    what = label(part.what, COST_PART_LABELS)
    return _("%(what)s : %(precisely)s", what=what, precisely=part.label) if part.label else what


def _part(part: CostPart) -> str:
    words = amount(part.amount_cents, part.period)
    if part.per:
        words = f"{words} {label(part.per, COST_COUNT_LABELS)}"
    return f"{words}, {counted(part.fte, 'fte')}" if part.fte is not None else words


def _funding(funding: Funding) -> str:
    words = [] if funding.amount_cents is None else [amount(funding.amount_cents, funding.period)]
    if funding.share_percent is not None:
        words.append(_("%(share)s du coût", share=f"{funding.share_percent}{NO_BREAK}%"))
    if funding.leases:
        names = ", ".join(label(code, STAGE_LABELS) for code in funding.leases)
        words.append(_("pour ce statut du logement : %(leases)s", leases=names))
    return ", ".join(words)
