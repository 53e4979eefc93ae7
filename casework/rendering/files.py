"""Files: names that every browser keeps as they are, and writing that is whole or not there, for the owner alone."""

import os
from pathlib import Path


def name_part(text: str) -> str:
    """Return `text` as a part of the name of a file: letters and digits of ASCII, `-` and `_`; all else becomes `-`."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in text)


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path`: beside it first, then in its place, so that nobody ever reads half a file.

    Only its owner may read it, whoever could read what was there: it may hold people. Raises OSError when the folder
    does not take it; what was there before is then untouched.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
