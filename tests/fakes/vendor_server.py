"""An HTTP server that answers as it is told: a vendor at the socket, with the real SDK in front of it."""

import json
import threading
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANGS_SECONDS = 10
"""Then a server that hangs hangs up."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What to send back. `sent_bytes` cuts the body short of its Content-Length; `hangs` sends nothing at all."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    sent_bytes: int | None = None
    hangs: bool = False

    @classmethod
    def of_json(cls, value: Any, **others: Any) -> "Answer":
        return cls(body=json.dumps(value).encode(), headers={"Content-Type": "application/json"}, **others)


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class VendorServer:
    """Answers one request after the other from `answers`; the last answer is repeated."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._answers: deque[Answer] = deque()
        self._released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def answer_with(self, *answers: Answer) -> None:
        self._answers = deque(answers)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def _next(self) -> Answer:
        return self._answers.popleft() if len(self._answers) > 1 else self._answers[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                server.received.append(Received(method=self.command, path=self.path, headers=headers, body=body))
                self._send(server._next())

            def _send(self, answer: Answer) -> None:
                self.close_connection = True
                if answer.hangs:
                    server._released.wait(HANGS_SECONDS)
                    return
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                # The client may hang up first, which is what some tests are about.
                try:
                    self.wfile.write(answer.body[: answer.sent_bytes])
                except OSError:
                    return

            do_DELETE = do_POST  # noqa: N815 - the base looks for this name

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the base's names
                return

        return Handler


@contextmanager
def vendor_server() -> Generator[VendorServer, None, None]:
    """A server that lives as long as the block."""
    server = VendorServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
