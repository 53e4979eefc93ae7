"""Text that people type, brought to one form."""

import re
import unicodedata
from collections.abc import Callable

# What Unicode does not take apart: letters of Latin alphabets, apostrophes that count as letters, the Arabic stretch.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ʼ": " ", "ʻ": " ", "ʿ": " ", "ʾ": " ", "ـ": ""}
)
_NOT_WORD = re.compile(r"[\W_]+")


def search_key(*parts: str) -> str:
    """Return the parts joined, in lower case, without accents, ligatures or punctuation, in whatever script.

    The same key serves SQLite and PostgreSQL, so that a search for « lefevre » finds « Lefèvre ».
    """
    plain = _without_marks(_without_marks(" ".join(parts)).casefold()).translate(_LETTERS)
    return _NOT_WORD.sub(" ", plain).strip()


def _without_marks(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKD", text).translate(_MARKS)


class _Without(dict[int, int | None]):
    """What `str.translate` takes to leave characters out of a text: each is looked at once, when it is first met."""

    def __init__(self, is_unwanted: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_unwanted = is_unwanted

    def __missing__(self, code: int) -> int | None:
        if len(self) >= _MANY:
            self.clear()
        self[code] = kept = None if self._is_unwanted(chr(code)) else code
        return kept


_MANY = 5_000
_MARKS = _Without(lambda c: unicodedata.category(c).startswith("M"))
_UNSEEN = _Without(lambda c: not (c in "\n\t\u00a0" or c.isprintable()))


def clean_line(text: str) -> str:
    """Return one line of typed text: composed characters, no control characters, single spaces."""
    visible = text if text.isprintable() else "".join(c if c.isprintable() else _in_a_line(c) for c in text)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def _in_a_line(unseen: str) -> str:
    """Return a space for what parts words (line ends, tabs, controls), nothing for soft hyphens and other marks."""
    return " " if unseen.isspace() or unicodedata.category(unseen) == "Cc" else ""


def clean_text(text: str) -> str:
    """Return typed text of several lines, composed, without control characters other than line ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines.translate(_UNSEEN)).strip()
