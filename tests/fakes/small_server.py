"""A small HTTP server on a port of its own: a fake says what it answers to a request, and nothing else."""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request. Headers have lower-case names."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer. `sent_bytes` cuts the body short of its length, after which the connection is closed."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    length: int | None = None
    sent_bytes: int | None = None


Answering = Callable[[Asked], Told | None]
"""None hangs up without an answer."""


@contextmanager
def small_server(answering: Answering) -> Generator[str]:
    """The server's address, while the block lasts."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answering))
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)


def _handler(answering: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def _answer(self) -> None:
            told = answering(self._asked())
            if told is None:
                self.close_connection = True
                return
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

        def _asked(self) -> Asked:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            return Asked(method=self.command, path=self.path, headers=headers, body=body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the base's names
            return

    for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._answer)
    return Handler
