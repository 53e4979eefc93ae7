"""Exact figures of a definition in French words."""

from decimal import Decimal
from fractions import Fraction

from casework.kernel.money import NO_BREAK, in_french, round_half_up
from casework.programmes.vocabulary.parts import RECONCILE_UNIT_LABELS

_UNIT_SIGNS = {"eur": "€"}


def formula(terms: tuple[tuple[Fraction, ...], ...]) -> str:
    """Return a sum of products as one writes it: `10 × 6 000 × 3 + 10 × 2 000 × 3`."""
    return " + ".join(" × ".join(_number(factor) for factor in factors) for factors in terms)


def figure(value: Fraction, unit: str) -> str:
    """Return `2 175 €` or `20 ménages` (no-break spaces); at most two decimals, rounded half up."""
    return f"{_number(value)}{NO_BREAK}{_UNIT_SIGNS.get(unit, RECONCILE_UNIT_LABELS[unit])}"


def _number(value: Fraction) -> str:
    number = round_half_up(Decimal(value.numerator) / Decimal(value.denominator), "0.01").normalize()
    return ("−" + NO_BREAK if number < 0 else "") + in_french(f"{abs(number):,f}")
