"""A small HTTP server on a port of its own: a fake says what it answers to a request, and nothing else."""

import socket
import struct
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

_AT_ONCE = struct.pack("ii", 1, 0)  # close() sends RST


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request. Headers have lower-case names."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer. `sent_bytes` cuts the body short of its length, after which the connection is closed.

    `is_reset` sends nothing, and ends the connection as a machine does that crashed: RST instead of FIN.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    length: int | None = None
    sent_bytes: int | None = None
    is_reset: bool = False


Answering = Callable[[Asked], Told | None]
"""None hangs up without an answer."""


Heard = Callable[[str], bool]
"""Asked with what is about to happen, or just has; False: the caller is dead, so nothing more is done for it."""


def telling(answering: Answering, heard: Heard, name: str) -> Answering:
    """`answering`, which says of each request to `name` that it has come, and that it was done."""

    def tell(asked: Asked) -> Told | None:
        what = f"{asked.method} of {name}"
        told = answering(asked) if heard(f"before the {what}") else None
        return told if heard(f"after the {what}") else None

    return tell


@contextmanager
def small_server(answering: Answering) -> Generator[str]:
    """The server's address, while the block lasts."""
    handler = type("Handler", (_Handler,), {"answering": staticmethod(answering)})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    answering: ClassVar[Answering]

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(method=self.command, path=self.path, headers=headers, body=body)
        told = type(self).answering(asked)
        if told is None or told.is_reset:
            self._hang_up(is_reset=told is not None)
        else:
            self._send(told)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the base looks for these names

    def _hang_up(self, *, is_reset: bool) -> None:
        self.close_connection = True
        if is_reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            self.connection.close()

    def _send(self, told: Told) -> None:
        self.send_response_only(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told.body) if told.length is None else told.length))
        self.end_headers()
        # The client may have hung up already, which is what some tests are about.
        with suppress(OSError):
            if self.command != "HEAD":
                self.wfile.write(told.body[: told.sent_bytes])
            self.wfile.flush()
        self.close_connection = self.close_connection or told.sent_bytes is not None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the base's names
        return
