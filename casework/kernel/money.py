"""Money: integer cents, decimal arithmetic, rounded half up."""

import re
from decimal import ROUND_HALF_UP, Decimal

NO_BREAK = "\u00a0"
# No amount about a household or a programme is beyond ten million euros: what is, was typed or read wrong.
MAX_CENTS = 10_000_000_00
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_AMOUNT = re.compile(r"[+-]?\d{1,11}([.,]\d{1,2})?")
# With a comma between thousands and a point before the cents, so that nothing else can be meant.
_ENGLISH = re.compile(r"[+-]?\d{1,3}(,\d{3}){1,3}\.\d{1,2}")
_EURO_FIRST = re.compile(r"^([+-]?)€")
_MINUS = "\u2212"
_FRENCH = str.maketrans({",": NO_BREAK, ".": ","})


def parse_amount(text: str) -> int:
    """Return the cents of an amount as people write it: `1 234,56`, `1 234,56 €`, `402`, `-12,5`, `€1,234.56`.

    Raises ValueError when the text is not an amount with at most two decimals: `1,234` is none in any language.
    """
    cleaned = _EURO_FIRST.sub(r"\1", _SPACES.sub("", text).replace(_MINUS, "-")).removesuffix("€")
    if _ENGLISH.fullmatch(cleaned):
        cleaned = cleaned.replace(",", "")
    if not _AMOUNT.fullmatch(cleaned):
        raise ValueError(text)
    return int(Decimal(cleaned.replace(",", ".")) * 100)


def format_amount(cents: int) -> str:
    """Return `1 234,56 €` (no-break spaces) for an amount in cents, below nil `−12,00 €` with the sign of minus."""
    return with_minus(format_number(cents)) + NO_BREAK + "€"


def format_number(cents: int) -> str:
    """Return `1 234,56` (no-break spaces) for an amount in cents, without the currency, as files hold it: `-12,00`."""
    return in_french(format_number_in_english(cents))


def with_minus(number: str) -> str:
    """Return a number as people read it: the sign of minus in the place of a hyphen, which is shorter and may end a line."""
    return number.replace("-", _MINUS)


def in_french(number: str) -> str:
    """Return `1 234,5` (no-break spaces) for a number that is written `1,234.5`."""
    return number.translate(_FRENCH)


def format_amount_in_english(cents: int) -> str:
    """Return `€1,234.56` for an amount in cents, below nil `−€12.00` with the sign of minus."""
    return f"{_MINUS if cents < 0 else ''}€{format_number_in_english(abs(cents))}"


def format_number_in_english(cents: int) -> str:
    """Return `1,234.56` for an amount in cents, without the currency, below nil `-12.00`."""
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros:,}.{rest:02d}"


def round_half_up(value: Decimal, exponent: str = "1") -> Decimal:
    """Round `value` half up to the places of `exponent` (`"1"`, `"0.1"`…)."""
    return value.quantize(Decimal(exponent), rounding=ROUND_HALF_UP)
