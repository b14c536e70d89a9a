"""Times an app from inside its server, and tells at GET /measured."""

import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PATH = "/measured"


class Stopwatch:
    """Milliseconds of each call, by the clock and of the processor, since they were asked for last."""

    def __init__(self) -> None:
        self._wall_ms: list[float] = []
        self._cpu_ms: list[float] = []

    @contextmanager
    def running(self) -> Generator[None]:
        """Time what happens inside."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self._wall_ms.append((time.perf_counter() - wall) * 1_000)
        self._cpu_ms.append((time.process_time() - cpu) * 1_000)

    def told(self) -> bytes:
        """What was measured, which begins anew; `process_cpu_ms` counts since the process began."""
        told: dict[str, Any] = {
            "wall_ms": self._wall_ms,
            "cpu_ms": self._cpu_ms,
            "process_cpu_ms": time.process_time() * 1_000,
        }
        self._wall_ms, self._cpu_ms = [], []
        return json.dumps(told).encode()


def telling(app: ASGIApp, stopwatch: Stopwatch) -> ASGIApp:
    """`app`, which tells at GET /measured what its stopwatch counted."""

    async def measured(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") == _PATH:
            await send_answer(send, 200, {"content-type": "application/json"}, stopwatch.told())
        else:
            await app(scope, receive, send)

    return measured


def timed(app: ASGIApp, stopwatch: Stopwatch) -> ASGIApp:
    """`app` with each call timed, without what the server does to receive and to send."""

    async def measured(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        body = await read_body(receive)
        messages: list[Message] = []

        async def received() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Message) -> None:
            messages.append(message)

        with stopwatch.running():
            await app(scope, received, keep)
        for message in messages:
            await send(message)

    return measured


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


async def send_answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    """A whole answer."""
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    encoded.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
