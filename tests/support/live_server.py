"""The application over real HTTP, in a thread of the test process: it sees the same database and the same clock."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from types import TracebackType
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

# Below the range from which the system takes ports for outgoing connections, a hundred for each test process.
FIRST_PORT = 21_000
PORTS_EACH = 100


class _QuietHandler(WSGIRequestHandler):
    """Speaks HTTP/1.1, so that a browser keeps its connections, and leaves the test's output alone."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class LiveServer:
    """Serves an application on this machine while the block lasts."""

    def __init__(self, application: WSGIApplication) -> None:
        self._server = _listen(application)
        # Threads that still hold a browser's idle connection must not delay the end of a test.
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._server.block_on_close = False  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> LiveServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address of the application, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.port}"


def _listen(application: WSGIApplication) -> BaseWSGIServer:
    def served(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        # When the browser leaves while it is being answered, this server forgets to close the answer, and a file in it.
        answer = application(environ, start_response)
        try:
            yield from answer
        finally:
            if (close := getattr(answer, "close", None)) is not None:
                close()

    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST_PORT + worker * PORTS_EACH
    for port in range(first, first + PORTS_EACH):
        try:
            return make_server("127.0.0.1", port, served, threaded=True, request_handler=_QuietHandler)
        except (OSError, SystemExit):  # Werkzeug turns "address in use" into an exit
            continue
    raise RuntimeError(f"no free port from {first} to {first + PORTS_EACH - 1}")
