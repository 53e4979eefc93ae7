"""Text that people type, brought to one form."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def search_key(*parts: str) -> str:
    """Return the parts joined, in lower case, without accents, ligatures or punctuation.

    The same key serves SQLite and PostgreSQL, so that a search for « lefevre » finds « Lefèvre ».
    """
    text = " ".join(parts).casefold().translate(_LIGATURES)
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()


def clean_line(text: str) -> str:
    """Return one line of typed text: composed characters, no control characters, single spaces."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in composed).split())


def clean_text(text: str) -> str:
    """Return typed text of several lines, composed, without control characters other than line ends."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in composed if c in "\n\t\u00a0" or c.isprintable()).strip()
