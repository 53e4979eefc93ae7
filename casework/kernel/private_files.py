"""Files that only their owner reads: written whole before they get their name, so that nobody reads half of one."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def create_once(path: Path, content: str) -> None:
    """Write `content` (ASCII) to `path` unless the file is there already: of several that try at once, one wins."""
    with _written_beside(path, content) as written:
        with suppress(FileExistsError):
            os.link(written, path)
        written.unlink()


def replace(path: Path, content: str) -> None:
    """Write `content` (ASCII) over `path`; on the disk when this returns, and whole whatever happens meanwhile."""
    with _written_beside(path, content) as written:
        written.replace(path)


def claim(path: Path) -> None:
    """Make an empty file of its owner alone, unless it is there already or its folder does not take it."""
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def close_to_others(path: Path) -> None:
    """Leave a file that is open to everybody to its owner alone, where this account may.

    One that is open to its group only was made so by somebody, and stays.
    """
    with suppress(OSError):
        if path.stat().st_mode & 0o007:
            path.chmod(0o600)


@contextmanager
def _written_beside(path: Path, content: str) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    yield written
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
