"""The gateway itself: one HTTP request in, one invocation, one HTTP response out."""

import asyncio
import base64
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.types import Receive, Scope, Send

from dev.gateway import answers
from dev.gateway.answers import HttpAnswer, MalformedAnswer, answer_of, unauthorized
from dev.gateway.authorizer import JwtAuthorizer, TokenRefused
from dev.gateway.cors import CorsSettings, is_preflight, preflight_answer, with_cors
from dev.gateway.events import HttpRequest, build_event
from dev.gateway.routing import GatewayRoute, RouteMatch, Router
from dev.gateway.throttling import Throttles
from dev.lambda_runtime.invocation import InvocationResult, Invoker, new_trace_root

MAX_BODY_BYTES = 10 * 1024 * 1024
MAX_HEADER_BYTES = 10_240
"""API Gateway's limit for the request line and all header values together."""
_MAX_DRAINED_BYTES = 64 * 1024 * 1024
_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """What an operator may set about an HTTP API."""

    cors: CorsSettings | None = None
    integration_timeout_seconds: float = 30.0


_DEFAULTS = GatewaySettings()


@dataclass(frozen=True, kw_only=True)
class _Exchange:
    """A request on its way, with the ids it is known by."""

    request: HttpRequest
    request_id: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(11)).decode())
    trace_root: str = field(default_factory=new_trace_root)


class Gateway:
    """An ASGI app that answers like an HTTP API with `routes` in front of `functions` (by name)."""

    def __init__(
        self,
        *,
        routes: Iterable[GatewayRoute],
        functions: Mapping[str, Invoker],
        authorizer: JwtAuthorizer,
        settings: GatewaySettings = _DEFAULTS,
    ) -> None:
        self._router = Router(routes)
        self._functions = functions
        self._authorizer = authorizer
        self._settings = settings
        self._throttles = Throttles()
        self._running: set[asyncio.Task[InvocationResult]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request; anything else (lifespan, WebSocket) is not supported."""
        if scope["type"] != "http":
            raise NotImplementedError(f"The gateway serves http, not {scope['type']}")
        body = await _read_body(receive)
        exchange = _Exchange(request=_request(scope, body or b""))
        answer = answers.TOO_LARGE if body is None else await self._answer(exchange)
        if self._settings.cors is not None:
            answer = with_cors(answer, self._settings.cors, exchange.request)
        await _send_answer(send, answer, exchange)

    async def stop(self) -> None:
        """Give up the invocations that outlived their request, and close the authorizer."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._authorizer.stop()

    async def _answer(self, exchange: _Exchange) -> HttpAnswer:
        request = exchange.request
        if _header_size(request) > MAX_HEADER_BYTES:
            return answers.HEADERS_TOO_LARGE
        if self._settings.cors is not None and is_preflight(request):
            return preflight_answer(self._settings.cors, request)
        match = self._router.match(request.method, request.raw_path)
        if match is None:
            return answers.NOT_FOUND
        if not self._throttles.lets_through(match.route):
            return answers.TOO_MANY
        try:
            claims = await self._claims(request, match.route)
        except TokenRefused as refusal:
            return unauthorized(refusal.reason)
        return await self._integrate(exchange, match, claims)

    async def _claims(self, request: HttpRequest, route: GatewayRoute) -> dict[str, Any] | None:
        if route.auth == "open":
            return None
        return await self._authorizer.claims(request.header("authorization"))

    async def _integrate(self, exchange: _Exchange, match: RouteMatch, claims: dict[str, Any] | None) -> HttpAnswer:
        event = build_event(
            exchange.request,
            match,
            request_id=exchange.request_id,
            trace_root=exchange.trace_root,
            claims=claims,
            now=datetime.now(UTC),
        )
        result = await self._invoke(match.route.function, event, exchange.trace_root)
        return answers.UNAVAILABLE if result is None else _answer_of_result(result)

    async def _invoke(self, function: str, event: dict[str, Any], trace_root: str) -> InvocationResult | None:
        """The result, or None after the cap: the function then runs on unheard, as in AWS."""
        invocation = self._functions[function].invoke(event, trace_id=f"{trace_root};Sampled=0")
        task = asyncio.ensure_future(invocation)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait({task}, timeout=self._settings.integration_timeout_seconds)
        return task.result() if task.done() else None


def _answer_of_result(result: InvocationResult) -> HttpAnswer:
    if result.error is not None:
        is_too_large = result.error.error_type == "Function.RequestSizeTooLarge"
        return answers.TOO_LARGE if is_too_large else answers.INTERNAL_ERROR
    try:
        return answer_of(result.payload)
    except MalformedAnswer:
        return answers.INTERNAL_ERROR


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None if it is too large.

    Even a body that is refused is read on (to a bound), or the client, still sending, would see its connection
    reset instead of the answer.
    """
    chunks: list[bytes] = []
    size = 0
    is_complete = False
    while not is_complete and size <= _MAX_DRAINED_BYTES:
        message = await receive()
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size <= MAX_BODY_BYTES:
            chunks.append(chunk)
        is_complete = message["type"] != "http.request" or not message.get("more_body", False)
    return b"".join(chunks) if size <= MAX_BODY_BYTES else None


def _request(scope: Scope, body: bytes) -> HttpRequest:
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    client = scope.get("client")
    server = scope.get("server")
    return HttpRequest(
        method=scope["method"],
        raw_path=scope["raw_path"].decode("latin-1"),
        raw_query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        source_ip=client[0] if client else "127.0.0.1",
        protocol=f"HTTP/{scope['http_version']}",
        scheme=scope["scheme"],
        port=(server[1] if server else None) or 80,
    )


def _header_size(request: HttpRequest) -> int:
    line = len(request.method) + len(request.raw_path) + len(request.raw_query)
    return line + sum(len(value) for _, value in request.headers)


async def _send_answer(send: Send, answer: HttpAnswer, exchange: _Exchange) -> None:
    body = b"" if answer.status in _NO_BODY else answer.body
    headers = [*answer.headers, ("apigw-requestid", exchange.request_id)]
    if answer.status not in _NO_BODY:
        headers.append(("content-length", str(len(body))))
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
