"""Processes of the benchmark: modules of ours and a vendor's programs, each with all its children, ended by id."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_READY = "ready "
_READY_SECONDS = 90
_STOP_SECONDS = 20


class NotStarted(RuntimeError):
    """A process ended before it was ready; its log says why."""


@dataclass(frozen=True, kw_only=True)
class Started:
    """A process that leads a session of its own, so that its id names its group too."""

    process: "subprocess.Popen[str]"
    url: str = ""

    @property
    def pid(self) -> int:
        """Its id."""
        return self.process.pid

    def family(self) -> list[psutil.Process]:
        """The process and all below it that are alive."""
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self.pid)
            return [root, *root.children(recursive=True)]
        return []

    def kill(self) -> None:
        """SIGKILL for it and its group, and wait until it is buried."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for whoever is left after a while."""
        family = self.family()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_STOP_SECONDS)
        for left in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                left.kill()
        self.process.wait()


@contextlib.asynccontextmanager
async def started(
    command: Sequence[str], *, log_path: Path, environment: Mapping[str, str] | None = None
) -> AsyncGenerator[Started]:
    """Run a command that prints `ready <url>`; yield it then, and end it and its children on leaving.

    Raises:
        NotStarted: it ended, or printed something else first.
    """
    one = spawn(command, log_path=log_path, environment=environment)
    try:
        yield await ready(one)
    finally:
        await asyncio.to_thread(one.stop)


def spawn(
    command: Sequence[str], *, log_path: Path, environment: Mapping[str, str] | None = None, is_heard: bool = True
) -> Started:
    """Run a command without waiting for it; whoever calls ends it. `is_heard`: it will say when it is ready."""
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if is_heard else log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    return Started(process=process)


async def ready(one: Started) -> Started:
    """The same, once it has printed its address.

    Raises:
        NotStarted: it ended, or printed something else first.
    """
    if one.process.stdout is None:
        raise NotStarted("its output is not read")
    line = await asyncio.wait_for(asyncio.to_thread(one.process.stdout.readline), _READY_SECONDS)
    if not line.startswith(_READY):
        raise NotStarted(line.strip() or "it ended")
    return Started(process=one.process, url=line.removeprefix(_READY).strip())
