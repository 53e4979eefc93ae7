"""Money: integer cents, decimal arithmetic, rounded half up."""

import re
from decimal import ROUND_HALF_UP, Decimal

NO_BREAK = "\u00a0"
# No amount about a household or a programme is beyond ten million euros: what is, was typed or read wrong.
MAX_CENTS = 10_000_000_00
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_AMOUNT = re.compile(r"[+-]?\d{1,11}([.,]\d{1,2})?")
_MINUS = "\u2212"


def parse_amount(text: str) -> int:
    """Return the cents of an amount as people write it in France: `1 234,56`, `1 234,56 €`, `402`, `-12,5`.

    Raises ValueError when the text is not an amount with at most two decimals.
    """
    cleaned = _SPACES.sub("", text).removesuffix("€").replace(_MINUS, "-")
    if not _AMOUNT.fullmatch(cleaned):
        raise ValueError(text)
    return int(Decimal(cleaned.replace(",", ".")) * 100)


def format_amount(cents: int) -> str:
    """Return `1 234,56 €` (no-break spaces) for an amount in cents."""
    return format_number(cents) + NO_BREAK + "€"


def format_number(cents: int) -> str:
    """Return `1 234,56` (no-break spaces) for an amount in cents, without the currency."""
    euros, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{euros:,}".replace(",", NO_BREAK) + f",{rest:02d}"


def round_half_up(value: Decimal, exponent: str = "1") -> Decimal:
    """Round `value` half up to the places of `exponent` (`"1"`, `"0.1"`…)."""
    return value.quantize(Decimal(exponent), rounding=ROUND_HALF_UP)
