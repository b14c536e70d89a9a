"""All processes of one function: spawned on demand, kept warm, never more than allowed."""

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dev.lambda_runtime.invocation import (
    FunctionError,
    Invocation,
    InvocationResult,
    function_arn,
    new_request_id,
    new_trace_root,
)
from dev.lambda_runtime.process import FunctionProcess, Log, ProcessSpec
from dev.lambda_runtime.runtime_api import MAX_PAYLOAD_BYTES, Outcome, too_large_error
from functions.catalogue import Function


class FunctionPool:
    """Invokes one function.

    A call takes the process that worked last, else starts one, and beyond `max_processes` waits in order of
    arrival. A process that failed as a process (timeout, exit, answer too large) is replaced at the next
    call; one whose handler raised goes on, as in Lambda. With a bundle as `task_root`, `client` says where the runtime
    client is to be found: see ProcessSpec, also for `is_restored`.
    """

    def __init__(
        self,
        function: Function,
        *,
        environment: Mapping[str, str],
        task_root: Path,
        log: Log,
        max_processes: int = 4,
        client: Path | None = None,
        is_restored: bool = False,
    ) -> None:
        self._spec = ProcessSpec(
            function=function,
            environment=dict(environment),
            task_root=task_root,
            log=log,
            client=client,
            is_restored=is_restored,
        )
        self._max_processes = max_processes
        self._slots = asyncio.Semaphore(max_processes)
        self._idle: list[FunctionProcess] = []
        self._processes: set[FunctionProcess] = set()
        self._stopped = False

    @property
    def function(self) -> Function:
        """The function this pool runs."""
        return self._spec.function

    @property
    def pids(self) -> frozenset[int]:
        """Ids of the processes that are alive."""
        return frozenset(process.pid for process in self._processes if process.is_alive)

    async def invoke(
        self, event: Mapping[str, Any], *, request_id: str | None = None, trace_id: str | None = None
    ) -> InvocationResult:
        """Run the function once with `event`, within its timeout from the catalogue.

        A failure is a result with `error`: Lambda's type and message for an exit, a timeout, a failed import
        or a payload over 6 MB; the exception's for an exception.
        """
        request_id = request_id or new_request_id()
        body = json.dumps(event, ensure_ascii=False).encode(errors="replace")
        if len(body) > MAX_PAYLOAD_BYTES:
            return InvocationResult(request_id=request_id, error=too_large_error("Request", len(body)))
        async with self._slots:
            return await self._invoke_in_slot(body, request_id, trace_id or f"{new_trace_root()};Sampled=0")

    async def prewarm(self, count: int = 1) -> None:
        """Have `count` processes started and waiting (at most `max_processes`); failures show at the call."""
        missing = count - len(self._idle)
        await asyncio.gather(*(self._prewarm_one() for _ in range(missing)))

    async def stop(self) -> None:
        """End every process and leave none. Calls in flight, and all after this, get an error."""
        self._stopped = True
        await asyncio.gather(*(self._retire(process) for process in tuple(self._processes)))
        # A call that was just starting a process sees the flag and retires it before it gives its slot back.
        for _ in range(self._max_processes):
            await self._slots.acquire()
        for _ in range(self._max_processes):
            self._slots.release()

    async def _prewarm_one(self) -> None:
        async with self._slots:
            process, error = await self._started(new_request_id())
            if process is not None and error is None:
                self._idle.insert(0, process)

    async def _invoke_in_slot(self, body: bytes, request_id: str, trace_id: str) -> InvocationResult:
        begun = time.perf_counter()
        process = await self._take_idle()
        init_ms: float | None = None
        if process is None:
            process, error = await self._started(request_id)
            init_ms = _milliseconds_since(begun)
            if process is None or error is not None:
                return InvocationResult(request_id=request_id, error=error, init_ms=init_ms)
        begun = time.perf_counter()
        outcome = await self._run(process, self._invocation(body, request_id, trace_id))
        return _result(request_id, outcome, duration_ms=_milliseconds_since(begun), init_ms=init_ms)

    def _invocation(self, body: bytes, request_id: str, trace_id: str) -> Invocation:
        return Invocation(
            request_id=request_id,
            body=body,
            deadline_ms=int((time.time() + self.function.timeout_seconds) * 1_000),
            function_arn=function_arn(self.function.name),
            trace_id=trace_id,
        )

    async def _take_idle(self) -> FunctionProcess | None:
        while self._idle:
            process = self._idle.pop()
            if process.is_alive:
                return process
            await self._retire(process)
        return None

    async def _started(self, request_id: str) -> tuple[FunctionProcess | None, FunctionError | None]:
        """A process that waits for work, or the error of its start."""
        if self._stopped:
            return None, FunctionError(error_type="Pool.Stopped", error_message="The local stack is stopping")
        process = await FunctionProcess.start(self._spec)
        self._processes.add(process)
        try:
            error = await process.initialise(request_id)
        except asyncio.CancelledError:
            await self._retire(process)
            raise
        if error is not None or self._stopped:
            await self._retire(process)
        return process, error

    async def _run(self, process: FunctionProcess, invocation: Invocation) -> Outcome:
        is_reusable = False
        try:
            outcome = await process.run(invocation)
            is_reusable = process.is_alive and not _is_fatal(outcome)
            return outcome
        finally:
            if is_reusable and not self._stopped:
                self._idle.append(process)
            else:
                await self._retire(process)

    async def _retire(self, process: FunctionProcess) -> None:
        self._processes.discard(process)
        await process.stop()


def _is_fatal(outcome: Outcome) -> bool:
    """Whether the process is of no use any more: told that its answer is too large, the client exits."""
    return isinstance(outcome, FunctionError) and outcome.error_type == too_large_error("Response").error_type


def _result(request_id: str, outcome: Outcome, *, duration_ms: float, init_ms: float | None) -> InvocationResult:
    if isinstance(outcome, FunctionError):
        return InvocationResult(request_id=request_id, error=outcome, duration_ms=duration_ms, init_ms=init_ms)
    payload = json.loads(outcome)
    return InvocationResult(request_id=request_id, payload=payload, duration_ms=duration_ms, init_ms=init_ms)


def _milliseconds_since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1_000
