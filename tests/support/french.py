"""What French typography and spelling ask of a text."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from spellchecker import SpellChecker

WORDS_OF_THE_FIELD = Path(__file__).with_name("mots.txt")

# What French typography refuses; a time (14:30) and an address (https://) have no space before their colon.
FAULTS = {
    "a no-break space goes before ; ? ! »": re.compile(r"(?<![\u00a0\u202f])[;?!»]"),
    "a no-break space goes before a colon": re.compile(r"(?<![\u00a0\u202f\d]):(?!//)|(?<=\d):(?!\d)"),
    "a no-break space goes after «": re.compile(r"«(?![\u00a0\u202f])"),
    "the apostrophe is ’": re.compile(r"'"),
    "one space is enough": re.compile(r"[ \u00a0\u202f]{2}"),
}
# What a text with figures must keep together besides.
FAULTS_OF_FIGURES = {
    "a no-break space stands in a number": re.compile(r"\d (?=\d{3}\b)"),
    "a no-break space goes before € and %": re.compile(r"\d ?(?=[€%])"),
    "no space goes before a comma or a full stop": re.compile(r"[ \u00a0][,.](?!\w)"),
}
_PLACES = re.compile(r"%\(\w+\)[a-z]|%%|<[^>]+>|https?://\S+|\{\w*\}")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@cache
def _dictionary() -> SpellChecker:
    return SpellChecker(language="fr", distance=1)


@cache
def words_of_the_field() -> frozenset[str]:
    """Return the words that the dictionary lacks and the project uses: of the field, of computing, names."""
    lines = WORDS_OF_THE_FIELD.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def words_in(text: str) -> list[str]:
    """Return the words of a text, without what is filled in later; elided words lose their apostrophe."""
    return _WORD.findall(_PLACES.sub(" ", text))


def misspelt(text: str, names: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of a text that neither the dictionary nor the field knows. Acronyms and `names` pass."""
    return [word for word in words_in(text) if not _is_known(word) and word not in names]


@cache
def _is_known(word: str) -> bool:
    if len(word) == 1 or word.isupper() or {word, word.lower()} & words_of_the_field():
        return True
    if word.lower() in _dictionary():
        return True
    parts = word.split("-")
    return len(parts) > 1 and all(_is_known(part) for part in parts)
