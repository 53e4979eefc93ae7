"""What a free text about a household should not hold without need: a social-security number, a diagnosis, an offence.

No NIR is kept by those who are not entitled to it (décret 2019-341); diagnoses and offences are no matter of free text
(GDPR art. 9 and 10). Nothing is refused: whoever writes is shown the words once.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from casework.kernel.text import search_key

FILE = Path(__file__).with_name("delicate.toml")
_GAP = r"[\s.\-]{0,2}"
# Sex, year, month (20 to 42 and from 50 on: unknown), département (2A, 2B: Corsica), commune, order, and the key.
_NIR = re.compile(
    rf"(?<![0-9A-Za-z])(?<![0-9][\s.\-])([12378]){_GAP}([0-9]{{2}}){_GAP}(0[1-9]|1[0-2]|[2-9][0-9]){_GAP}"
    rf"([0-9]{{2}}|2[AB]){_GAP}([0-9]{{3}}){_GAP}([0-9]{{3}})(?:{_GAP}([0-9]{{2}}))?(?![\s.\-]?[0-9])(?![A-Za-z])",
    re.IGNORECASE,
)
_LONGEST = 3  # words of a phrase
_CORSICA = {"2A": "19", "2B": "18"}


def delicate_words(text: str) -> list[str]:
    """Return what of a text is likely a social-security number, a diagnosis or an offence, numbers first."""
    return [*social_security_numbers(text), *_listed_words(text)]


def social_security_numbers(text: str) -> list[str]:
    """Return what looks like a NIR in a text: thirteen signs that can be one, and their key where it is written."""
    return [match[0] for match in _NIR.finditer(text) if _may_be_nir(match)]


def _may_be_nir(match: re.Match[str]) -> bool:
    *parts, key = match.groups()
    parts[3] = _CORSICA.get(parts[3].upper(), parts[3])
    return key is None or int(key) == 97 - int("".join(parts)) % 97


def _listed_words(text: str) -> list[str]:
    """Return the listed words and phrases of a text, each once, in its order: a word is looked up, not searched for."""
    (known, firsts), said = _listed(), search_key(text).split()
    found: dict[str, None] = {}
    for place, begins in enumerate(said):
        if begins not in firsts and begins.rstrip("sx") not in firsts:
            continue
        for length in range(_LONGEST, 0, -1):
            phrase = " ".join(said[place : place + length])
            word = known.get(phrase) or (known.get(phrase[:-1]) if phrase[-1] in "sx" else None)
            if word is not None:
                found[word] = None
                break
    return list(found)


@cache
def _listed() -> tuple[dict[str, str], frozenset[str]]:
    """Return each listed word by its search key, and the words with which the keys begin, with and without their s or x."""
    lists = tomllib.loads(FILE.read_text(encoding="utf-8"))
    known = {search_key(word): word for words in lists.values() for word in words}
    firsts = {key.split()[0] for key in known}
    return known, frozenset(firsts | {first.rstrip("sx") for first in firsts})
