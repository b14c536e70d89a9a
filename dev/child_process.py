"""A Python module of ours as a child process that says on its first line when it is ready."""

import asyncio
import contextlib
import ctypes
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_READY = "ready "
_STOP_SECONDS = 3


class ChildFailed(RuntimeError):
    """The process ended, or said something else than that it is ready; its log says why."""


@contextlib.asynccontextmanager
async def child(module: str, *arguments: str, log_path: Path, ready_seconds: float = 60) -> AsyncGenerator[str]:
    """Run `python -m module ...` and yield the address of its `ready http://127.0.0.1:<port>` line.

    What it writes to standard error goes to `log_path`. It ends with us, however we end.
    """
    with log_path.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    try:
        yield await asyncio.wait_for(_address(process, module), ready_seconds)
    finally:
        await _end(process)


async def _address(process: asyncio.subprocess.Process, module: str) -> str:
    if process.stdout is None:
        raise ChildFailed(f"{module} has no output to read")
    line = (await process.stdout.readline()).decode().strip()
    if not line.startswith(_READY):
        raise ChildFailed(f"{module} did not start: {line or 'it ended'}")
    return line.removeprefix(_READY)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
