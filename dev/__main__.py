"""`python -m dev serve|run|demo`: the local stack, alone or with the main job played on it."""

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

from dev.data_folder import FolderTaken
from dev.demo.console import announce, show_curl_lines
from dev.demo.play import play_main_job
from dev.localhost import PortTaken
from dev.settings import StackSettings, read_settings
from dev.stack import running

_STARTING = "Starting the local stack on 127.0.0.1; without keys it needs no account and nothing from outside ..."
_INTERRUPTED = 130  # what shells call a command that a signal ended before it was done
_USAGE = "usage: python -m dev serve|run|demo"


async def _serve(settings: StackSettings) -> int:
    """The stack alone, until a signal."""
    async with running(settings) as stack:
        print(f"ready {stack.url}", flush=True)
        print(f"The API to read and to try: {stack.url}/dev/api", flush=True)
        await _for_ever()


async def _run(settings: StackSettings) -> int:
    """The stack, the main job on it, then serving until a signal."""
    begun = time.perf_counter()
    announce(_STARTING)
    async with running(settings) as stack:
        uid = _new_user()
        await play_main_job(stack, uid=uid, begun=begun)
        show_curl_lines(stack, uid=uid)
        await _for_ever()


async def _demo(settings: StackSettings) -> int:
    """The main job on an empty stack of its own; 0 only if every step was right."""
    begun = time.perf_counter()
    announce(_STARTING)
    with tempfile.TemporaryDirectory(prefix="second-brain-demo-") as folder:
        async with running(replace(settings, port=0, data_dir=Path(folder))) as stack:
            return 0 if await play_main_job(stack, uid=_new_user(), begun=begun) else 1


def _new_user() -> str:
    """Somebody with three trial credits, however often the job is played on the same data."""
    return f"demo-{uuid4().hex[:8]}"


async def _for_ever() -> NoReturn:
    while True:
        await asyncio.Event().wait()


async def _until_signal(command: Coroutine[Any, Any, int], *, status_when_stopped: int) -> int:
    """Run the command; SIGINT and SIGTERM end it wherever it is, and everything it started with it."""
    work = asyncio.ensure_future(command)

    def stop() -> None:
        if not work.cancelling():  # a second signal must not cut the cleaning up short
            work.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        return await work
    except asyncio.CancelledError:
        return status_when_stopped


def main() -> int:
    """Run the named command."""
    commands = {"serve": (_serve, 0), "run": (_run, 0), "demo": (_demo, _INTERRUPTED)}
    named = commands.get(sys.argv[1]) if len(sys.argv) == 2 else None  # noqa: PLR2004 - the one argument
    if named is None:
        print(_USAGE, file=sys.stderr)
        return 2
    command, status_when_stopped = named
    settings = read_settings()
    try:
        return asyncio.run(_until_signal(command(settings), status_when_stopped=status_when_stopped))
    except FolderTaken:
        print(
            f"{settings.data_dir} is used by another stack: stop it, or choose another, DATA_DIR=...", file=sys.stderr
        )
        return 1
    except PortTaken:
        print(f"Port {settings.port} is taken: stop what listens there, or choose another, PORT=8788.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
