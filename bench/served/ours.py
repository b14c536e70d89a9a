"""`python -m bench.served.ours <database url> <queue url> <mode>`: our sessions function; no queue, nothing sent.

What AWS's gateway does in production, matching the route and building the event, is done here by the local gateway's
own code. It is part of a call over HTTP, and no part of the handler's own time.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.types import Receive, Scope, Send

from bench.served.serve import serve
from bench.served.stopwatch import Stopwatch, read_body, send_answer, telling
from dev.function_environment import LocalAddresses, function_environment
from dev.gateway.events import HttpRequest, build_event
from dev.gateway.routing import Router, routes_of
from dev.providers import provider_settings
from functions.catalogue import FUNCTIONS
from shared.outbox.message import Message

_NAME = "sessions"


class _NoQueue:
    """Takes messages and sends none."""

    def send(self, queue: str, messages: Sequence[Message]) -> None:
        pass

    def delay(self, queue: str, receipt_handle: str, seconds: int) -> None:
        raise NotImplementedError

    def check(self, queue: str) -> None:
        raise NotImplementedError


class _Gateway:
    """One function as an ASGI app. The handler blocks the loop: an execution environment serves one call at a time."""

    def __init__(self, handler: Any, stopwatch: Stopwatch) -> None:  # noqa: ANN401 - imported by name
        self._handler = handler
        self._stopwatch = stopwatch
        self._router = Router(routes_of(FUNCTIONS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        event = self._event(scope, await read_body(receive))
        with self._stopwatch.running():
            response = self._handler(event, None)
        await send_answer(send, response["statusCode"], response["headers"], response["body"].encode())

    def _event(self, scope: Scope, body: bytes) -> dict[str, Any]:
        headers = tuple((name.decode(), value.decode()) for name, value in scope["headers"])
        raw_path = scope["raw_path"].decode()
        request = HttpRequest(method=scope["method"], raw_path=raw_path, raw_query="", headers=headers, body=body)
        match = self._router.match(request.method, raw_path)
        if match is None:
            raise LookupError(raw_path)
        claims = {"sub": request.header("x-firebase-uid")}
        return build_event(
            request, match, request_id="r", trace_root="Root=1-0-0", claims=claims, now=datetime.now(UTC)
        )


def _handler(database_url: str, queue_url: str) -> Any:  # noqa: ANN401 - imported by name
    """The handler as it is deployed, or the same routes with a queue that sends nothing."""
    addresses = LocalAddresses(
        database_url=lambda _: database_url,
        queue_url=queue_url or "http://127.0.0.1:9",
        object_url="http://127.0.0.1:9",
        providers=provider_settings({}, local_url="http://127.0.0.1:9"),
    )
    function = next(function for function in FUNCTIONS if function.name == _NAME)
    os.environ.update(function_environment(function, addresses), AWS_REGION="us-east-1")
    deployed = importlib.import_module(function.handler.rpartition(".")[0])
    if queue_url:
        return deployed.handler
    routes = importlib.import_module("functions.api.sessions.routes")
    edge = importlib.import_module("shared.edge.http")
    return edge.http_handler(routes.Routes(db=deployed.db, queue=_NoQueue()).endpoints(), deployed.db)


def main() -> None:
    """Serve until told to stop."""
    database_url, queue_url, _mode = sys.argv[1:]  # the URL says whether to prepare
    stopwatch = Stopwatch()
    serve(telling(_Gateway(_handler(database_url, queue_url), stopwatch), stopwatch), access_log=False)


if __name__ == "__main__":
    main()
