"""Processes that live and die together."""

import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from types import FrameType, TracebackType

GRACE_SECONDS = 8.0
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Child:
    """A process that was started, by the name under which people are told of it."""

    name: str
    process: "subprocess.Popen[bytes]"


class Family:
    """Child processes of this one. A first signal stops them all in order, a second one at once.

    Each is in a session of its own: Ctrl-C in a terminal reaches this process only, which then stops the others as
    any other signal does.
    """

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._stop = threading.Event()

    def __enter__(self) -> "Family":
        for number in _STOPPING:
            signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for child in self._children:
            child.process.terminate()
        until = monotonic() + GRACE_SECONDS
        for child in self._children:
            try:
                child.process.wait(max(0.0, until - monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()

    def start(self, name: str, command: Sequence[str], inherited: Sequence[int] = ()) -> Child:
        """Start a process that gets the file descriptors `inherited` and no other."""
        process = subprocess.Popen(command, pass_fds=inherited, start_new_session=True)  # noqa: S603 -- our own commands
        child = Child(name, process)
        self._children.append(child)
        return child

    def pause(self, seconds: float) -> bool:
        """Wait; tell whether the children are still wanted and all alive."""
        return not self._stop.wait(seconds) and self.first_dead() is None

    def first_dead(self) -> Child | None:
        """Return a child that ended by itself, or None."""
        return next((child for child in self._children if child.process.poll() is not None), None)

    def wait(self) -> Child | None:
        """Wait for a signal to stop, or for a child to end by itself; return that child."""
        while self.pause(0.3):
            pass
        return None if self._stop.is_set() else self.first_dead()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._stop.is_set():
            for child in self._children:
                child.process.kill()
        self._stop.set()
