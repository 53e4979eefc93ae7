"""The keys that close the confidential columns: which there are, where they come from, how one is added.

They are never in the database: who takes it away, or a backup of it, takes no word of what is written there.
"""

import fcntl
import json
import os
import secrets
import shlex
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from casework.kernel import private_files
from casework.kernel.errors import ConfigurationError

SECRET_BYTES = 32
KEY_ID_BYTES = 5
COMMAND_SECONDS = 30


@dataclass(frozen=True)
class KeyRing:
    """Several keys, by id (ten hexadecimal digits), of which the active one writes. `retired_at`: since when it does not.

    `index` is a secret of its own, never changed: what is derived from it must stay the same when the keys change.
    """

    active: str
    secrets: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    retired_at: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def generated(cls) -> "KeyRing":
        """Return a new ring of one key."""
        key_id = _new_id()
        return cls(key_id, {key_id: secrets.token_bytes(SECRET_BYTES)}, secrets.token_bytes(SECRET_BYTES))

    @classmethod
    def parsed(cls, content: str, origin: str) -> "KeyRing":
        """Return the ring that `dumped` wrote. Raises ConfigurationError, naming `origin`, never showing the content."""
        try:
            found = json.loads(content)
            ring = cls(
                found["active"],
                {str(key_id): b64decode(secret, validate=True) for key_id, secret in found["keys"].items()},
                b64decode(found["index"], validate=True),
                {key_id: datetime.fromisoformat(at) for key_id, at in found.get("retired_at", {}).items()},
            )
            ring.check()
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ConfigurationError(
                "%(origin)s : ce n’est pas un trousseau de clés (voir « casework keys generate »). "
                "Rien n’a été changé : remettez le trousseau sauvegardé, puis recommencez.",
                origin=origin,
            ) from None  # the cause quotes what it stumbled over, and that may be a secret
        return ring

    def check(self) -> None:
        """Raise ValueError when the ring cannot be used."""
        if self.active not in self.secrets:
            raise ValueError("the active key is not in the ring")
        if any((raw := bytes.fromhex(key_id)).hex() != key_id or len(raw) != KEY_ID_BYTES for key_id in self.secrets):
            raise ValueError("the id of a key is ten hexadecimal digits")
        if any(len(secret) != SECRET_BYTES for secret in (*self.secrets.values(), self.index)):
            raise ValueError("a secret has 32 bytes")
        if any(at.tzinfo is None for at in self.retired_at.values()):
            raise ValueError("an instant needs a time zone")

    def dumped(self) -> str:
        """Return the ring as the text that a file, a variable or a command gives back."""
        written = {
            "active": self.active,
            "keys": {key_id: b64encode(secret).decode() for key_id, secret in self.secrets.items()},
            "index": b64encode(self.index).decode(),
            "retired_at": {key_id: at.isoformat() for key_id, at in self.retired_at.items()},
        }
        return json.dumps(written, indent=2) + "\n"

    def with_new_key(self) -> tuple["KeyRing", str]:
        """Return the ring with one key more, which does not write as yet, and the id of that key."""
        key_id = _new_id()
        return replace(self, secrets={**self.secrets, key_id: secrets.token_bytes(SECRET_BYTES)}), key_id

    def activated(self, key_id: str, now: datetime) -> "KeyRing":
        """Return the ring in which `key_id` writes, and the key that wrote so far only reads, since `now`.

        Raises ValueError when the ring does not hold that key.
        """
        if key_id not in self.secrets:
            raise ValueError("a key that is not in the ring cannot write")
        retired = {other: at for other, at in self.retired_at.items() if other != key_id}
        return replace(self, active=key_id, retired_at={**retired, self.active: now})

    def without(self, key_ids: frozenset[str]) -> "KeyRing":
        """Return the ring without these keys. Raises ValueError when the active one is among them."""
        if self.active in key_ids:
            raise ValueError("the active key stays")
        return replace(
            self,
            secrets={key_id: secret for key_id, secret in self.secrets.items() if key_id not in key_ids},
            retired_at={key_id: at for key_id, at in self.retired_at.items() if key_id not in key_ids},
        )


def _new_id() -> str:
    return secrets.token_hex(KEY_ID_BYTES)


class KeySource(Protocol):
    """Where the ring comes from. `name` is what an error calls it."""

    @property
    def name(self) -> str:
        """Return the variable or the file that the operator knows."""
        ...

    def read(self) -> KeyRing:
        """Return the ring. Raises ConfigurationError when it cannot be had."""
        ...

    def stamp(self) -> object:
        """Return something that differs when `read` would return another ring."""
        ...


@dataclass(frozen=True)
class GivenKeys:
    """A ring that stands in an environment variable."""

    content: str = field(repr=False)
    name: str = "CASEWORK_KEYS"

    def read(self) -> KeyRing:
        """Return the ring."""
        return KeyRing.parsed(self.content, self.name)

    def stamp(self) -> object:
        """Return the same always: an environment does not change."""
        return None


@dataclass(frozen=True)
class KeyCommand:
    """A ring that a command prints (a vault, a hardware module). It is asked once for each process."""

    command: str
    name: str = "CASEWORK_KEYS_COMMAND"

    def read(self) -> KeyRing:
        """Return what the command prints."""
        try:
            done = subprocess.run(  # noqa: S603 -- the operator's own command, without a shell
                shlex.split(self.command), check=True, capture_output=True, text=True, timeout=COMMAND_SECONDS
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise ConfigurationError(
                "%(origin)s : la commande qui donne les clés a échoué (%(kind)s). Rien n’a été changé : "
                "lancez-la à la main pour voir pourquoi, puis recommencez.",
                origin=self.name,
                kind=type(error).__name__,
            ) from None  # what the command printed may be the keys
        return KeyRing.parsed(done.stdout, self.name)

    def stamp(self) -> object:
        """Return the same always: the command is not asked again."""
        return None


@dataclass(frozen=True)
class KeyFile:
    """A ring in a file that only its owner reads. `made_when_missing` makes it at the first start."""

    path: Path
    made_when_missing: bool = False

    @property
    def name(self) -> str:
        """Return the path."""
        return str(self.path)

    def make_when_missing(self) -> None:
        """Make the file, when it may be made and is not there."""
        if self.made_when_missing and not self.path.exists():
            private_files.create_once(self.path, KeyRing.generated().dumped())

    def read(self) -> KeyRing:
        """Return the ring. A file that others may read is refused."""
        try:
            with self.path.open(encoding="ascii") as file:
                if os.fstat(file.fileno()).st_mode & 0o007:
                    raise ConfigurationError(
                        "%(origin)s : tout le monde peut lire les clés de chiffrement. Réservez le fichier à son "
                        "propriétaire (chmod 600), puis recommencez.",
                        origin=self.name,
                    )
                content = file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                "%(origin)s : les clés de chiffrement ne peuvent pas être lues (%(kind)s). Rien n’a été changé : "
                "remettez le fichier sauvegardé, puis recommencez.",
                origin=self.name,
                kind=type(error).__name__,
            ) from None
        return KeyRing.parsed(content, self.name)

    def stamp(self) -> object:
        """Return what tells one version of the file from the next."""
        try:
            found = self.path.stat()
        except OSError:
            return "missing"
        return found.st_ino, found.st_mtime_ns, found.st_size

    def change(self, changed: Callable[[KeyRing], KeyRing]) -> KeyRing:
        """Write the ring that `changed` makes of the present one; one process at a time, none loses another's key."""
        with self._alone():
            ring = changed(self.read())
            private_files.replace(self.path, ring.dumped())
            return ring

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
