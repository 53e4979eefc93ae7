"""The key ring of the tests: of no use anywhere else."""

from __future__ import annotations

from casework.kernel.keyring import GivenKeys, KeyRing

KEY_ID = "00000000aa"
KEYS = KeyRing(KEY_ID, {KEY_ID: bytes(range(32))}, bytes(range(32, 64))).dumped()
SOURCE = GivenKeys(KEYS)
