"""Which columns each kind of file has, and how a file is recognised by its header."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from casework.exchange.reading.records import HOUSEHOLD_COLUMNS
from casework.exchange.vocabulary import FileKind
from casework.kernel.text import search_key

SEPARATORS = (";", ",", "\t")
# Columns of the files of refused rows: they say why, and mean nothing when the corrected file comes back.
REJECT_COLUMNS = ("ligne", "colonne", "motif")


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of file; the distinctive ones are in no other kind."""

    kind: FileKind
    columns: tuple[str, ...]
    distinctive: frozenset[str]
    file_name: re.Pattern[str]


LEDGER_COLUMNS = ("N° bail", "Locataire", "Mois", "Loyer", "Charges", "APL", "Encaissé", "Solde")
LAYOUTS = (
    Layout(
        FileKind.HOUSEHOLDS,
        tuple(HOUSEHOLD_COLUMNS),
        frozenset(HOUSEHOLD_COLUMNS) - {"numero_dossier", "numero_bail", "loyer", "charges"},
        re.compile("menage"),
    ),
    Layout(
        FileKind.CONTACTS,
        ("numero_dossier", "date", "type", "issue", "duree_minutes"),
        frozenset({"type", "issue", "duree_minutes"}),
        re.compile("visite|contact"),
    ),
    Layout(
        FileKind.REASSESSMENTS,
        ("numero_dossier", "date", "decision"),
        frozenset({"decision"}),
        re.compile("reeval"),
    ),
    Layout(
        FileKind.LEDGER,
        LEDGER_COLUMNS,
        frozenset({"Locataire", "Mois", "APL", "Encaissé", "Solde"}),
        re.compile("quittanc|loyers"),
    ),
)
_ALIASES = {
    "nbail": "numerobail",
    "nobail": "numerobail",
    "bail": "numerobail",
    "numbail": "numerobail",
    "ndossier": "numerodossier",
    "nodossier": "numerodossier",
    "dossier": "numerodossier",
    "duree": "dureeminutes",
}


@lru_cache(maxsize=1000)
def column_key(name: str) -> str:
    """Return the name of a column without case, accents, spaces and signs: « N° bail » and `numero_bail` are one."""
    key = search_key(name).replace(" ", "")
    return _ALIASES.get(key, key)


@dataclass(frozen=True)
class Header:
    """A recognised header: the kind of file, its separator, where each expected column stands."""

    layout: Layout
    separator: str
    names: tuple[str, ...]
    positions: tuple[int, ...]
    missing: tuple[str, ...]
    repeated: tuple[str, ...]
    extra: tuple[str, ...]


def recognise(first_line: str, file_name: str) -> Header | None:
    """Return how the header `first_line` is to be read, or None when it looks like no kind of file we know."""
    best: tuple[int, Header] | None = None
    for separator in SEPARATORS:
        names = next(csv.reader([first_line], delimiter=separator), [])
        for layout in LAYOUTS:
            score = _score(layout, names, file_name)
            if score and (best is None or score > best[0]):
                best = (score, _place(layout, separator, names))
    return best[1] if best else None


def _score(layout: Layout, names: Sequence[str], file_name: str) -> int:
    """Return how much a header looks like a layout: distinctive columns first, then the name of the file."""
    keys = {column_key(name) for name in names}
    distinctive = sum(column_key(c) in keys for c in layout.distinctive)
    named = layout.file_name.search(search_key(file_name).replace(" ", "")) is not None
    known = sum(column_key(c) in keys for c in layout.columns)
    return distinctive * 100 + named * 150 + known if known else 0


def _place(layout: Layout, separator: str, names: Sequence[str]) -> Header:
    keys = [column_key(name) for name in names]
    wanted = [column_key(c) for c in layout.columns]
    ignored = {column_key(c) for c in REJECT_COLUMNS}
    return Header(
        layout=layout,
        separator=separator,
        names=tuple(names),
        positions=tuple(keys.index(key) for key in wanted if key in keys),
        missing=tuple(c for c, key in zip(layout.columns, wanted, strict=True) if key not in keys),
        repeated=tuple(c for c, key in zip(layout.columns, wanted, strict=True) if keys.count(key) > 1),
        extra=tuple(n.strip() for n, k in zip(names, keys, strict=True) if k and k not in wanted and k not in ignored),
    )
