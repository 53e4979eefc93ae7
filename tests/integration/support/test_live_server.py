"""The server of the browser tests closes what the application answers with, whatever the browser does."""

import socket
import struct
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from tests.support.live_server import LiveServer

WAIT_SECONDS = 10


class _Answer:
    """An answer whose browser has left when it ends."""

    def __init__(self) -> None:
        self.has_left, self.is_closed = threading.Event(), threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        yield b"what nobody reads"
        self.has_left.wait(WAIT_SECONDS)

    def close(self) -> None:
        self.is_closed.set()


def test_an_answer_is_closed_when_the_browser_leaves_without_it() -> None:
    answer = _Answer()

    def application(_environ: WSGIEnvironment, start_response: StartResponse) -> _Answer:
        start_response("200 OK", [("Content-Length", "17")])
        return answer

    with LiveServer(application) as server:
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname, address.port or 0)) as browser:
            browser.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            browser.recv(1)
            # Leave by a reset, not by a goodbye.
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        answer.has_left.set()
        assert answer.is_closed.wait(WAIT_SECONDS)
