"""Turning the ring: in batches, gone on with after a kill, with what does not open left as it is."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, String, cast, func, select, text
from sqlalchemy.orm import Session

from casework.contacts.models import Contact
from casework.diagnostics.models import Diagnostic
from casework.exchange.bulk import insert_rows
from casework.kernel import audit
from casework.kernel.audit import AuditEvent, record_bulk
from casework.kernel.clock import FixedClock
from casework.kernel.keyring import KeyFile
from casework.kernel.rotation import AT_ONCE, PRUNED_AFTER, Turned, turn, unused_keys, uses_of_keys
from casework.kernel.vault import UnknownKey, Vault, head_of, using
from tests.factories import make_case, make_programme, system_ctx

COUNT = 3 * AT_ONCE + 7
NOTE = "Elle craint son frère, n° "
# What runs `turn` in a process of its own, which is killed for good after its second batch.
KILLED = """
import os, signal, sys
from pathlib import Path
from casework import models
from casework.kernel import audit
from casework.kernel.clock import SystemClock
from casework.kernel.database import create_engine_for
from casework.kernel.keyring import KeyFile
from casework.kernel.rotation import turn
from casework.kernel.vault import Vault, install
install(Vault(KeyFile(Path(sys.argv[2]))))
engine = create_engine_for(sys.argv[1])
audit.install(engine)
batches = []
def kill(turned):
    batches.append(turned)
    if len(batches) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
