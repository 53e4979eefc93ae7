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
    if text.isascii():
        return text
    return _without(unicodedata.normalize("NFKD", text), lambda c: unicodedata.category(c).startswith("M"))


def _without(text: str, is_unwanted: Callable[[str], bool]) -> str:
    """Return a text without some of its characters; it has few different ones, so each is looked at once."""
    unwanted = {ord(c): None for c in set(text) if is_unwanted(c)}
    return text.translate(unwanted) if unwanted else text


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
    visible = _without(lines, lambda c: not (c in "\n\t\u00a0" or c.isprintable()))
    return unicodedata.normalize("NFC", visible).strip()
