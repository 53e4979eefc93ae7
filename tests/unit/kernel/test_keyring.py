from __future__ import annotations

import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework.kernel.errors import ConfigurationError
from casework.kernel.keyring import GivenKeys, KeyCommand, KeyFile, KeyRing

NOW = datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_a_ring_survives_being_written_down() -> None:
    first = KeyRing.generated()
    bigger, key_id = first.with_new_key()
    ring = bigger.activated(key_id, NOW)

    assert KeyRing.parsed(ring.dumped(), "x") == ring
    assert (ring.active, set(ring.secrets), ring.retired_at) == (key_id, {first.active, key_id}, {first.active: NOW})
    assert ring.index == first.index


def test_a_new_key_reads_before_it_writes_and_the_old_one_after() -> None:
    first = KeyRing.generated()
    bigger, key_id = first.with_new_key()

    assert (bigger.active, bigger.retired_at) == (first.active, {})
    back = bigger.activated(key_id, NOW).activated(first.active, NOW)
    assert (back.active, back.retired_at) == (first.active, {key_id: NOW})


def test_a_key_that_is_taken_out_leaves_nothing_and_the_active_one_stays() -> None:
    bigger, key_id = KeyRing.generated().with_new_key()
    ring = bigger.activated(key_id, NOW)

    assert ring.without(frozenset({bigger.active})) == KeyRing(key_id, {key_id: ring.secrets[key_id]}, ring.index)
    with pytest.raises(ValueError, match="stays"):
        ring.without(frozenset({key_id}))


def test_a_ring_does_not_show_its_secrets() -> None:
    ring = KeyRing.generated()
    shown = f"{ring!r} {GivenKeys(ring.dumped())!r}"

    for secret in (*ring.secrets.values(), ring.index):
        assert repr(secret) not in shown
        assert b64encode(secret).decode() not in shown


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"active": "00000000aa", "keys": {}, "index": "c2VjcmV0"}',
        '{"active": "00000000aa", "keys": {"00000000aa": "c2VjcmV0"}, "index": "c2VjcmV0"}',
        '{"active": "00000000aa", "keys": ["c2VjcmV0"], "index": "c2VjcmV0"}',
        '{"active": ["c2VjcmV0"], "keys": {}, "index": "c2VjcmV0"}',
        '{"active": "00000000aa", "keys": {"00000000aa": 7}, "index": "c2VjcmV0"}',
        '{"active": "00000000aa", "keys": {"00000000aa": "c2VjcmV0!"}, "index": "c2VjcmV0"}',
        KeyRing("aa", {"aa": bytes(32)}, bytes(32)).dumped(),
        KeyRing("00000000AA", {"00000000AA": bytes(32)}, bytes(32)).dumped(),
        KeyRing("nonhexdigi", {"nonhexdigi": bytes(32)}, bytes(32)).dumped(),
        KeyRing("00000000aa", {"00000000aa": bytes(31)}, bytes(32)).dumped(),
        KeyRing("00000000aa", {"00000000aa": bytes(32)}, bytes(16)).dumped(),
        KeyRing("00000000aa", {"00000000aa": bytes(32)}, bytes(32), {"00000000bb": datetime(2026, 3, 30)}).dumped(),  # noqa: DTZ001 -- an instant without its zone is the point
    ],
)
def test_what_is_no_ring_is_refused_without_being_shown(content: str) -> None:
    with pytest.raises(ConfigurationError, match="CASEWORK_KEYS") as refused:
        GivenKeys(content).read()

    assert "c2VjcmV0" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_command_prints_the_ring(tmp_path: Path) -> None:
    ring = KeyRing.generated()
    script = tmp_path / "print keys.py"
    script.write_text(f"print({ring.dumped()!r})")

    assert KeyCommand(f'{sys.executable} "{script}"').read() == ring


@pytest.mark.parametrize("command", ["/nowhere/at/all", "false", "'unclosed", f"{sys.executable} -c 'print(7)'"])
def test_a_command_that_gives_no_ring_is_named(command: str) -> None:
    with pytest.raises(ConfigurationError, match="CASEWORK_KEYS_COMMAND"):
        KeyCommand(command).read()


def test_the_file_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    source = KeyFile(tmp_path / "data" / "keys.json", made_when_missing=True)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: source.make_when_missing(), range(8)))
    ring = source.read()
    source.make_when_missing()

    assert source.read() == ring
    assert source.path.stat().st_mode & 0o777 == 0o600
    assert source.path.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in source.path.parent.iterdir()] == ["keys.json"]


def test_a_file_that_somebody_names_is_not_made(tmp_path: Path) -> None:
    source = KeyFile(tmp_path / "keys.json")
    source.make_when_missing()

    with pytest.raises(ConfigurationError, match=r"keys\.json"):
        source.read()
    assert not source.path.exists()


def test_a_file_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    source = KeyFile(tmp_path / "keys.json", made_when_missing=True)
    source.make_when_missing()
    source.path.chmod(0o644)

    with pytest.raises(ConfigurationError, match="chmod 600"):
        source.read()


def test_of_many_who_add_a_key_at_once_none_loses_anothers(tmp_path: Path) -> None:
    source = KeyFile(tmp_path / "keys.json", made_when_missing=True)
    source.make_when_missing()
    before = source.stamp()
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: source.change(lambda ring: ring.with_new_key()[0]), range(16)))

    assert sorted(len(ring.secrets) for ring in rings) == list(range(2, 18))
    assert len(source.read().secrets) == 17
    assert source.stamp() != before
    assert source.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]
