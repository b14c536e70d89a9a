"""The Lambda Runtime API of one process: `next`, `response`, `error`, `init` and `restore`, by HTTP on 127.0.0.1.

One server per process, so that who is asking needs no guessing. It speaks just the HTTP/1.1 that the runtime
client speaks: keep-alive, Content-Length, no chunks, no `Expect`.
"""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from dev.lambda_runtime.invocation import FunctionError, Invocation

MAX_PAYLOAD_BYTES = 6_291_556
"""Lambda's limit for an event and for an answer: 6 MiB and 100 bytes, as its own error message says."""

_HEADER_LIMIT_BYTES = 2 * 1024 * 1024  # the client sends stack traces of up to 1 MiB in a header
_VERSION = "/2018-06-01/runtime"

Outcome = bytes | FunctionError
"""What a process answered: the payload as JSON bytes, or its error."""


@dataclass(frozen=True, kw_only=True)
class _Request:
    method: str
    path: str
    body: bytes
    is_too_large: bool


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: HTTPStatus
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b'{"status":"OK"}'


class RuntimeApi:
    """Hands invocations to one process and takes its answers."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[FunctionError | None] = loop.create_future()
        """Done at the first `next` (None), or when the process says that it cannot start."""
        self._work: asyncio.Queue[Invocation] = asyncio.Queue()
        self._pending: dict[str, asyncio.Future[Outcome]] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Listen on a free port of 127.0.0.1 and return `host:port`, as AWS_LAMBDA_RUNTIME_API wants it."""
        self._server = await asyncio.start_server(self._serve_connection, "127.0.0.1", 0, limit=_HEADER_LIMIT_BYTES)
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def submit(self, invocation: Invocation) -> "asyncio.Future[Outcome]":
        """Queue `invocation` for the process; the future is done when it has answered."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._pending[invocation.request_id] = outcome
        self._work.put_nowait(invocation)
        return outcome

    async def _serve_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._connections.add(task)
        try:
            # A process that dies closes its end in the middle of anything: nothing to answer then.
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while True:
                    writer.write(_rendered(await self._answer(await _read_request(reader))))
                    await writer.drain()
        finally:
            self._connections.discard(task)
            writer.close()

    async def _answer(self, request: _Request) -> _Answer:
        match (request.method, request.path.removeprefix(_VERSION).strip("/").split("/")):
            case ("GET", ["invocation", "next"]):
                return await self._next()
            case ("POST", ["invocation", request_id, "response"]):
                return self._finished(request_id, _response_outcome(request), request)
            case ("POST", ["invocation", request_id, "error"]):
                return self._finished(request_id, _parsed_error(request.body), request)
            case ("GET", ["restore", "next"]):
                return _Answer(status=HTTPStatus.OK)
            case ("POST", ["init" | "restore", "error"]):
                self._started(_parsed_error(request.body))
                return _Answer(status=HTTPStatus.ACCEPTED)
            case _:
                return _refusal(HTTPStatus.NOT_FOUND, "InvalidPath")

    async def _next(self) -> _Answer:
        self._started(None)
        invocation = await self._work.get()
        headers = (
            ("Content-Type", "application/json"),
            ("Lambda-Runtime-Aws-Request-Id", invocation.request_id),
            ("Lambda-Runtime-Deadline-Ms", str(invocation.deadline_ms)),
            ("Lambda-Runtime-Invoked-Function-Arn", invocation.function_arn),
            ("Lambda-Runtime-Trace-Id", invocation.trace_id),
        )
        return _Answer(status=HTTPStatus.OK, headers=headers, body=invocation.body)

    def _started(self, error: FunctionError | None) -> None:
        if not self.ready.done():
            self.ready.set_result(error)

    def _finished(self, request_id: str, outcome: Outcome, request: _Request) -> _Answer:
        pending = self._pending.pop(request_id, None)
        if pending is None:
            return _refusal(HTTPStatus.BAD_REQUEST, "InvalidRequestID")
        if not pending.done():
            pending.set_result(outcome)
        if request.is_too_large:
            return _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "RequestEntityTooLarge")
        return _Answer(status=HTTPStatus.ACCEPTED)


def too_large_error(what: str, size_bytes: int | None = None) -> FunctionError:
    """Lambda's error for an answer (`what="Response"`) or event (`"Request"`) over the limit."""
    seen = "" if size_bytes is None else f" It has {size_bytes} bytes."
    message = f"{what} payload size exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes).{seen}"
    return FunctionError(error_type=f"Function.{what}SizeTooLarge", error_message=message)


def _response_outcome(request: _Request) -> Outcome:
    return too_large_error("Response") if request.is_too_large else request.body


async def _read_request(reader: asyncio.StreamReader) -> _Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    request_line, *header_lines = head.strip().split("\r\n")
    method, path, _ = request_line.split(" ", 2)
    size = _content_length(header_lines)
    if size > MAX_PAYLOAD_BYTES:
        await _discard(reader, size)
        return _Request(method=method, path=path, body=b"", is_too_large=True)
    return _Request(method=method, path=path, body=await reader.readexactly(size), is_too_large=False)


def _content_length(header_lines: list[str]) -> int:
    for line in header_lines:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def _discard(reader: asyncio.StreamReader, size: int) -> None:
    left = size
    while left > 0 and (chunk := await reader.read(min(left, 1_048_576))):
        left -= len(chunk)


def _rendered(answer: _Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status.value} {answer.status.phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += [f"Content-Length: {len(answer.body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + answer.body


def _refusal(status: HTTPStatus, error_type: str) -> _Answer:
    return _Answer(status=status, body=json.dumps({"errorType": error_type, "errorMessage": ""}).encode())


def _parsed_error(body: bytes) -> FunctionError:
    try:
        parsed: Any = json.loads(body)
    except ValueError:
        parsed = None
    fields = cast("dict[str, Any]", parsed if isinstance(parsed, dict) else {})
    trace = cast("list[Any]", fields.get("stackTrace") or [])
    return FunctionError(
        error_type=str(fields.get("errorType") or "Runtime.Unknown"),
        error_message=str(fields.get("errorMessage") or ""),
        stack_trace=tuple(str(line) for line in trace),
    )
