"""`casework keys`, as the shell runs it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from casework.diagnostics.models import Diagnostic
from casework.kernel.clock import FixedClock
from casework.kernel.key_ledger import VaultKey
from casework.kernel.keyring import GivenKeys, KeyFile, KeyRing
from casework.kernel.vault import Vault, using
from tests.factories import make_case, make_programme, system_ctx
from tests.integration.conftest import Run

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
WORDS = "Situation exposée lors du premier entretien."


@pytest.fixture(autouse=True)
def keys_in_the_data_folder(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables are there before; then nobody gives the keys."""
    monkeypatch.delenv("CASEWORK_KEYS")


@pytest.fixture
def ring(tmp_path: Path) -> KeyFile:
    """The ring of the data folder."""
    return KeyFile(tmp_path / "data" / "keys.json", made_when_missing=True)


@pytest.fixture
def filled(engine: Engine, clock: FixedClock, ring: KeyFile) -> str:
    """The key that closed a diagnostic."""
    with using(Vault(ring)) as vault, system_ctx(engine, clock) as ctx:
        make_case(ctx, make_programme(ctx))
        return vault.ring.active


def _age(ring: KeyFile) -> None:
    """Make it long ago that keys were retired."""
    ring.change(lambda held: KeyRing(held.active, held.secrets, held.index, dict.fromkeys(held.retired_at, LONG_AGO)))


def _social_part(engine: Engine, ring: KeyFile) -> str | None:
    with using(Vault(ring)), Session(engine) as session:
        return session.scalar(select(Diagnostic.social_part))


def test_a_key_lives_from_the_first_start_to_its_end(run: Run, engine: Engine, ring: KeyFile, filled: str) -> None:
    status, listed, _err = run("keys", "list")
    assert status == 0
    assert f"{filled}  active" in listed
    assert "données : 1" in listed

    status, out, _err = run("keys", "rotate")
    new = ring.read().active
    assert (status, new != filled, len(ring.read().secrets)) == (0, True, 2)
    assert new in out
    assert "Données rechiffrées : 1." in out
    assert _social_part(engine, ring) == WORDS

    status, out, _err = run("keys", "prune", "--yes")
    assert (status, len(ring.read().secrets)) == (0, 2)
    assert "moins d’un jour" in out
    assert "remplacée le" in run("keys", "list")[1]

    _age(ring)
    status, out, _err = run("keys", "prune", "--yes")
    assert (status, set(ring.read().secrets)) == (0, {new})
    assert filled in out
    assert _social_part(engine, ring) == WORDS
    with Session(engine) as session:
        assert session.scalars(select(VaultKey.key_id)).all() == [new]
    assert run("keys", "list")[0] == 0


def test_a_rotation_that_was_stopped_goes_on_and_takes_no_other_key(
    run: Run, engine: Engine, ring: KeyFile, filled: str, clock: FixedClock
) -> None:
    run("keys", "list")
    bigger, new = ring.read().with_new_key()
    ring.change(lambda _: bigger.activated(new, clock.now()))

    status, out, _err = run("keys", "rotate")
    assert (status, ring.read().active) == (0, new)
    assert f"La rotation vers la clé {new} continue." in out
    assert "Données rechiffrées : 1." in out
    run("keys", "rotate")
    assert ring.read().active not in {new, filled}
    again = run("keys", "rotate", "--new-key")
    assert (again[0], len(ring.read().secrets)) == (0, 4)
    assert _social_part(engine, ring) == WORDS


def test_a_value_that_does_not_open_is_told_with_its_row_and_status_one(run: Run, engine: Engine, filled: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE diagnostics SET social_part = 'Motcanari en clair'"))

    status, out, err = run("keys", "rotate")
    assert status == 1
    assert "diagnostics.social_part 1" in err
    assert "Motcanari" not in out + err
    status, listed, _err = run("keys", "list")
    assert status == 1
    assert "pas des données chiffrées" in listed


def test_nothing_starts_without_a_key_that_the_database_needs(
    run: Run, engine: Engine, ring: KeyFile, filled: str
) -> None:
    run("keys", "list")
    kept = ring.read()
    ring.path.unlink()

    for command in (["keys", "list"], ["sweep", "--programme", "F-SEMIS"], ["serve", "--no-scheduler"]):
        status, out, err = run(*command)
        assert (status, out) == (2, "")
        assert filled in err
        assert err.count("\n") == 1
    ring.change(lambda _: kept)
    assert run("keys", "list")[0] == 0
    assert _social_part(engine, ring) == WORDS


def test_a_ring_from_the_environment_is_turned_by_whoever_keeps_it(
    run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    status, first, _err = run("keys", "generate")
    monkeypatch.setenv("CASEWORK_KEYS", first)
    with using(Vault(GivenKeys(first))) as old, system_ctx(engine, clock) as ctx:
        make_case(ctx, make_programme(ctx))
    refused = run("keys", "rotate")
    status, second, _err = run("keys", "generate")
    monkeypatch.setenv("CASEWORK_KEYS", second)
    rotated = run("keys", "rotate")
    aged = json.loads(second) | {"retired_at": {old.ring.active: LONG_AGO.isoformat()}}
    monkeypatch.setenv("CASEWORK_KEYS", json.dumps(aged))
    pruned = run("keys", "prune", "--yes")
    left = aged | {"keys": {json.loads(second)["active"]: aged["keys"][json.loads(second)["active"]]}, "retired_at": {}}
    monkeypatch.setenv("CASEWORK_KEYS", json.dumps(left))
    listed = run("keys", "list")

    assert (status, refused[0]) == (0, 2)
    assert "keys generate" in refused[2]
    assert rotated[0] == 0
    assert "continue" in rotated[1]
    assert f"retirer de CASEWORK_KEYS : {old.ring.active}" in pruned[1]
    assert listed[0] == 0
    assert "données : 1" in listed[1]
