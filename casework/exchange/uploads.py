"""Files that wait between the check and the creation: in a folder of their own, for one user, a day at most."""

import json
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework.exchange.reading.records import Source
from casework.kernel.errors import NotVisible
from casework.kernel.text import clean_line

KEPT_FOR = timedelta(days=1)
NAME_LENGTH = 100
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
# An upload that is still being written: since when (seconds), and its token to be.
_DRAFT = re.compile(r"(\d{1,11})\.[A-Za-z0-9_-]{22}\.part")
_INDEX = "index.json"


@dataclass(frozen=True)
class Upload:
    """What somebody sent and has not decided about yet."""

    token: str
    programme_id: int
    names: tuple[str, ...]


class WaitingRoom:
    """The folder in which uploads wait. Nobody reads, deletes or even finds the upload of somebody else."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "imports"

    def keep(self, user_id: int, programme_id: int, sources: Iterable[Source], now: datetime) -> str:
        """Keep files for a user and return the token that names them.

        Raises OSError when the folder does not take them; nothing of them is left then.
        """
        token = secrets.token_urlsafe(16)
        draft = self._folder / f"{int(now.timestamp())}.{token}.part"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.mkdir(mode=0o700)
        try:
            names = []
            for number, source in enumerate(sources):
                _write(draft / f"{number:03d}", source.data)
                names.append(clean_line(source.name)[-NAME_LENGTH:])
            index = {"user": user_id, "programme": programme_id, "names": names, "at": now.isoformat()}
            _write(draft / _INDEX, json.dumps(index).encode())
            draft.rename(self._folder / token)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return token

    def find(self, user_id: int, token: str) -> Upload:
        """Return what waits under a token. Raises NotVisible when there is nothing, or it is somebody else's."""
        index = self._index(token)
        if index is None or index["user"] != user_id:
            raise NotVisible
        names = index["names"]
        return Upload(token, int(str(index["programme"])), tuple(names) if isinstance(names, list) else ())

    def sources(self, upload: Upload) -> Iterator[Source]:
        """Yield the files of an upload."""
        for number, name in enumerate(upload.names):
            yield Source(name, (self._folder / upload.token / f"{number:03d}").read_bytes())

    def forget(self, token: str) -> None:
        """Delete an upload; one that is gone already is no fault."""
        if _TOKEN.fullmatch(token):
            shutil.rmtree(self._folder / token, ignore_errors=True)

    def forget_old(self, now: datetime) -> int:
        """Delete what waited for more than a day, and return how many uploads that were.

        One that is being written is left alone until it is a day old: then whoever wrote it is gone.
        """
        forgotten = 0
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if self._is_over(folder.name, now):
                shutil.rmtree(folder, ignore_errors=True)
                forgotten += 1
        return forgotten

    def _is_over(self, name: str, now: datetime) -> bool:
        """Tell whether nobody will ask for a folder any more: it is a day old, or an upload that cannot be found."""
        draft = _DRAFT.fullmatch(name)
        if draft is not None:
            return datetime.fromtimestamp(int(draft[1]), UTC) < now - KEPT_FOR
        if not _TOKEN.fullmatch(name):  # none of ours
            return False
        index = self._index(name)
        return index is None or datetime.fromisoformat(str(index["at"])) < now - KEPT_FOR

    def _index(self, token: str) -> dict[str, object] | None:
        if not _TOKEN.fullmatch(token):
            return None
        try:
            index = json.loads((self._folder / token / _INDEX).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return index if isinstance(index, dict) else None


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)
