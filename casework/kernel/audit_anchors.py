"""Where the chain of traces ended on some days, kept outside the database: who cuts its end off is found out.

One line of JSON for each anchor, sealed: {"at", "hash", "seal", "sequence"}. The file only grows.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select

from casework.kernel import vault
from casework.kernel.audit_chain import AuditHead, Head
from casework.kernel.clock import Clock
from casework.kernel.database import reading

NAME = "audit-anchors.jsonl"


@dataclass(frozen=True)
class Anchors:
    """The anchors of a file, and the numbers of the lines that are none or whose seal is wrong."""

    heads: tuple[Head, ...]
    broken: tuple[int, ...]


def write_anchor(engine: Engine, clock: Clock, data_dir: Path) -> Head:
    """Note where the chain ends now, on the disk when this returns; nothing when the last anchor says it already."""
    with reading(engine).connect() as connection:
        sequence, hashed = connection.execute(select(AuditHead.sequence, AuditHead.hash)).one()
    head, at = Head(sequence, hashed), clock.now().isoformat()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(
        os.open(data_dir / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+", encoding="ascii"
    ) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if (*read_lines(file.read().splitlines()).heads,)[-1:] != (head,):
            line = {"sequence": head.sequence, "hash": head.hash, "at": at, "seal": _seal(head, at)}
            file.write(json.dumps(line, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return head


def read_anchors(data_dir: Path) -> Anchors:
    """Return the anchors of the data folder, none when there is no file."""
    path = data_dir / NAME
    return read_lines(path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else [])


def read_lines(lines: Sequence[str]) -> Anchors:
    """Return the anchors that the lines hold."""
    heads: list[Head] = []
    broken: list[int] = []
    for number, line in enumerate(lines, start=1):
        head = _read(line)
        if head is None:
            broken.append(number)
        else:
            heads.append(head)
    return Anchors(tuple(heads), tuple(broken))


def _read(line: str) -> Head | None:
    try:
        found = json.loads(line)
        head = Head(int(found["sequence"]), str(found["hash"]))
        is_sealed = hmac.compare_digest(_seal(head, str(found["at"])), str(found["seal"]))
    except (ValueError, KeyError, TypeError):
        return None
    return head if is_sealed else None


def _seal(head: Head, at: str) -> str:
    key = vault.installed().derived_key("audit anchor")
    return hmac.digest(key, f"{head.sequence} {head.hash} {at}".encode(), "sha256").hex()
