"""Invokes scheduled functions, as EventBridge rules with a rate do: once at the start, then every so often."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from dev.lambda_runtime.invocation import ACCOUNT_ID, REGION, Invoker
from functions.catalogue import Function

Log = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Which function is invoked how often."""

    function_name: str
    function: Invoker
    every_seconds: float


def schedules_of(functions: Iterable[Function], invokers: Mapping[str, Invoker]) -> list[Schedule]:
    """The schedules of the catalogue's functions, invoked through `invokers` by function name."""
    return [
        Schedule(
            function_name=function.name,
            function=invokers[function.name],
            every_seconds=function.every_seconds,
        )
        for function in functions
        if function.every_seconds is not None
    ]


def scheduled_event(function_name: str, now: datetime) -> dict[str, Any]:
    """The event of an EventBridge rule named `<function>-schedule` that fires now."""
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT_ID,
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT_ID}:rule/{function_name}-schedule"],
        "detail": {},
    }


class Scheduler:
    """One loop per schedule. A function never overlaps itself: a tick it was too slow for is left out."""

    def __init__(self, schedules: Iterable[Schedule], *, log: Log) -> None:
        self._schedules = tuple(schedules)
        self._log = log
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Invoke every scheduled function now, and then at its rate."""
        self._tasks = [asyncio.create_task(self._repeat(schedule)) for schedule in self._schedules]

    async def stop(self) -> None:
        """Stop; an invocation in flight is given up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repeat(self, schedule: Schedule) -> None:
        begun = time.monotonic()
        while True:
            await self._invoke(schedule)
            elapsed = time.monotonic() - begun
            await asyncio.sleep(schedule.every_seconds - elapsed % schedule.every_seconds)

    async def _invoke(self, schedule: Schedule) -> None:
        result = await schedule.function.invoke(scheduled_event(schedule.function_name, datetime.now(UTC)))
        if result.error is not None:
            self._log(f"{schedule.function_name} | schedule: {result.error.error_type}")
