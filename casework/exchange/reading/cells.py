"""From the text of a cell to its value: dates, amounts, whole numbers, codes."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from casework.exchange.reading.records import Reason, reason
from casework.kernel.money import MAX_CENTS, NO_BREAK, parse_amount
from casework.kernel.text import clean_line, search_key

_FRENCH_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_FRENCH_MONTH = re.compile(r"(\d{1,2})[/.\-](\d{4})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
T = TypeVar("T")
FIRST_YEAR, LAST_YEAR = 1900, 2199
CODE_LENGTH = 32
LINE_LENGTH = 200
# Amounts of at most so many digits, cents included, need no look at their size.
QUICK_DIGITS = 9


class BadCell(Exception):
    """A cell whose text is not what its column holds."""

    def __init__(self, why: Reason) -> None:
        super().__init__(str(why))
        self.why = why


def _day(year: str, month: str, day: str) -> date:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise BadCell(reason("L’année %(year)s est impossible.", year=year))
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise BadCell(reason("Cette date n’existe pas au calendrier.")) from error


@lru_cache(maxsize=100_000)
def read_day(text: str) -> date:
    """Return the date written `31/12/2025` (or `2025-12-31`). Raises BadCell."""
    stripped = text.strip()
    if found := _FRENCH_DAY.fullmatch(stripped):
        return _day(found[3], found[2], found[1])
    if found := _ISO_DAY.fullmatch(stripped):
        return _day(found[1], found[2], found[3])
    raise BadCell(reason("Une date jj/mm/aaaa est attendue."))


def read_month(text: str) -> str:
    """Return the ISO date of the first day of the month written `06/2025` (or `2025-06`, `01/06/2025`). Raises BadCell."""
    stripped = text.strip()
    if found := _FRENCH_MONTH.fullmatch(stripped):
        return _day(found[2], found[1], "1").isoformat()
    if found := _ISO_MONTH.fullmatch(stripped):
        return _day(found[1], found[2], "1").isoformat()
    try:
        return read_day(stripped).replace(day=1).isoformat()
    except BadCell as error:
        raise BadCell(reason("Un mois mm/aaaa est attendu.")) from error


def read_amount(text: str) -> int:
    """Return the cents of an amount. Raises BadCell."""
    # Ledgers hold millions of amounts, nearly all of them written 1 234,56: these are read without a regular expression.
    if text[-3:-2] == ",":
        digits = text[:-3] + text[-2:]
        if NO_BREAK in digits:
            digits = digits.replace(NO_BREAK, "")
        if digits.isdecimal() and 3 <= len(digits) <= QUICK_DIGITS:
            return int(digits)
    try:
        cents = parse_amount(text)
    except ValueError as error:
        if not text.strip():
            raise BadCell(reason("Un montant est attendu.")) from error
        raise BadCell(reason("Ce n’est pas un montant (exemple : 1 234,56).")) from error
    if abs(cents) > MAX_CENTS:
        raise BadCell(reason("Ce montant est hors de toute vraisemblance."))
    return cents


class Known(dict[str, T]):
    """What a function makes of texts, remembered: in ledgers, most texts come back every month."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> T:
        value = self[text] = self._read(text)
        return value

    def column(self, texts: Sequence[str]) -> Sequence[T]:
        """Return the values of a whole column. Raises what the function raises."""
        # One call for ten thousand look-ups.
        return itemgetter(*texts)(self) if len(texts) > 1 else [self[text] for text in texts]


def read_count(text: str, most: int) -> int:
    """Return a whole number from 0 to `most`. Raises BadCell."""
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdecimal() and len(stripped) <= 6) or int(stripped) > most:
        raise BadCell(reason("Un nombre entier de 0 à %(most)s est attendu.", most=most))
    return int(stripped)


def read_line(text: str, length: int = LINE_LENGTH) -> str:
    """Return a line of text, spaces brought to one. Raises BadCell when it is longer than `length`."""
    line = clean_line(text)
    if len(line) > length:
        raise BadCell(reason("Ce texte dépasse %(length)s caractères.", length=length))
    return line


class Codes:
    """The codes of one vocabulary, read without minding case, accents and spaces; the French label serves too."""

    def __init__(
        self, codes: Iterable[StrEnum], labels: Mapping[str, str], also: Mapping[str, str] | None = None
    ) -> None:
        self._codes = tuple(code.value for code in codes)
        self._by_key = {search_key(label): code for code, label in labels.items()}
        self._by_key |= {search_key(word): code for word, code in (also or {}).items()}
        self._by_key |= {search_key(code): code for code in self._codes}

    def read(self, text: str) -> str:
        """Return the code that `text` names. Raises BadCell with the codes that are allowed."""
        code = self._by_key.get(search_key(text))
        if code is None:
            raise BadCell(
                reason("Ce code n’est pas admis. Codes admis : %(codes)s.", codes=", ".join(sorted(self._codes)))
            )
        return str(code)
