"""From bytes to text: which encoding a file is written in, or why it cannot be read."""

import re

from casework.exchange.reading.records import Reason, reason

_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
# Where Windows-1252 and Latin-1 agree: all but 0x80–0x9f.
_LOW_AND_LATIN = bytes([*range(0x80), *range(0xA0, 0x100)])
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# The roles of bytes in UTF-8: first of two (L), first of three (M), a following one (C).
_ROLES = bytes(
    b"L"[0] if 0xC2 <= byte <= 0xDF else b"M"[0] if 0xE0 <= byte <= 0xEF else b"C"[0] if 0x80 <= byte <= 0xBF else 0
    for byte in range(256)
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NO_CSV = reason("Ce fichier est un classeur ou une archive ZIP, et non un CSV. Exportez-le en CSV.")
_FORMATS = {
    b"PK\x03\x04": _NO_CSV,
    b"\xd0\xcf\x11\xe0": _NO_CSV,
    b"%PDF": reason("Ce fichier est un document PDF, et non un CSV."),
    b"\x1f\x8b": reason("Ce fichier est une archive gzip, et non un CSV. Décompressez-la."),
}


class Unreadable(Exception):
    """A file whose bytes are no text that can be trusted."""

    def __init__(self, why: Reason) -> None:
        super().__init__(str(why))
        self.why = why


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without byte-order mark) or in Windows-1252.

    Raises Unreadable for anything else: a workbook, UTF-16, a mixture of encodings, bytes that are no text.
    """
    for mark, why in _FORMATS.items():
        if data.startswith(mark):
            raise Unreadable(why)
    if data.startswith(_WIDE_MARKS) or data.count(0) * 20 > len(data):
        raise Unreadable(reason("Ce fichier est encodé en UTF-16, ou n’est pas du texte. Enregistrez-le en UTF-8."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_windows(data)
    if control_bytes(data) * 100 > len(data):
        raise Unreadable(reason("Ce fichier n’est pas du texte : il est plein de caractères de contrôle."))
    return text


def control_bytes(data: bytes) -> int:
    """Return how many bytes of a file no table holds (NUL, escape…)."""
    return len(data) - len(data.translate(None, _CONTROL_BYTES))


def has_control_characters(text: str) -> bool:
    """Tell whether the text holds a character that no table holds."""
    return _CONTROL.search(text) is not None


def _decode_windows(data: bytes) -> str:
    roles = data.translate(_ROLES)
    if b"LC" in roles or b"MCC" in roles:
        _refuse_mixture(data)
    # Latin-1 is read several times faster; the few signs that Windows-1252 has otherwise are put right after it.
    text = data.decode("latin-1")
    for byte in set(data.translate(None, _LOW_AND_LATIN)):
        try:
            text = text.replace(chr(byte), bytes([byte]).decode("cp1252"))
        except UnicodeDecodeError as error:
            line = data[: data.index(byte)].count(b"\n") + 1
            raise Unreadable(
                reason(
                    "L’encodage n’est ni UTF-8 ni Windows-1252 (ligne %(line)s). Enregistrez-le en UTF-8.", line=line
                )
            ) from error
    return text


def _refuse_mixture(data: bytes) -> None:
    lossy = data.decode("utf-8", errors="replace")
    broken = lossy.count("\ufffd")
    if len(lossy) - len(lossy.encode("ascii", "ignore")) - broken > broken:
        line = lossy[: lossy.index("\ufffd")].count("\n") + 1
        raise Unreadable(
            reason("Deux encodages sont mêlés dans ce fichier : la ligne %(line)s n’est pas en UTF-8.", line=line)
        )
