"""Exact figures of a definition in French words."""

from decimal import Decimal
from fractions import Fraction

from casework.kernel.money import NO_BREAK, round_half_up
from casework.programmes.vocabulary.parts import RECONCILE_UNIT_LABELS

_UNIT_SIGNS = {"eur": "€"}


def figure(value: Fraction, unit: str) -> str:
    """Return `2 175 €` or `20 ménages` (no-break spaces); at most two decimals, rounded half up."""
    number = round_half_up(Decimal(value.numerator) / Decimal(value.denominator), "0.01").normalize()
    text = f"{abs(number):,f}".replace(",", NO_BREAK).replace(".", ",")
    sign = "−" + NO_BREAK if number < 0 else ""
    return f"{sign}{text}{NO_BREAK}{_UNIT_SIGNS.get(unit, RECONCILE_UNIT_LABELS[unit])}"
