"""Promises of the lock files: in step with setup.cfg, complete, hashed, and bound to no index."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.lock import EXTRAS, RUNTIME_LOCK, TEST_LOCK, declared_requirements, fingerprint
from tests.support.tree import ROOT

LOCKS = [RUNTIME_LOCK, TEST_LOCK]
ENTRY = re.compile(
    r"^(?P<requirement>[a-z0-9][^\n]*?)(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE
)


def _pins(lock: str) -> dict[str, Requirement]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = [Requirement(match["requirement"]) for match in ENTRY.finditer(text)]
    return {canonicalize_name(pin.name): pin for pin in pins}


def _version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "=="
    return specifier.version


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_was_made_from_the_requirements_of_setup_cfg(lock: str) -> None:
    declared = declared_requirements(ROOT / "setup.cfg", *EXTRAS[lock])

    assert f"# Made from setup.cfg {fingerprint(declared)}\n" in (ROOT / lock).read_text(encoding="utf-8"), (
        "run make lock"
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_to_a_version_it_allows(lock: str) -> None:
    pins = _pins(lock)
    for text in declared_requirements(ROOT / "setup.cfg", *EXTRAS[lock]):
        wanted = Requirement(text)
        assert wanted.specifier.contains(_version(pins[canonicalize_name(wanted.name)])), text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_with_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    rest = [line for line in ENTRY.sub("", text).splitlines() if line.strip() and not line.startswith("#")]

    assert rest == []
    assert "://" not in text


def test_the_tests_run_with_the_versions_of_production() -> None:
    runtime, test = _pins(RUNTIME_LOCK), _pins(TEST_LOCK)

    assert {name: str(pin) for name, pin in runtime.items() if str(test.get(name)) != str(pin)} == {}
