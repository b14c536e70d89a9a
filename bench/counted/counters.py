"""Where things are counted: before the queue service, at the bucket, at each function's processes."""

import asyncio
import contextlib
import json
import re
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psutil

from dev.lambda_runtime.invocation import InvocationResult
from dev.lambda_runtime.pool import FunctionPool
from dev.object_edge.app import create_app

_CHUNK = 65_536
_ACTION = re.compile(rb"x-amz-target: AmazonSQS\.(\w+)", re.IGNORECASE)
_QUEUES = "QUEUE_ENDPOINT_URL"


@dataclass(kw_only=True)
class Counts:
    """Everything that was counted so far."""

    queue_calls: Counter[str] = field(default_factory=Counter[str])
    """What functions asked of the queue service, by action."""
    bucket_calls: Counter[str] = field(default_factory=Counter[str])
    """Requests to the bucket by method, the phone's own among them."""
    invocations: Counter[str] = field(default_factory=Counter[str])
    log_bytes: Counter[str] = field(default_factory=Counter[str])
    metrics: set[str] = field(default_factory=set[str])
    """Each name with its dimensions, as CloudWatch counts what it charges for."""
    pools: dict[str, "CountingPool"] = field(default_factory=dict[str, "CountingPool"])
    queues: str = ""
    """Where the queue service really is."""
    door: str = ""

    def begin(self) -> None:
        """From now on; what was counted before is forgotten."""
        for counter in (self.queue_calls, self.bucket_calls, self.invocations, self.log_bytes):
            counter.clear()
        self.metrics.clear()

    def processor_seconds(self) -> Counter[str]:
        """Of all processes of each function, since they were started."""
        return Counter({name: pool.processor_seconds() for name, pool in self.pools.items()})

    def logged(self, function: str, line: str) -> None:
        """Count a line of a function's log, and the metrics on it."""
        self.log_bytes[function] += len(line.encode()) + 1
        if '"CloudWatchMetrics"' not in line:
            return
        told = json.loads(line)
        for directive in told["_aws"]["CloudWatchMetrics"]:
            words = ",".join(f"{name}={told[name]}" for name in directive["Dimensions"][0])
            self.metrics.update(f"{metric['Name']}{{{words}}}" for metric in directive["Metrics"])


def pool_of(counts: Counts) -> type[FunctionPool]:
    """A pool that counts."""

    class Pool(CountingPool):
        def __init__(self, *args: Any, **others: Any) -> None:  # noqa: ANN401 - as its own
            super().__init__(counts, *args, **others)

    return Pool


class CountingPool(FunctionPool):
    """The processes of one function, which ask the queue service through the door."""

    def __init__(
        self,
        counts: Counts,
        function: Any,  # noqa: ANN401 - as its own
        *,
        environment: Mapping[str, str],
        log: Any,  # noqa: ANN401 - as its own
        **others: Any,  # noqa: ANN401 - as its own
    ) -> None:
        def counted(line: str) -> None:
            counts.logged(function.name, line.partition(" | ")[2])
            log(line)

        given = dict(environment)
        if _QUEUES in given:
            counts.queues, given[_QUEUES] = given[_QUEUES], counts.door
        super().__init__(function, environment=given, log=counted, **others)
        self._counts = counts
        counts.pools[function.name] = self

    async def invoke(
        self, event: Mapping[str, Any], *, request_id: str | None = None, trace_id: str | None = None
    ) -> InvocationResult:
        """As the pool does."""
        result = await super().invoke(event, request_id=request_id, trace_id=trace_id)
        self._counts.invocations[self.function.name] += 1
        return result

    def processor_seconds(self) -> float:
        """Of its processes that are alive: with instant providers none of them ends meanwhile."""
        total = 0.0
        for pid in self.pids:
            with contextlib.suppress(psutil.Error):
                times = psutil.Process(pid).cpu_times()
                total += times.user + times.system
        return total


def bucket_of(counts: Counts) -> Any:  # noqa: ANN401 - what makes an ASGI app
    """The door of the bucket, with requests counted before it looks at them."""

    def create(*args: Any, **others: Any) -> Any:  # noqa: ANN401 - as its own
        app = create_app(*args, **others)

        async def counted(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
            if scope["type"] == "http":
                counts.bucket_calls[str(scope["method"])] += 1
            await app(scope, receive, send)

        return counted

    return create


@contextlib.asynccontextmanager
async def queue_door(counts: Counts) -> AsyncGenerator[None]:
    """Bytes pass to the queue service; what is asked of it is counted on their way."""
    copying: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = int(counts.queues.rpartition(":")[2])
        there_reader, there = await asyncio.open_connection("127.0.0.1", port)
        back = asyncio.create_task(_copy(there_reader, writer))
        copying.add(back)
        back.add_done_callback(copying.discard)
        await _copy(reader, there, counts.queue_calls)
        back.cancel()
        for one in (writer, there):
            one.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    counts.door = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield
    finally:
        server.close()


async def _copy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counted: Counter[str] | None = None
) -> None:
    with contextlib.suppress(ConnectionError, asyncio.CancelledError):
        while data := await reader.read(_CHUNK):
            if counted is not None:
                counted.update(action.decode() for action in _ACTION.findall(data))
            writer.write(data)
            await writer.drain()
