"""`python -m bench.served.ours <database url> <queue url> <mode>`: our sessions function; no queue, nothing sent.

What AWS's gateway does in production, matching the route and building the event, is done here by the local gateway's
own code. It is part of a call over HTTP, and no part of the handler's own time.
"""

import sys

from starlette.types import Receive, Scope, Send

from bench.served.serve import serve
from bench.served.sessions_function import Events, SessionsFunction
from bench.served.stopwatch import Stopwatch, read_body, send_answer, telling
from dev.gateway.events import HttpRequest


class _Gateway:
    """One function as an ASGI app. The handler blocks the loop: an execution environment serves one call at a time."""

    def __init__(self, function: SessionsFunction, stopwatch: Stopwatch) -> None:
        self._handler = function.handler
        self._stopwatch = stopwatch
        self._events = Events()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        headers = tuple((name.decode(), value.decode()) for name, value in scope["headers"])
        raw_path, body = scope["raw_path"].decode(), await read_body(receive)
        request = HttpRequest(method=scope["method"], raw_path=raw_path, raw_query="", headers=headers, body=body)
        event = self._events.of(request, uid=request.header("x-firebase-uid"))
        with self._stopwatch.running():
            response = self._handler(event, None)
        await send_answer(send, response["statusCode"], response["headers"], response["body"].encode())


def main() -> None:
    """Serve until told to stop."""
    database_url, queue_url, _mode = sys.argv[1:]  # the URL says whether to prepare
    stopwatch = Stopwatch()
    serve(telling(_Gateway(SessionsFunction(database_url, queue_url), stopwatch), stopwatch), access_log=False)


if __name__ == "__main__":
    main()
