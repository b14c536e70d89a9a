"""Serves an app as a child process of the benchmark: the same uvicorn for both sides."""

import os
import socket

import uvicorn
from starlette.types import ASGIApp

_KEEP_ALIVE_SECONDS = 600  # one side waits while others are measured


def serve(app: ASGIApp, *, access_log: bool) -> None:
    """Serve on a free port of 127.0.0.1 until SIGTERM; uvloop and httptools are used where they are installed.

    Prints `ready http://127.0.0.1:<port>` and writes everything after that to standard error, which is a file.
    """
    # asyncio turns Nagle's algorithm off only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(app, access_log=access_log, use_colors=False, timeout_keep_alive=_KEEP_ALIVE_SECONDS)
    print(f"ready http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    os.dup2(2, 1)
    uvicorn.Server(config).run(sockets=[listener])
