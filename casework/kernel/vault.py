"""What is too confidential to lie open in the database: closed with AES-256-GCM on its way in, opened on its way out.

A value is, in base64: one byte for this format, the id of the key (5 bytes), a nonce (12), the encrypted text with its
seal. The seal covers the place (`table.column`) too: a value that was changed, or moved to another column, does not
open. The empty text stays empty: it says nothing.
"""

import hmac
import logging
import secrets
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, ColumnElement, Dialect, MetaData, Text
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator

from casework.kernel.errors import CaseworkError, ConfigurationError
from casework.kernel.keyring import KEY_ID_BYTES, KeyFile, KeyRing, KeySource
from casework.kernel.text import search_key

logger = logging.getLogger(__name__)

FORMAT = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
_HEAD_BYTES = len(FORMAT) + KEY_ID_BYTES
# Six bytes are eight characters of base64: the beginning of a value, alike for all values of a key.
HEAD_LENGTH = 8


class UnknownKey(CaseworkError):
    """A value was closed with a key that is not in the ring: nothing is lost as long as somebody has that key."""

    def __init__(self, key_id: str, place: str, origin: str) -> None:
        super().__init__(
            "Une donnée de %(place)s est chiffrée avec la clé %(key)s, qui n’est pas dans le trousseau (%(origin)s). "
            "Elle n’est ni perdue ni changée : remettez cette clé dans le trousseau.",
            place=place,
            key=key_id,
            origin=origin,
        )


