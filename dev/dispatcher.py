"""Polls queues and wakes functions with batches of messages, as Lambda's event source mappings do.

A poll waits in the queue service until there is a message, so a message is on its way at once and idling costs
next to nothing. Dead-lettering is the service's own: it moves a message received too often.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dev.lambda_runtime.invocation import InvocationResult, Invoker
from dev.sqs_client import SqsCallFailed, SqsClient
from dev.sqs_events import failed_message_ids, sqs_event
from functions.catalogue import Function, QueueTrigger

_WAIT_SECONDS = 5
"""Short of SQS's 20: a poll that is given up still waits in moto, and would swallow a message that comes."""
_LARGEST_RECEIVE = 10
_PAUSE_AFTER_FAILURE_SECONDS = 0.5

Log = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class QueueBinding:
    """Which queue wakes which function."""

    trigger: QueueTrigger
    function_name: str
    function: Invoker


def bindings_of(functions: Iterable[Function], invokers: Mapping[str, Invoker]) -> list[QueueBinding]:
    """The bindings of the catalogue's functions, invoked through `invokers` by function name."""
    return [
        QueueBinding(trigger=trigger, function_name=function.name, function=invokers[function.name])
        for function in functions
        for trigger in function.queues
    ]


class Dispatcher:
    """One poll loop per binding, and up to `max_concurrency` invocations of each at once."""

    def __init__(self, endpoint_url: str, *, bindings: Sequence[QueueBinding], log: Log) -> None:
        self._sqs = SqsClient(endpoint_url, longest_wait_seconds=_WAIT_SECONDS)
        self._bindings = bindings
        self._log = log
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to poll."""
        for binding in self._bindings:
            self._spawn(self._poll(binding))

    async def stop(self) -> None:
        """Stop polling and give up what is in flight: its messages come back after their visibility timeout."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._sqs.stop()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log(f"dispatcher | {error!r}")

    async def _poll(self, binding: QueueBinding) -> None:
        slots = asyncio.Semaphore(binding.trigger.max_concurrency)
        while True:
            await slots.acquire()
            messages = await self._receive(binding)
            if not messages:
                slots.release()
                continue
            task = self._spawn(self._handle(binding, messages))
            task.add_done_callback(partial(_release, slots))

    async def _receive(self, binding: QueueBinding) -> list[dict[str, Any]]:
        count = min(binding.trigger.batch_size, _LARGEST_RECEIVE)
        try:
            return await self._sqs.receive(binding.trigger.queue, count=count, wait_seconds=_WAIT_SECONDS)
        except SqsCallFailed as failure:
            self._log(f"{binding.trigger.queue} | {failure}")
            await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
            return []

    async def _handle(self, binding: QueueBinding, messages: list[dict[str, Any]]) -> None:
        queue = binding.trigger.queue
        result = await binding.function.invoke(sqs_event(queue, messages))
        failed = _failed_ids(result, [message["MessageId"] for message in messages])
        if failed:
            reason = result.error.error_type if result.error else "batchItemFailures"
            self._log(f"{queue} | {binding.function_name}: {len(failed)} of {len(messages)} stay ({reason})")
        done = [message["ReceiptHandle"] for message in messages if message["MessageId"] not in failed]
        await self._delete(queue, done)

    async def _delete(self, queue: str, receipt_handles: list[str]) -> None:
        if not receipt_handles:
            return
        try:
            await self._sqs.delete(queue, receipt_handles)
        except SqsCallFailed as failure:
            self._log(f"{queue} | {failure}")


def _failed_ids(result: InvocationResult, message_ids: list[str]) -> frozenset[str]:
    if result.error is not None:
        return frozenset(message_ids)
    return failed_message_ids(result.payload, message_ids)


def _release(slots: asyncio.Semaphore, _task: "asyncio.Task[None]") -> None:
    slots.release()
