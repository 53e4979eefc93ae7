"""ZIP archives of CSV files, opened with mistrust: sizes and ratios first, and never more than what was announced."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from casework.exchange.reading.records import Source
from casework.kernel.errors import RuleViolation

MOST_ENTRIES = 300
MOST_BYTES = 128 * 1024 * 1024
# Tables shrink to a tenth or a thirtieth; what shrinks to a two-hundredth was made to harm.
MOST_RATIO = 200
ZIP_MARK = b"PK\x03\x04"
# What every system makes. The other ways of packing may ask for gigabytes before the first byte comes out.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What the standard library raises on archives with wrong bytes, besides its own error.
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, struct.error, zlib.error)


def unpack(source: Source) -> Iterator[Source]:
    """Yield the CSV files of an archive, or the file itself when it is none.

    Raises RuleViolation on the field `files` when the archive is damaged, locked, packed in a rare way, or holds more
    than tables hold.
    """
    if not source.data.startswith(ZIP_MARK):
        if source.name.lower().endswith(".zip"):
            raise _damaged(source.name)
        yield source
        return
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            entries = _checked(source.name, archive.infolist())
            for entry in entries:
                yield Source(PurePosixPath(entry.filename.replace("\\", "/")).name, _read(source.name, archive, entry))
    except _DAMAGED as error:
        raise _damaged(source.name) from error


def _checked(name: str, entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the entries that are tables, once the whole archive is known to be harmless."""
    if len(entries) > MOST_ENTRIES:
        raise RuleViolation(
            "files", "L’archive « %(name)s » contient plus de %(most)s fichiers.", name=name, most=MOST_ENTRIES
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RuleViolation("files", "L’archive « %(name)s » est protégée par un mot de passe.", name=name)
    if any(entry.compress_type not in METHODS for entry in entries):
        raise RuleViolation(
            "files", "L’archive « %(name)s » est comprimée d’une façon rare. Refaites-la en ZIP ordinaire.", name=name
        )
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if total > MOST_BYTES or total > max(packed, 1) * MOST_RATIO:
        raise RuleViolation("files", "L’archive « %(name)s » est démesurée une fois ouverte.", name=name)
    tables = [
        entry
        for entry in entries
        if not entry.is_dir() and entry.filename.lower().endswith(".csv") and "__MACOSX" not in entry.filename
    ]
    if not tables:
        raise RuleViolation("files", "L’archive « %(name)s » ne contient aucun fichier CSV.", name=name)
    return tables


def _read(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of an entry, which may not be more than it announces."""
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise _damaged(name)
    return data


def _damaged(name: str) -> RuleViolation:
    return RuleViolation(
        "files", "L’archive « %(name)s » est abîmée. Refaites-la, ou envoyez ses fichiers CSV eux-mêmes.", name=name
    )
