from __future__ import annotations

import logging
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, Table, cast, func, select
from sqlalchemy.engine.default import DefaultDialect

from casework.kernel import vault as vaults
from casework.kernel.errors import ConfigurationError
from casework.kernel.keyring import GivenKeys, KeyFile, KeyRing
from casework.kernel.vault import (
    DamagedValue,
    EncryptedText,
    UnknownKey,
    Vault,
    encrypted_columns,
    head_of,
    installed,
    key_id_of,
    using,
)
from casework.models import metadata
from tests.support.encrypted import ENCRYPTED_COLUMNS
from tests.support.keys import KEY_ID, SOURCE

PLACE = "contacts.private_note"
SECRET = "Elle craint son frère."
NOW = datetime(2026, 3, 30, 8, tzinfo=UTC)


@given(st.text())
def test_what_is_closed_opens_again_and_shows_nothing_meanwhile(text: str) -> None:
    vault = Vault(SOURCE)
    value = vault.encrypt(PLACE, text)

    assert vault.decrypt(PLACE, value) == text
    assert value.isascii()
    assert len(text.encode()) < 5 or text.encode() not in b64decode(value)


def test_the_same_text_is_never_closed_twice_alike(vault: Vault) -> None:
    assert len({vault.encrypt(PLACE, SECRET) for _ in range(100)}) == 100


def test_a_value_says_which_key_closed_it(vault: Vault) -> None:
    value = vault.encrypt(PLACE, SECRET)

    assert value.startswith(head_of(KEY_ID))
    assert key_id_of(value[: vaults.HEAD_LENGTH]) == KEY_ID
    assert [key_id_of(head) for head in ("", "Elle cra", "AAAA", "AAAAAAAA")] == [None] * 4


def test_a_value_that_was_changed_anywhere_does_not_open(vault: Vault, caplog: pytest.LogCaptureFixture) -> None:
    raw = b64decode(vault.encrypt(PLACE, SECRET))
    for place in (0, *range(6, len(raw))):  # the bytes between say which key it is
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(DamagedValue) as refused:
            vault.decrypt(PLACE, b64encode(changed).decode())
        assert SECRET not in str(refused.value)
    assert PLACE in caplog.text
    assert SECRET not in caplog.text
    assert b64encode(raw).decode()[8:] not in caplog.text


@pytest.mark.parametrize("value", [SECRET, "abc", "é", "AAAA", b64encode(b"\x01" * 20).decode(), "x" * 100])
def test_what_was_never_closed_does_not_open(vault: Vault, value: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DamagedValue, match=r"contacts\.private_note"):
        vault.decrypt(PLACE, value)
    assert caplog.records[0].levelno == logging.ERROR
    assert f" {value} " not in f" {caplog.text} "


def test_a_value_that_was_moved_to_another_column_does_not_open(vault: Vault) -> None:
    value = vault.encrypt(PLACE, SECRET)

    with pytest.raises(DamagedValue, match=r"diagnostics\.social_part"):
        vault.decrypt("diagnostics.social_part", value)


def test_a_value_of_a_key_that_is_not_there_is_told_apart_from_a_damaged_one(
    vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = Vault(GivenKeys(KeyRing.generated().dumped()))
    value = stranger.encrypt(PLACE, SECRET)

    with pytest.raises(UnknownKey, match=stranger.ring.active):
        vault.decrypt(PLACE, value)
    assert stranger.ring.active in caplog.text


def test_another_process_turns_the_ring_and_this_one_follows(tmp_path: Path) -> None:
    source = KeyFile(tmp_path / "keys.json", made_when_missing=True)
    ours, theirs = Vault(source), Vault(source)
    old = ours.encrypt(PLACE, SECRET)
    bigger, key_id = source.read().with_new_key()
    source.change(lambda _: bigger.activated(key_id, NOW))

    assert ours.decrypt(PLACE, theirs.encrypt(PLACE, SECRET)) == SECRET
    assert ours.encrypt(PLACE, SECRET).startswith(head_of(key_id))
    assert theirs.decrypt(PLACE, old) == SECRET


def test_a_file_that_is_gone_stops_what_would_be_written(tmp_path: Path) -> None:
    source = KeyFile(tmp_path / "keys.json", made_when_missing=True)
    vault = Vault(source)
    value = vault.encrypt(PLACE, SECRET)
    source.path.unlink()

    with pytest.raises(ConfigurationError, match=r"keys\.json"):
        vault.encrypt(PLACE, SECRET)
    assert vault.decrypt(PLACE, value) == SECRET
    assert not source.path.exists()


def test_the_blind_index_finds_equal_texts_whatever_key_is_active(vault: Vault) -> None:
    bigger, key_id = vault.ring.with_new_key()
    turned = Vault(GivenKeys(bigger.activated(key_id, NOW).dumped()))
    index = vault.blind_index(PLACE, "Lefèvre-Dupont")

    assert index == turned.blind_index(PLACE, "  LEFEVRE DUPONT ")
    assert (len(index), int(index, 16) > 0) == (64, True)
    assert index != vault.blind_index(PLACE, "Lefèvre")
    assert index != vault.blind_index("persons.phone", "Lefèvre-Dupont")
    assert index != Vault(GivenKeys(KeyRing.generated().dumped())).blind_index(PLACE, "Lefèvre-Dupont")
    assert vault.blind_index(PLACE, " … ") == ""


def test_a_fingerprint_tells_two_texts_apart_and_is_no_blind_index(vault: Vault) -> None:
    one, other = vault.fingerprint(PLACE, "Lefèvre"), vault.fingerprint(PLACE, "lefevre")

    assert one == vault.fingerprint(PLACE, "Lefèvre")
    assert one != other
    assert len(one) == 16
    assert not vault.blind_index(PLACE, "lefevre").startswith(other)
    assert vault.derived_key("audit") != vault.derived_key("fingerprint")


def test_the_column_closes_and_opens_and_leaves_nothing_and_the_empty_text_alone() -> None:
    column = EncryptedText(PLACE)
    dialect = DefaultDialect()

    closed = column.process_bind_param(SECRET, dialect)
    assert closed is not None
    assert SECRET not in closed
    assert column.process_result_value(closed, dialect) == SECRET
    for plain in (None, ""):
        assert column.process_bind_param(plain, dialect) == column.process_result_value(plain, dialect) == plain


def test_a_condition_that_could_never_be_true_is_refused() -> None:
    note = Table("contacts", MetaData(), Column("private_note", EncryptedText(PLACE))).c.private_note

    assert str(select(func.count()).where(note != "", note.is_not(None)))
    assert str(cast(note, String))
    for condition in (lambda: note == SECRET, lambda: note.like("%frère%"), note.desc, lambda: note.in_([SECRET])):
        with pytest.raises(TypeError, match="blind_index"):
            condition()


def test_every_encrypted_column_says_its_own_place() -> None:
    assert [str(column) for column in encrypted_columns(metadata)] == list(ENCRYPTED_COLUMNS)
    wrong = MetaData()
    Table("contacts", wrong, Column("id", Integer), Column("shared_note", EncryptedText(PLACE)))
    with pytest.raises(ValueError, match=r"contacts\.shared_note says that it is contacts\.private_note"):
        encrypted_columns(wrong)


def test_without_a_vault_nothing_is_read_or_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vaults._Installed, "vault", None)

    with pytest.raises(ConfigurationError, match="trousseau"):
        installed()
    with using(Vault(SOURCE)) as inside:
        assert installed() is inside
