"""A log of invented traces, some of them lawfully emptied or deleted, and everything that somebody may do to it."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework.kernel.audit_chain import ORIGIN, Head, linked, mark_of_purge, seal_of_purge
from casework.kernel.audit_check import Kind, check_chain

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
AT = datetime(2026, 3, 30, 8, tzinfo=UTC)
SIZE, EXPIRED = 40, 10
EMPTIED = (15, 16, 30)
COLUMNS = (
    "id",
    "at",
    "actor_id",
    "use_case",
    "entity",
    "entity_id",
    "case_id",
    "operation",
    "difference",
    "reason",
    "salt",
    "content_hash",
    "chain_hash",
)


@dataclass
class Log:
    """The log as it lies in the database, and the anchors beside it."""

    rows: list[dict[str, Any]]
    head: Head
    purges: list[dict[str, Any]]
    anchors: list[Head]

    def faults(self) -> list[tuple[Kind, int]]:
        """Return what the check finds."""
        rows = sorted(self.rows, key=lambda row: row["id"])
        return [(f.kind, f.place) for f in check_chain(KEY, rows, self.head, self.purges, self.anchors).faults]

    def row(self, number: int) -> dict[str, Any]:
        """Return the row with an id."""
        return next(row for row in self.rows if row["id"] == number)


def _trace(number: int) -> dict[str, Any]:
    return {
        "at": AT + timedelta(minutes=number // 3),
        "actor_id": number % 4 or None,
        "use_case": "contacts.record_contact" if number % 3 else "job:sweep",
        "entity": ("contacts", "persons", "cases")[number % 3],
        "entity_id": number % 7 or None,
        "case_id": number % 5 or None,
        "operation": "update" if number % 2 else "insert",
        "difference": {"kind": ["TEL", "VAD"], "cents": [None, number], "share": [0.5, 1.0]},
        "reason": f"motif {number}" if number % 6 == 0 else None,
    }


def _purge(purge_id: int, kind: str, **values: object) -> dict[str, Any]:
    row = {"id": purge_id, "at": AT, "kind": kind, "before": None, "through_sequence": None, "through_hash": None}
    return {**row, **values, "seal": seal_of_purge(KEY, {**row, **values})}


@pytest.fixture(scope="module")
def whole() -> Log:
    """40 traces: the first 10 deleted because they are old, three of the others emptied, two anchors."""
    rows, head = linked(KEY, Head(0, ORIGIN), [_trace(number) for number in range(1, SIZE + 1)])
    rows, gone = rows[EXPIRED:], rows[EXPIRED - 1]
    purges = [
        _purge(1, "CONTENT"),
        _purge(2, "EXPIRED", before=AT, through_sequence=EXPIRED, through_hash=gone["chain_hash"]),
        _purge(3, "READINGS", before=AT),
    ]
    log = Log(rows, head, purges, [Head(5, "f" * 64), Head(32, rows[32 - EXPIRED - 1]["chain_hash"]), head])
    for number in EMPTIED:
        row = log.row(number)
        row.update(difference=mark_of_purge(KEY, 1, number, row["chain_hash"]), reason=None, salt=None)
    return log


def _change(log: Log, chance: random.Random) -> None:
    row, column = chance.choice(log.rows), chance.choice(COLUMNS)
    before = row[column]
    others: list[object] = [None, "", 0, 10**6, "x", {}, {"purged": 1}, {"purged": [1]}, b"\0", AT - timedelta(days=1)]
    others += [other[column] for other in log.rows]
    if column == "id":
        others = [10**6, 1, EXPIRED]  # a number that is taken is refused by the database itself
    if isinstance(before, datetime):
        others.append(before + timedelta(microseconds=1))
    row[column] = chance.choice([other for other in others if other != before])


def _empty(log: Log, chance: random.Random) -> None:
    """Take the content of one more trace away, with the mark of another one or one of one's own."""
    row = chance.choice([row for row in log.rows if row["salt"] is not None])
    row.update(difference=deepcopy(log.row(chance.choice(EMPTIED))["difference"]), reason=None, salt=None)


def _delete(log: Log, chance: random.Random) -> None:
    first = chance.randrange(len(log.rows) - 4)
    del log.rows[first : first + chance.randint(1, 4)]


def _swap(log: Log, chance: random.Random) -> None:
    one, other = chance.sample(log.rows, 2)
    one["id"], other["id"] = other["id"], one["id"]


def _cut(log: Log, chance: random.Random) -> None:
    del log.rows[-chance.randint(1, len(log.rows)) :]
    if chance.random() < 0.7:  # and let the chain say that it always ended there
        start = log.purges[1]
        end = log.rows[-1] if log.rows else {"id": EXPIRED, "chain_hash": start["through_hash"]}
        log.head = Head(end["id"], end["chain_hash"])