class DamagedValue(CaseworkError):
    """A value does not open: it was changed, moved from another column, or never was encrypted. It is not shown."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "Une donnée de %(place)s a été modifiée en dehors de l’application, ou vient d’une autre colonne : elle "
            "n’est pas affichée. Comparez-la avec une sauvegarde.",
            place=place,
        )


@dataclass(frozen=True)
class _Opened:
    """A ring as it was when its source bore this stamp, ready for use."""

    stamp: object
    ring: KeyRing
    ciphers: Mapping[str, AESGCM]
    head: bytes


@lru_cache(maxsize=50)
def _derived(index: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"casework {purpose}".encode()).derive(index)


class Vault:
    """Closes and opens values with the keys of a source, which may get new ones while the program runs."""

    def __init__(self, source: KeySource) -> None:
        if isinstance(source, KeyFile):
            source.make_when_missing()
        self.source = source
        self._opened = self._open()

    @property
    def ring(self) -> KeyRing:
        """Return the keys as they are now."""
        return self._current().ring

    def encrypt(self, place: str, text: str) -> str:
        """Return `text` closed with the active key, for the column `place` (`table.column`), in ASCII."""
        opened = self._current()
        nonce = secrets.token_bytes(NONCE_BYTES)
        closed = opened.ciphers[opened.ring.active].encrypt(nonce, text.encode(), place.encode())
        return b64encode(opened.head + nonce + closed).decode("ascii")

    def decrypt(self, place: str, value: str) -> str:
        """Return the text of a value of the column `place`.

        Raises UnknownKey, or DamagedValue when the value was tampered with or belongs to another column; both are
        logged, without what the value holds.
        """
        try:
            raw = a2b_base64(value, strict_mode=True)
        except ValueError:
            raw = b""
        if len(raw) < _HEAD_BYTES + NONCE_BYTES + TAG_BYTES or raw[: len(FORMAT)] != FORMAT:
            raise self._damaged(place, len(value), None)
        key_id = raw[len(FORMAT) : _HEAD_BYTES].hex()
        cipher = self._opened.ciphers.get(key_id) or self._current().ciphers.get(key_id)
        if cipher is None:
            logger.error("vault: a value of %s needs the key %s, which the ring does not hold", place, key_id)
            raise UnknownKey(key_id, place, self.source.name)
        body = _HEAD_BYTES + NONCE_BYTES
        try:
            return cipher.decrypt(raw[_HEAD_BYTES:body], raw[body:], place.encode()).decode()
        except InvalidTag:
            raise self._damaged(place, len(value), key_id) from None

    def blind_index(self, place: str, text: str) -> str:
        """Return what finds equal texts of a column without opening them: 64 hexadecimal digits, the same always.

        Texts that differ by case, accents or punctuation only are equal. The empty text has the empty index.
        """
        normal = search_key(text)
        return self._seal("blind-index", place, normal) if normal else ""

    def fingerprint(self, place: str, text: str) -> str:
        """Return 16 hexadecimal digits by which two texts of a column can be told apart, and nothing more be told."""
        return self._seal("fingerprint", place, text)[:16]

    def derived_key(self, purpose: str) -> bytes:
        """Return a key of 32 bytes for one purpose, the same whatever key is active."""
        return _derived(self._opened.ring.index, purpose)

    def _seal(self, purpose: str, place: str, text: str) -> str:
        return hmac.digest(self.derived_key(purpose), f"{place}\0{text}".encode(), "sha256").hex()

    def _damaged(self, place: str, length: int, key_id: str | None) -> DamagedValue:
        logger.error("vault: a value of %s (%d characters, key %s) does not open", place, length, key_id or "unknown")
        return DamagedValue(place)

    def _current(self) -> _Opened:
        opened = self._opened
        if self.source.stamp() != opened.stamp:
            # Another process turned the ring: what is written from now on is closed with its active key.
            opened = self._opened = self._open()
        return opened

    def _open(self) -> _Opened:
        stamp = self.source.stamp()
        ring = self.source.read()
        return _Opened(
            stamp,
            ring,
            {key_id: AESGCM(secret) for key_id, secret in ring.secrets.items()},
            FORMAT + bytes.fromhex(ring.active),
        )


def head_of(key_id: str) -> str:
    """Return the first HEAD_LENGTH characters of every value that was closed with a key."""
    return b64encode(FORMAT + bytes.fromhex(key_id)).decode("ascii")


def key_id_of(head: str) -> str | None:
    """Return the id of the key from the beginning of a value, None when it is not that of a closed value."""
    try:
        raw = a2b_base64(head, strict_mode=True)
    except ValueError:
        return None
    return raw[len(FORMAT) :].hex() if len(raw) == _HEAD_BYTES and raw.startswith(FORMAT) else None


class _Installed:
    """The vault of this process. Column types are made when the tables are declared, long before any setting is read."""

    vault: Vault | None = None


def install(vault: Vault) -> None:
    """Make `vault` that of this process: every encrypted column goes through it from now on."""
    _Installed.vault = vault


def installed() -> Vault:
    """Return the vault of this process. Raises ConfigurationError when none was installed."""
    if _Installed.vault is None:
        raise ConfigurationError("Aucun trousseau de clés n’a été ouvert : rien n’est lu ni écrit.")
    return _Installed.vault


@contextmanager
def using(vault: Vault) -> Iterator[Vault]:
    """Make `vault` that of this process inside the block."""
    before, _Installed.vault = _Installed.vault, vault
    try:
        yield vault
    finally:
        _Installed.vault = before


class EncryptedText(TypeDecorator[str]):
    """A text that is plain in Python and closed in the database. `place` is the `table.column` where it stands.

    No condition can be put on what it says, since the same text is never closed twice alike: only whether it is empty.
    """

    class Comparator(TypeDecorator.Comparator[str]):
        """Refuses what would never be true."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            """Compare with the empty text or with nothing; anything else is a defect of the program."""
            if other and (other[0] is None or other[0] == ""):
                return super().operate(op, *other, **kwargs)
            raise TypeError("an encrypted column can be neither compared nor sorted: keep its blind_index beside it")

    impl = Text
    cache_ok = True
    comparator_factory = Comparator

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Close a text on its way into the database."""
        return installed().encrypt(self.place, value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open a value on its way out."""
        return installed().decrypt(self.place, value) if value else value


def encrypted_columns(metadata: MetaData) -> tuple[Column[Any], ...]:
    """Return every encrypted column, in the order of its place.

    Raises ValueError when one says another place than its own: its values could not be told from those of that place.
    """
    found = {str(c): c for t in metadata.tables.values() for c in t.columns if isinstance(c.type, EncryptedText)}
    for place, column in found.items():
        if isinstance(column.type, EncryptedText) and column.type.place != place:
            raise ValueError(f"{place} says that it is {column.type.place}")
    return tuple(found[place] for place in sorted(found))
