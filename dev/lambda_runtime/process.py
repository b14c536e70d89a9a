"""One execution environment: a process of one function, its Runtime API, its log."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dev.lambda_runtime.environment import process_environment
from dev.lambda_runtime.invocation import FunctionError, Invocation
from dev.lambda_runtime.runtime_api import Outcome, RuntimeApi
from functions.catalogue import Function

_START_SCRIPT = Path(__file__).with_name("start_process.py")
_INIT_SECONDS = 30.0  # Lambda gives 10 s; here many functions start at once on two cores
_TERM_SECONDS = 1.0
_LOG_DRAIN_SECONDS = 0.5

Log = Callable[[str], None]
"""Takes one line of a function's output, without its line end."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class ProcessSpec:
    """What a process of a function is started with.

    `client` is a folder with the runtime client and nothing else (client_folder.py): the process sees that and
    `task_root`, and no package that is installed here. None lets it see them.

    `is_restored` has the client do what it does around a snapshot (SnapStart), though none is taken.
    """

    function: Function
    environment: Mapping[str, str]
    task_root: Path
    log: Log
    client: Path | None = None
    is_restored: bool = False


class FunctionProcess:
    """A started process. It runs one invocation at a time, and after a failure of the process none."""

    def __init__(self, spec: ProcessSpec, api: RuntimeApi, process: asyncio.subprocess.Process) -> None:
        self._spec = spec
        self._api = api
        self._process = process
        self._exited = asyncio.create_task(process.wait())
        self._logging = asyncio.create_task(self._copy_log())

    @classmethod
    async def start(cls, spec: ProcessSpec) -> "FunctionProcess":
        """Spawn the process. It is not ready yet: see `initialise`."""
        api = RuntimeApi()
        address = await api.start()
        environment = process_environment(
            spec.function,
            given=spec.environment,
            task_root=spec.task_root,
            runtime_api=address,
            client=spec.client,
            is_restored=spec.is_restored,
        )
        is_alone = ("-S",) if spec.client else ()  # without the module site, no folder of installed packages is known
        arguments = (*is_alone, "-P", str(_START_SCRIPT), str(os.getpid()), spec.function.handler)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                env=environment,
                cwd=spec.task_root,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is for the stack, not for its functions
            )
        except BaseException:
            await api.stop()
            raise
        return cls(spec, api, process)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process can still be given work."""
        return self._process.returncode is None and not self._exited.done()

    async def initialise(self, request_id: str) -> FunctionError | None:
        """Wait until the handler is imported and asks for work; the error if it cannot be."""
        return await self._first(self._api.ready, request_id, timeout_seconds=_INIT_SECONDS)

    async def run(self, invocation: Invocation) -> Outcome:
        """Run one invocation until it answers, the process dies, or its deadline kills the process."""
        timeout = max(0.0, invocation.deadline_ms / 1_000 - time.time())
        return await self._first(self._api.submit(invocation), invocation.request_id, timeout_seconds=timeout)

    async def stop(self) -> None:
        """End the process (SIGTERM, after a second SIGKILL) and close what belongs to it."""
        self._signal(signal.SIGTERM)
        await asyncio.wait({self._exited}, timeout=_TERM_SECONDS)
        await self._kill()
        await self._api.stop()
        await asyncio.wait({self._logging}, timeout=_LOG_DRAIN_SECONDS)
        self._logging.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._logging

    async def _first(
        self, answer: "asyncio.Future[T]", request_id: str, *, timeout_seconds: float
    ) -> T | FunctionError:
        """The answer, or else why there is none: the process exited or was killed at the deadline."""
        await asyncio.wait({answer, self._exited}, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        if self._exited.done():
            return self._report(_exit_error(request_id, self._exited.result()))
        await self._kill()
        return self._report(_timeout_error(request_id, self._spec.function.timeout_seconds))

    async def _kill(self) -> None:
        self._signal(signal.SIGKILL)
        await asyncio.wait({self._exited})

    def _signal(self, number: signal.Signals) -> None:
        """Signal the process and its children: it leads a session, so its pid names its group too."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _report(self, error: FunctionError) -> FunctionError:
        self._spec.log(f"{self._spec.function.name} | {error.error_message}")
        return error

    async def _copy_log(self) -> None:
        output = self._process.stdout
        rest = b""
        while output is not None and (chunk := await output.read(65_536)):
            *lines, rest = (rest + chunk).split(b"\n")
            self._log_lines(lines)
        self._log_lines([rest] if rest else [])

    def _log_lines(self, lines: list[bytes]) -> None:
        """Log with the function's name in front. The runtime joins the lines of a traceback by CR."""
        for line in lines:
            for part in line.decode(errors="replace").rstrip("\r").split("\r"):
                self._spec.log(f"{self._spec.function.name} | {part}")


def _timeout_error(request_id: str, seconds: float) -> FunctionError:
    message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
    return FunctionError(error_type="Sandbox.Timedout", error_message=message)


def _exit_error(request_id: str, return_code: int) -> FunctionError:
    message = f"RequestId: {request_id} Error: {_exit_reason(return_code)}"
    return FunctionError(error_type="Runtime.ExitError", error_message=message)


def _exit_reason(return_code: int) -> str:
    if return_code == 0:
        return "Runtime exited without providing a reason"
    if return_code < 0:
        name = (signal.strsignal(-return_code) or str(-return_code)).lower()
        return f"Runtime exited with error: signal: {name}"
    return f"Runtime exited with error: exit status {return_code}"
