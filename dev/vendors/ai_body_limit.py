"""Refuses requests that are too large, whether they say so or not."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dev.vendors.ai_errors import ApiError, error_response

MOST_BYTES = 30_000_000
MOST_DRAINED_BYTES = 4 * MOST_BYTES


class BodyLimit:
    """ASGI middleware: 413 for a declared length over the limit, an `ApiError` once a body passes it undeclared."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _declared_bytes(scope) > MOST_BYTES:
            await _drain(receive)
            await error_response(_too_large())(scope, receive, send)
        else:
            await self._app(scope, _counting(receive), send)


def _declared_bytes(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _counting(receive: Receive) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MOST_BYTES:
            raise _too_large()
        return message

    return counted


async def _drain(receive: Receive) -> None:
    """Reads on for a while: a client that is cut off while it sends never sees why."""
    drained, is_more = 0, True
    while is_more and drained < MOST_DRAINED_BYTES:
        message = await receive()
        drained += len(message.get("body", b""))
        is_more = message.get("more_body", False)


def _too_large() -> ApiError:
    return ApiError(413, "The request is larger than 30 MB.", code="request_too_large")
