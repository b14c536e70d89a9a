"""Serving an ASGI app on 127.0.0.1 inside the running event loop, and calling such servers."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncGenerator, Generator

import httpx
import uvicorn
from starlette.types import ASGIApp

_STOP_SECONDS = 2


class PortTaken(OSError):
    """The port cannot be listened at."""


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: stopping belongs to whoever owns the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, port: int = 0) -> AsyncGenerator[str]:
    """Serve `app` on 127.0.0.1 and yield its address, `http://127.0.0.1:<port>`, without a slash at the end.

    Port 0 takes a free one. Connections are accepted from the moment the address is yielded. On leaving,
    requests in flight get two seconds.

    Raises:
        PortTaken: somebody listens there already.
    """
    listener = _listen(port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


def local_client(*, timeout_seconds: float, max_connections: int = 100) -> httpx.AsyncClient:
    """An HTTP client for servers of this machine: no proxy of the developer's, and no https.

    Reading the certificate authorities, which it does not need, would cost 50 ms and more.
    """
    return httpx.AsyncClient(
        timeout=timeout_seconds,
        trust_env=False,
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        limits=httpx.Limits(max_connections=max_connections),
    )


def _listen(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only where the protocol is named; left on, an answer takes 44 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise PortTaken(port) from error
    listener.listen(1_024)
    return listener