turn(engine, SystemClock(), kill)
"""


@pytest.fixture
def ring(tmp_path: Path) -> KeyFile:
    """A ring of its own, in a file."""
    return KeyFile(tmp_path / "keys.json", made_when_missing=True)


@pytest.fixture
def filled(engine: Engine, clock: FixedClock, ring: KeyFile) -> str:
    """The key that closed some hundred notes and a diagnostic."""
    with using(Vault(ring)) as vault, system_ctx(engine, clock) as ctx:
        case = make_case(ctx, make_programme(ctx))
        row = {
            "case_id": case.id,
            "occurred_on": date(2026, 3, 2),
            "kind": "TEL",
            "outcome": "REALISEE",
            "created_at": clock.now(),
            "shared_note": "",
        }
        rows = [row | {"private_note": f"{NOTE}{number}"} for number in range(COUNT)]
        insert_rows(ctx.session, Contact, [*rows, row | {"private_note": ""}])
        record_bulk(ctx, Contact, "import", {"rows": COUNT})
        return vault.ring.active


def _turn_ring(ring: KeyFile, clock: FixedClock) -> str:
    bigger, key_id = ring.read().with_new_key()
    ring.change(lambda _: bigger.activated(key_id, clock.now()))
    return key_id


def _notes(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Contact.private_note).order_by(Contact.id)))


def test_everything_is_closed_anew_and_reads_the_same(
    engine: Engine, clock: FixedClock, ring: KeyFile, filled: str
) -> None:
    with using(Vault(ring)):
        before = _notes(engine)
        new = _turn_ring(ring, clock)
        told: list[int] = []
        turned = turn(engine, clock, lambda so_far: told.append(so_far.values))
        uses = uses_of_keys(engine)

        assert (turned, told) == (
            Turned(COUNT + 1, []),
            [AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE, COUNT, COUNT + 1],
        )
        assert {place: found for place, found in uses.items() if found} == {
            "contacts.private_note": {new: COUNT},
            "diagnostics.social_part": {new: 1},
        }
        assert _notes(engine) == before == [*(f"{NOTE}{number}" for number in range(COUNT)), ""]
        assert turn(engine, clock) == Turned()
    with Session(engine) as session:
        traces = session.scalars(
            select(AuditEvent.difference).where(AuditEvent.operation == "reencrypt").order_by(AuditEvent.id)
        ).all()
    assert [trace["rows"] for trace in traces] == [AT_ONCE, AT_ONCE, AT_ONCE, 7, 1]
    assert {trace["key"] for trace in traces} == {new}


def test_a_run_that_is_killed_between_two_batches_is_gone_on_with(
    engine: Engine, database_url: str, clock: FixedClock, ring: KeyFile, filled: str
) -> None:
    with using(Vault(ring)):
        new = _turn_ring(ring, clock)
        killed = subprocess.run([sys.executable, "-c", KILLED, database_url, str(ring.path)], check=False)
        assert killed.returncode == -signal.SIGKILL
        assert uses_of_keys(engine)["contacts.private_note"] == {new: 2 * AT_ONCE, filled: COUNT - 2 * AT_ONCE}
        assert _notes(engine)[0] == f"{NOTE}0"
        assert _notes(engine)[-2] == f"{NOTE}{COUNT - 1}"

        audit.install(engine)
        assert turn(engine, clock).values == COUNT + 1 - 2 * AT_ONCE
        assert uses_of_keys(engine)["contacts.private_note"] == {new: COUNT}
        assert _notes(engine) == [*(f"{NOTE}{number}" for number in range(COUNT)), ""]


def test_what_does_not_open_is_named_left_as_it_is_and_stops_nothing(
    engine: Engine, clock: FixedClock, ring: KeyFile, filled: str, caplog: pytest.LogCaptureFixture
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE contacts SET private_note = substr(private_note, 1, 40) WHERE id = 5"))
        connection.execute(text("UPDATE contacts SET private_note = 'Motcanari' WHERE id = 6"))
    with using(Vault(ring)):
        new = _turn_ring(ring, clock)
        turned = turn(engine, clock)

        assert (turned.values, turned.unread) == (COUNT - 1, ["contacts.private_note 5", "contacts.private_note 6"])
        assert uses_of_keys(engine)["contacts.private_note"] == {new: COUNT - 2, filled: 1, None: 1}
        assert unused_keys(ring.read(), uses_of_keys(engine), clock.now() + 2 * PRUNED_AFTER) == set()
    assert "row 5" in caplog.text
    assert "Motcanari" not in caplog.text


def test_a_key_leaves_the_ring_when_nothing_needs_it_and_nobody_may_still_write_with_it(
    engine: Engine, clock: FixedClock, ring: KeyFile, filled: str
) -> None:
    with using(Vault(ring)):
        _turn_ring(ring, clock)
        assert unused_keys(ring.read(), uses_of_keys(engine), clock.now() + 2 * PRUNED_AFTER) == set()
        turn(engine, clock)
        uses = uses_of_keys(engine)

        assert unused_keys(ring.read(), uses, clock.now() + PRUNED_AFTER - timedelta(seconds=1)) == set()
        assert unused_keys(ring.read(), uses, clock.now() + PRUNED_AFTER) == {filled}
        never_active = ring.change(lambda held: held.with_new_key()[0])
        assert len(unused_keys(never_active, uses, clock.now())) == 1


def test_a_value_of_a_key_that_was_thrown_away_says_so(
    engine: Engine, clock: FixedClock, ring: KeyFile, filled: str
) -> None:
    with using(Vault(ring)):
        _turn_ring(ring, clock)
        ring.change(lambda held: held.without(frozenset({filled})))
    with using(Vault(ring)):
        with pytest.raises(UnknownKey, match=filled):
            _notes(engine)
        assert turn(engine, clock).values == 0


def test_a_note_that_is_written_during_the_turn_is_closed_with_the_new_key(
    engine: Engine, clock: FixedClock, ring: KeyFile, filled: str
) -> None:
    """The vault of another process, opened before the ring was turned, follows without being started anew."""
    web = Vault(ring)
    with using(Vault(ring)):
        new = _turn_ring(ring, clock)
    with using(web), system_ctx(engine, clock) as ctx:
        diagnostic = ctx.session.scalars(select(Diagnostic)).one()
        diagnostic.social_part = "Écrit pendant la rotation."
    with Session(engine) as session:
        raw = session.scalar(select(cast(Diagnostic.social_part, String)))
        assert session.scalar(select(func.count()).where(Diagnostic.social_part != "")) == 1
    assert raw is not None
    assert raw.startswith(head_of(new))
