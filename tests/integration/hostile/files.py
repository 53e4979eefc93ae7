"""Files that nobody sends in good faith: tables with something wrong in a few cells, archives made to harm, garbage."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from casework.exchange.reading.decoding import decode
from tests.access.world import WAITING
from tests.integration.hostile.submissions import hostile_texts

PETIT = Path(__file__).parents[2] / "data" / "petit"
TABLES = {
    name: (PETIT / name).read_bytes()
    for name in ("menages.csv", "visites.csv", "reevaluations.csv", "quittancement_2026-01.csv")
}
NAMES = (*TABLES, "a.zip", "tables.xlsx", "../../menages.csv", "menages.csv.exe", "\u202e.csv", "x" * 300, "")
_GARBAGE = (
    b"",
    b"\r\n" * 500,
    b"\x00" * 2_000,
    b"%PDF-1.7\n",
    b"PK\x03\x04" + b"\x00" * 40,
    b"PK\x05\x06" + b"\x00" * 18,
    b"\xff\xfe" + "numero_dossier;nom\r\nA;B".encode("utf-16-le"),
    b'numero_dossier;nom\r\n"A;B' + b"\r\nC;D" * 500,
    WAITING * 3,
    WAITING + b";" * 100_000 + b"\r\n" + b"9" * 200_000,
    WAITING.replace(b"?", b"\xed\xa0\x80"),
    TABLES["menages.csv"] * 2,
    TABLES["menages.csv"].replace(b"\r\n", b"\r"),
    TABLES["menages.csv"].replace(b";", b"\t"),
    TABLES["visites.csv"].splitlines(keepends=True)[0],
    TABLES["visites.csv"] + TABLES["menages.csv"],
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)


def _archive(entries: Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return packed.getvalue()


_INNER = _archive([("visites.csv", TABLES["visites.csv"])])
_SOUND = {method: _archive(sorted(TABLES.items()), method) for method in _METHODS}
_ARCHIVES = (
    _archive([("visites.csv", b"0" * 20_000_000)]),
    _archive([("inner.zip", _INNER), ("inner.csv", _INNER)]),
    _archive([(f"{number}.csv", b"") for number in range(301)]),
    _archive([("../../../menages.csv", TABLES["menages.csv"]), ("/etc/visites.csv", TABLES["visites.csv"])]),
    _archive([("dossier.csv/", b""), ("a\\b.csv", b"x"), ("\u202e\x01.csv", b"x"), (".csv", b"")]),
    _archive([("x" * 5_000 + ".csv", TABLES["visites.csv"])]),
    _archive([]),
)


def _changed(name: str, changes: Sequence[tuple[int, int, str]], encoding: str) -> bytes:
    """Return a sound table with other words in some of its cells."""
    rows = [line.split(";") for line in decode(TABLES[name]).splitlines()]
    for row, column, value in changes:
        rows[row % len(rows)][column % len(rows[0])] = value
    text = "\r\n".join(";".join(cells) for cells in rows)
    return text.encode(encoding, "surrogatepass" if encoding == "utf-8" else "replace")


def _broken(method: int, changes: Sequence[tuple[int, int]], length: int) -> bytes:
    """Return an archive with some bytes changed, and perhaps without its end."""
    data = bytearray(_SOUND[method])
    for place, byte in changes:
        data[place % len(data)] = byte
    return bytes(data[: length or None])


def _strange(place: int) -> bytes:
    return (*_GARBAGE, *_ARCHIVES)[place]


def files() -> st.SearchStrategy[bytes]:
    """Return files: mostly tables and archives that are nearly sound, else what nobody should ever send."""
    cells = st.tuples(st.integers(0, 40), st.integers(0, 40), st.one_of(hostile_texts(), st.text(max_size=20)))
    tables = st.builds(
        _changed,
        st.sampled_from(sorted(TABLES)),
        st.lists(cells, max_size=6),
        st.sampled_from(["utf-8", "utf-8", "cp1252", "utf-16", "cp037"]),
    )
    places = st.one_of(st.integers(0, 60), st.integers(-400, -1), st.integers(0, 20_000))
    archives = st.builds(
        _broken,
        st.sampled_from(_METHODS),
        st.lists(st.tuples(places, st.integers(0, 255)), max_size=4),
        st.one_of(st.just(0), st.integers(4, 2_000)),
    )
    strange = st.builds(_strange, st.integers(0, len(_GARBAGE) + len(_ARCHIVES) - 1))
    return st.one_of(tables, tables, archives, strange, st.binary(max_size=200))
