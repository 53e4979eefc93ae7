"""The chain of the traces: each is sealed together with the one before it, with a key that the database does not have.

`content_hash` seals what a row says, `chain_hash` seals its place behind the row before it. The content can be taken
away (anonymisation) while the chain still holds: with it goes the salt, without which nobody can try guesses.
"""

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import CheckConstraint, Pool, String, bindparam, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from casework.kernel import vault
from casework.kernel.database import Base, code, pk

# What the first row of all is sealed to.
ORIGIN = "0" * 64
SALT_BYTES = 16
# What the chain seals of a row besides its number and the content: it stays when the content goes.
FACTS = ("at", "actor_id", "use_case", "entity", "entity_id", "case_id", "operation")
# What goes with the content.
WORDS = ("reason", "difference")


class AuditHead(Base):
    """The end of the chain, in one row: who holds it adds to the chain. It is part of the trace and leaves none."""

    __tablename__ = "audit_head"
    __audit__ = "none"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[pk] = mapped_column(autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditPurge(Base):
    """One lawful removal from the logs, without which the database refuses it. It is itself a trace and leaves none.

    `kind`: CONTENT (the content of traces, replaced by a sealed mark), EXPIRED (traces up to `through_sequence`, the
    last of which bore `through_hash`), READINGS (readings before `before`). `seal` proves that the program wrote it.
    """

    __tablename__ = "audit_purges"
    __audit__ = "none"

    id: Mapped[pk] = mapped_column(init=False)
    at: Mapped[datetime]
    kind: Mapped[code]
    seal: Mapped[str] = mapped_column(String(64))
    before: Mapped[datetime | None] = mapped_column(default=None)
    through_sequence: Mapped[int | None] = mapped_column(default=None)
    through_hash: Mapped[str | None] = mapped_column(String(64), default=None)


@dataclass(frozen=True)
class Head:
    """A place in the chain: the number of a row and its `chain_hash`."""

    sequence: int
    hash: str


def chain_key() -> bytes:
    """Return the key of the chain. It comes from the part of the ring that never changes: old rows stay provable."""
    return vault.installed().derived_key("audit chain")


def content_hash(key: bytes, salt: str | None, row: Mapping[str, Any]) -> str:
    """Return the seal of all that a row says, its place left aside: 64 hexadecimal digits."""
    return _sealed(key, "content", salt, *(row[name] for name in (*FACTS, *WORDS)))


def chain_hash(key: bytes, previous: str, row: Mapping[str, Any]) -> str:
    """Return the seal of a row in its place: it holds its `id`, its facts, its `content_hash`, and the seal before."""
    return _sealed(key, "chain", previous, row["id"], *(row[name] for name in FACTS), row["content_hash"])


def mark_of_purge(key: bytes, purge_id: int, row_id: int, chained: str) -> dict[str, Any]:
    """Return what takes the place of the difference of a row when its content is taken away."""
    return {"purged": purge_id, "seal": _sealed(key, "purged", purge_id, row_id, chained)}


def seal_of_purge(key: bytes, purge: Mapping[str, Any]) -> str:
    """Return the seal of a row of `audit_purges`."""
    return _sealed(
        key, "purge", *(purge.get(name) for name in ("at", "kind", "before", "through_sequence", "through_hash"))
    )


def linked(key: bytes, head: Head, rows: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], Head]:
    """Return the rows with their numbers, salts and seals, as they follow on `head`, and the new head."""
    found: list[dict[str, Any]] = []
    for row in rows:
        salt = secrets.token_hex(SALT_BYTES)
        whole = {**row, "id": head.sequence + 1, "salt": salt, "content_hash": content_hash(key, salt, row)}
        whole["chain_hash"] = chain_hash(key, head.hash, whole)
        head = Head(whole["id"], whole["chain_hash"])
        found.append(whole)
    return found, head


def hold_head(session: Session) -> Head:
    """Return the end of the chain; until the transaction ends, nobody else adds to it."""
    sequence, hashed = session.connection().execute(_HOLD).one()
    return Head(sequence, hashed)


def guess_head(session: Session) -> Head:
    """Return where the chain ends, or ended when this process last added to it, if it was right in that until now.

    Nothing is held: another transaction may add to it first, and `MOVING` moves nothing then.
    """
    reached: Head | None = session.info.get(_REACHED)
    if reached is not None:
        return reached
    guess = _guess(session)
    if guess.head is not None and guess.is_trusted:
        return guess.head
    head = Head(*session.connection().execute(_READ).one())
    # While other processes add to the chain, this one asks each time; once it is alone again, it stops asking.
    guess.is_trusted = guess.head in {None, head}
    return head


def note_guess(session: Session, head: Head | None) -> None:
    """Note that the chain ends at `head` in this transaction; None: it did not end where `guess_head` said."""
    if head is None:
        _guess(session).is_trusted = False
    else:
        session.info[_REACHED] = head


def move_head(session: Session, head: Head) -> None:
    """Note that the chain, whose end this transaction holds, ends at `head` from now on."""
    session.connection().execute(_MOVE, {"sequence": head.sequence, "hash": head.hash})
    note_guess(session, head)


def moving(before: Head, head: Head) -> dict[str, object]:
    """Return the parameters of `MOVING`, for a chain that ended at `before` and is to end at `head`."""
    return {"chain_before": before.hash, "chain_sequence": head.sequence, "chain_hash": head.hash}


_READ = select(AuditHead.sequence, AuditHead.hash)
_HOLD = _READ.with_for_update()
_MOVE = update(AuditHead)
MOVING = (
    update(AuditHead)
    .where(AuditHead.hash == bindparam("chain_before"))
    .values(sequence=bindparam("chain_sequence"), hash=bindparam("chain_hash"))
)
_REACHED = "chain_reached"


@dataclass
class Guess:
    """Where the chain of a database ended when this process last added to it, and whether nobody else seems to add."""

    head: Head | None = None
    is_trusted: bool = True


_guesses: WeakKeyDictionary[Pool, Guess] = WeakKeyDictionary()


def _guess(session: Session) -> Guess:
    return _guesses.setdefault(session.get_bind().engine.pool, Guess())


def _remember(session: Session) -> None:
    head: Head | None = session.info.pop(_REACHED, None)
    if head is not None:
        _guess(session).head = head


def _forget(session: Session) -> None:
    session.info.pop(_REACHED, None)


event.listen(Session, "after_commit", _remember)
event.listen(Session, "after_rollback", _forget)


def _sealed(key: bytes, purpose: str, *parts: object) -> str:
    # A list in JSON is never the same text for other parts, however these are cut.
    text = _IN_ORDER([purpose, *map(_canonical, parts)])
    return hmac.digest(key, text.encode("ascii"), "sha256").hex()


_IN_ORDER = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode
_PLAIN = frozenset({str, int, bool, type(None)})


def _canonical(value: object) -> object:
    """Return a value as every database gives it back."""
    if type(value) in _PLAIN:  # nearly all are
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes):  # no trace holds any, but whoever changes one may leave them
        return value.hex()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(name): _canonical(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(part) for part in value]
    return value