def _insert(log: Log, chance: random.Random) -> None:
    """Put a trace in: a copy, or one of one's own, sealed with another key; at the end or pushing the others on."""
    place = chance.randint(EXPIRED + 1, SIZE + 1)
    before = log.row(place - 1)["chain_hash"] if place > EXPIRED + 1 else log.purges[1]["through_hash"]
    added = deepcopy(chance.choice(log.rows))
    if chance.random() < 0.5:
        ((added,), _end) = linked(OTHER_KEY, Head(place - 1, before), [_trace(chance.randrange(100))])
    for row in log.rows:
        if row["id"] >= place:
            row["id"] += 1
    log.rows.append(added | {"id": place})
    log.head = Head(SIZE + 1, max(log.rows, key=lambda row: row["id"])["chain_hash"])


def _write_anew(log: Log, chance: random.Random) -> None:
    """Change a trace, and seal it and all that follow with another key."""
    _change(log, chance)
    rows = sorted(log.rows, key=lambda row: row["id"])
    first = chance.randrange(1, len(rows))
    start = Head(rows[first - 1]["id"], rows[first - 1]["chain_hash"])
    after, log.head = linked(OTHER_KEY, start, rows[first:])
    log.rows = [*rows[:first], *after]


def _delete_as_if_old(log: Log, chance: random.Random) -> None:
    """Delete the beginning, and write or change an entry that would allow it."""
    last = chance.choice(log.rows)
    log.rows = [row for row in log.rows if row["id"] > last["id"]]
    claim = {"through_sequence": last["id"], "through_hash": last["chain_hash"]}
    if chance.random() < 0.5:
        log.purges[1].update(claim)
    else:
        log.purges.append({**log.purges[1], **claim, "id": 9})


TAMPERINGS: tuple[Callable[[Log, random.Random], None], ...] = (
    _change,
    _change,
    _change,
    _empty,
    _delete,
    _swap,
    _cut,
    _insert,
    _write_anew,
    _delete_as_if_old,
)


def test_a_log_that_nobody_touched_is_whole(whole: Log) -> None:
    assert whole.faults() == []


def test_a_thousand_random_tamperings_are_all_found(whole: Log) -> None:
    unseen = []
    for seed in range(1_000):
        chance, log = random.Random(seed), deepcopy(whole)
        tamper = TAMPERINGS[seed % len(TAMPERINGS)]
        tamper(log, chance)
        if not log.faults():
            unseen.append((seed, tamper.__name__))

    assert unseen == []


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (lambda log: log.row(22).update(case_id=99), [(Kind.CHANGED, 22)]),
        (lambda log: log.row(22)["difference"].update(kind=["TEL", "BUREAU"]), [(Kind.CHANGED, 22)]),
        (lambda log: log.row(24).update(reason="un autre motif"), [(Kind.CHANGED, 24)]),
        (lambda log: log.row(15).update(difference={"purged": 1}), [(Kind.CHANGED, 15)]),
        (lambda log: log.rows.remove(log.row(22)), [(Kind.MISSING, 22)]),
        (lambda log: log.rows.remove(log.row(EXPIRED + 1)), [(Kind.MISSING, EXPIRED + 1)]),
        (lambda log: log.rows.remove(log.row(SIZE)), [(Kind.CUT, SIZE)]),
        (lambda log: log.rows.append(log.row(22) | {"id": SIZE + 1}), [(Kind.ADDED, SIZE + 1)]),
        (lambda log: log.rows.append(log.row(22) | {"id": 3}), [(Kind.ADDED, 3)]),
        (lambda log: log.purges[0].update(at=AT + timedelta(days=1)), [(Kind.FORGED_PURGE, 1)]),
        (lambda log: log.anchors.append(Head(SIZE + 7, "a" * 64)), [(Kind.CUT, SIZE + 7)]),
        (lambda log: log.anchors.append(Head(22, "a" * 64)), [(Kind.CHANGED, 22)]),
    ],
)
def test_a_fault_is_told_with_its_place(
    whole: Log, tamper: Callable[[Log], object], expected: list[tuple[Kind, int]]
) -> None:
    log = deepcopy(whole)
    tamper(log)

    assert log.faults()[:1] == expected


def test_two_traces_that_changed_places_are_told_apart_from_changed_ones(whole: Log) -> None:
    log = deepcopy(whole)
    one, other = log.row(22), log.row(32)
    one["id"], other["id"] = 32, 22

    assert {kind for kind, _place in log.faults()} <= {Kind.MOVED, Kind.CHANGED}
    assert (Kind.MOVED, 22) in log.faults()


def test_numbers_with_gaps_from_before_the_chain_are_no_fault() -> None:
    first, head = linked(KEY, Head(3, ORIGIN), [_trace(1)])
    second, head = linked(KEY, Head(9, head.hash), [_trace(2)])

    assert check_chain(KEY, [*first, *second], head, [], []).faults == ()
