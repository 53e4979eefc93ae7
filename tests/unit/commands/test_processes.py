"""Processes that live and die together."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from time import monotonic

import pytest

from casework.commands import processes
from casework.commands.processes import Child, Family

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
DIES = [sys.executable, "-c", "raise SystemExit(3)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_child(number: signal.Signals) -> None:
    with Family() as family:
        children = [family.start("one", SLEEPS), family.start("two", SLEEPS)]
        os.kill(os.getpid(), number)
        ended = family.wait()

    assert ended is None
    assert [child.process.returncode for child in children] == [-signal.SIGTERM, -signal.SIGTERM]


def test_a_child_that_ends_by_itself_takes_the_others_along() -> None:
    with Family() as family:
        survivor = family.start("one", SLEEPS)
        family.start("two", DIES)
        ended = family.wait()

    assert ended is not None
    assert (ended.name, ended.process.returncode) == ("two", 3)
    assert survivor.process.returncode == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.2)
    start = monotonic()
    with Family() as family:
        child = family.start("one", STUBBORN)
        family.pause(0.5)

    assert child.process.returncode in {-signal.SIGKILL, -signal.SIGTERM}
    assert monotonic() - start < 10


def test_an_error_of_the_parent_leaves_no_orphan() -> None:
    children: list[Child] = []

    def start_and_fail() -> None:
        with Family() as family:
            children.append(family.start("one", SLEEPS))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        start_and_fail()

    assert [child.process.returncode for child in children] == [-signal.SIGTERM]
