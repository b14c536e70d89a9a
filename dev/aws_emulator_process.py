"""moto's server as a process: prints its port, serves 127.0.0.1 only, ends when its standard input closes.

Started by `aws_emulator.start_aws_emulator`, which holds the other end of that input: when the parent dies,
even by SIGKILL, the input closes and moto goes with it.
"""

import logging
import os
import signal
import sys
import threading
from functools import cache

import moto.backends
import moto.core.responses
import moto.core.utils
import moto.sqs.models
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server


class UnbufferedHandler(MotoRequestHandler):
    """moto's handler without Nagle's algorithm, which adds 40 ms to small answers on a kept connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1


def main() -> None:
    """Serves until standard input closes."""
    _remember_names()
    # Ctrl-C reaches the whole process group; only the parent decides when this ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(
        "127.0.0.1",
        0,
        DomainDispatcherApplication(create_backend_app),
        threaded=True,
        request_handler=UnbufferedHandler,
    )
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(server.server_port, flush=True)
    # What moto prints from now on belongs in the log: nobody reads the pipe any more.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server.serve_forever()


def _remember_names() -> None:
    """moto works out the same names at every request, and looks into its own folder too: almost half its time."""
    modules = tuple(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    spelt = cache(moto.core.utils.camelcase_to_underscores)
    for module in (moto.core.responses, moto.sqs.models):
        module.__dict__["camelcase_to_underscores"] = spelt
    moto.core.responses.__dict__["method_names_from_class"] = cache(moto.core.utils.method_names_from_class)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    # All state is in memory and worthless without the parent, so nothing needs closing.
    os._exit(0)


if __name__ == "__main__":
    main()
