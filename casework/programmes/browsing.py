"""Finding entries of the catalogue: search without accents, filters, neighbours. The catalogue is read once."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from casework.kernel.text import search_key
from casework.programmes.catalogue import catalogue, catalogue_codes, catalogue_definition
from casework.programmes.definition.parts import Definition
from casework.programmes.vocabulary.publics import PUBLIC_LABELS

# 2, 2.3, 2.3.9
_NUMBER = re.compile(r"\d(\.\d+)*")


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Empty texts filter nothing; the others are codes of a definition."""

    text: str = ""
    category: str = ""
    mode: str = ""
    public: str = ""
    stage: str = ""

    def to_query(self, **changes: str) -> dict[str, str]:
        """Return the address's parameters for these filters with some changed; empty ones are left out."""
        f = replace(self, **changes)
        words = {"mot": f.text, "theme": f.category, "objet": f.mode, "public": f.public, "statut": f.stage}
        return {name: value for name, value in words.items() if value}


@dataclass(frozen=True)
class Found:
    """The entries that the filters keep, and how many each value of a filter would keep beside the other filters."""

    entries: tuple[Definition, ...]
    categories: Counter[str]
    modes: Counter[str]
    publics: Counter[str]
    stages: Counter[str]


def find_entries(filters: Filters) -> Found:
    """Return the entries of the catalogue that the filters keep, by number."""
    return Found(
        entries=_kept(filters),
        categories=Counter(d.category for d in _kept(replace(filters, category=""))),
        modes=Counter(d.mode for d in _kept(replace(filters, mode="")) if d.mode),
        publics=Counter(public for d in _kept(replace(filters, public="")) for public in d.publics),
        stages=Counter(stage for d in _kept(replace(filters, stage="")) for stage in d.lease.stages),
    )


def find_entry(code: str) -> Definition | None:
    """Return the entry `code` of the catalogue, or None."""
    return catalogue_definition(code) if code in catalogue_codes() else None


def neighbours(code: str) -> tuple[Definition | None, Definition | None]:
    """Return the entries before and after `code`, None at the ends."""
    entries: Sequence[Definition | None] = (None, *catalogue(), None)
    before = next((a for a, b in pairwise(entries) if b is not None and b.id == code), None)
    after = next((b for a, b in pairwise(entries) if a is not None and a.id == code), None)
    return before, after


def _kept(filters: Filters) -> tuple[Definition, ...]:
    return tuple(d for d in catalogue() if _keeps(filters, d) and _says(d, filters.text))


def _keeps(f: Filters, d: Definition) -> bool:
    return (
        f.category in {"", d.category}
        and f.mode in {"", d.mode}
        and (not f.public or f.public in d.publics)
        and (not f.stage or f.stage in d.lease.stages)
    )


def _says(d: Definition, text: str) -> bool:
    """Tell whether an entry has the number that `text` is, or stands under it, or else holds all its words."""
    number = text.strip().rstrip(".").upper()
    if number in catalogue_codes() or _NUMBER.fullmatch(number):
        return d.id == number or d.id.startswith(f"{number}.")
    key = _key(d.id)
    return all(word in key for word in search_key(text).split())


@cache
def _key(code: str) -> str:
    d = catalogue_definition(code)
    publics = (PUBLIC_LABELS[public] for public in d.publics)
    return search_key(d.title, d.place or "", d.summary or "", *d.landlords, *d.operators, *publics)
