"""Queues and schedules of the local stack: moto's SQS, the real SDK, functions in processes of their own."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from dev.dispatcher import Dispatcher, QueueBinding
from dev.lambda_runtime.pool import FunctionPool
from dev.scheduler import Schedule, Scheduler
from functions.catalogue import Function, QueueTrigger
from tests.fixtures.local_runtime import ROOT, eventually

HANDLER = "tests.fixtures.functions.queue_sample.handler"


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A queue with a dead-letter queue, and the record of what its function got."""

    sqs: Any
    endpoint_url: str
    record: Path
    name: str = field(default_factory=lambda: f"work-{uuid4()}")

    @property
    def url(self) -> str:
        return f"{self.endpoint_url}/123456789012/{self.name}"

    def create(self, *, visibility_seconds: int = 30, max_receives: int = 5) -> None:
        self.sqs.create_queue(QueueName=f"{self.name}-dlq")
        redrive = {
            "deadLetterTargetArn": f"arn:aws:sqs:us-east-1:123456789012:{self.name}-dlq",
            "maxReceiveCount": max_receives,
        }
        attributes = {"VisibilityTimeout": str(visibility_seconds), "RedrivePolicy": json.dumps(redrive)}
        self.sqs.create_queue(QueueName=self.name, Attributes=attributes)

    def send(self, *bodies: dict[str, Any]) -> list[str]:
        entries = [{"Id": str(n), "MessageBody": json.dumps(body)} for n, body in enumerate(bodies)]
        answer = self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
        return [entry["MessageId"] for entry in answer["Successful"]]

    def waiting(self, of: str = "") -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.url + of, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def calls(self) -> list[dict[str, Any]]:
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        return [json.loads(line) for line in lines]

    def received(self) -> list[str]:
        """Ids of the messages in order of their receives, all calls together."""
        return [record["messageId"] for call in self.calls() for record in call["event"]["Records"]]


@pytest.fixture(scope="module")
def moto_url() -> Generator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


@pytest.fixture
def bench(moto_url: str, tmp_path: Path) -> Generator[Bench]:
    sqs: Any = boto3.client(  # pyright: ignore[reportUnknownMemberType]
        "sqs",
        endpoint_url=moto_url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    try:
        yield Bench(sqs=sqs, endpoint_url=moto_url, record=tmp_path / "record.jsonl")
    finally:
        sqs.close()


@contextlib.asynccontextmanager
async def pool_of(record: Path, *, max_processes: int = 4) -> AsyncGenerator[FunctionPool]:
    function = Function(name="worker", handler=HANDLER, family="plain")
    pool = FunctionPool(
        function, environment={"RECORD_FILE": str(record)}, task_root=ROOT, log=print, max_processes=max_processes
    )
    try:
        await pool.prewarm()
        yield pool
    finally:
        await pool.stop()


@contextlib.asynccontextmanager
async def dispatching(bench: Bench, *, batch_size: int = 1, max_concurrency: int = 2) -> AsyncGenerator[None]:
    async with pool_of(bench.record) as pool:
        trigger = QueueTrigger(queue=bench.name, batch_size=batch_size, max_concurrency=max_concurrency)
        binding = QueueBinding(trigger=trigger, function_name="worker", function=pool)
        dispatcher = Dispatcher(bench.endpoint_url, bindings=[binding], log=print)
        await dispatcher.start()
        try:
            yield
        finally:
            await dispatcher.stop()


def test_a_message_wakes_the_function_with_lambdas_event_and_is_deleted(bench: Bench) -> None:
    async def story() -> None:
        bench.create()
        async with dispatching(bench):
            await asyncio.to_thread(
                bench.sqs.send_message,
                QueueUrl=bench.url,
                MessageBody='{"n":1}',
                MessageAttributes={"kind": {"DataType": "String", "StringValue": "test"}},
            )
            await eventually(lambda: bool(bench.calls()) and bench.waiting() == 0)

    asyncio.run(story())
    ((record,),) = [call["event"]["Records"] for call in bench.calls()]
    assert record["body"] == '{"n":1}'
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert abs(int(record["attributes"]["SentTimestamp"]) - time.time() * 1_000) < 60_000
    assert record["messageAttributes"]["kind"]["stringValue"] == "test"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == f"arn:aws:sqs:us-east-1:123456789012:{bench.name}"


def test_messages_that_wait_come_as_batches(bench: Bench) -> None:
    async def story() -> None:
        bench.create()
        for _ in range(2):
            bench.send(*({"n": n} for n in range(10)))
        async with dispatching(bench, batch_size=10):
            await eventually(lambda: bench.waiting() == 0)

    asyncio.run(story())
    assert [len(call["event"]["Records"]) for call in bench.calls()] == [10, 10]


def test_no_more_invocations_run_at_once_than_allowed(bench: Bench) -> None:
    async def story() -> None:
        bench.create()
        bench.send(*({"meets": 2, "sleep_seconds": 0.15} for _ in range(6)))
        async with dispatching(bench, max_concurrency=2):
            await eventually(lambda: bench.waiting() == 0)

    asyncio.run(story())
    calls = bench.calls()
    at_once = [sum(other["begun"] <= call["begun"] < other["ended"] for other in calls) for call in calls]
    assert len(calls) == 6
    assert max(at_once) == 2


def test_a_failed_message_returns_after_its_visibility_timeout(bench: Bench) -> None:
    async def story() -> None:
        bench.create(visibility_seconds=1)
        bench.send({"raise": True})
        async with dispatching(bench):
            await eventually(lambda: len(bench.calls()) >= 2)
        assert bench.waiting() == 1

    asyncio.run(story())
    first, second = bench.calls()[:2]
    counts = [c["event"]["Records"][0]["attributes"]["ApproximateReceiveCount"] for c in (first, second)]
    assert counts == ["1", "2"]
    assert second["begun"] - first["begun"] > 0.9


def test_only_the_messages_named_as_failed_stay(bench: Bench) -> None:
    async def story() -> None:
        bench.create()
        bench.send({"n": 1}, {"fail": True}, {"n": 3})
        async with dispatching(bench, batch_size=10):
            await eventually(lambda: bench.waiting() == 1)

    asyncio.run(story())
    assert len(bench.received()) == 3


def test_an_answer_with_an_unknown_identifier_keeps_the_whole_batch(bench: Bench) -> None:
    async def story() -> None:
        bench.create(visibility_seconds=1)
        sent = bench.send({"answer": {"batchItemFailures": [{"itemIdentifier": "unknown"}]}}, {"n": 2})
        async with dispatching(bench, batch_size=10):
            await eventually(lambda: len(bench.received()) >= 4)
        assert set(bench.received()) == set(sent)
        assert bench.waiting() == 2

    asyncio.run(story())


def test_a_message_that_fails_too_often_becomes_a_dead_letter(bench: Bench) -> None:
    """With a visibility of 0 a failed message comes back at once."""

    async def story() -> None:
        bench.create(visibility_seconds=0, max_receives=3)
        bench.send({"raise": True})
        async with dispatching(bench):
            # The third call may be under way when the fourth receive finds the message tired.
            await eventually(lambda: bench.waiting("-dlq") == 1 and len(bench.calls()) >= 3)

    asyncio.run(story())
    assert (len(bench.calls()), bench.waiting()) == (3, 0)


def test_a_visibility_set_to_zero_brings_the_message_back_at_once(bench: Bench) -> None:
    async def story() -> None:
        bench.create(visibility_seconds=30)
        bench.send({"raise": True})
        async with dispatching(bench):
            await eventually(lambda: len(bench.calls()) == 1)
            handle = bench.calls()[0]["event"]["Records"][0]["receiptHandle"]
            await asyncio.to_thread(
                bench.sqs.change_message_visibility,
                QueueUrl=bench.url,
                ReceiptHandle=handle,
                VisibilityTimeout=0,
            )
            await eventually(lambda: len(bench.calls()) >= 2, within_seconds=3)

    asyncio.run(story())


def test_a_queue_service_that_is_away_is_tried_again_and_stopping_does_not_wait_for_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr("dev.dispatcher._PAUSE_AFTER_FAILURE_SECONDS", 0.01)

    async def story() -> None:
        async with pool_of(bench.record) as pool:
            binding = QueueBinding(trigger=QueueTrigger(queue=bench.name), function_name="worker", function=pool)
            dispatcher = Dispatcher("http://127.0.0.1:1", bindings=[binding], log=lines.append)
            await dispatcher.start()
            await eventually(lambda: len(lines) >= 2)
            monkeypatch.setattr("dev.dispatcher._PAUSE_AFTER_FAILURE_SECONDS", 3_600)
            tries = len(lines)
            await eventually(lambda: len(lines) > tries)  # then it pauses for an hour
            await asyncio.wait_for(dispatcher.stop(), 30)

    asyncio.run(story())
    assert all("ReceiveMessage" in line for line in lines)


def test_a_scheduled_function_runs_at_the_start_and_again_and_never_twice_at_once(tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    overlaps: list[int] = []

    @dataclass(kw_only=True)
    class Watched:
        pool: FunctionPool
        running: int = 0

        async def invoke(self, event: Any, *, request_id: str | None = None, trace_id: str | None = None) -> Any:
            self.running += 1
            overlaps.append(self.running)
            await asyncio.sleep(0.15)  # longer than the rate
            result = await self.pool.invoke(event, request_id=request_id, trace_id=trace_id)
            self.running -= 1
            return result

    async def story() -> None:
        async with pool_of(record) as pool:
            schedule = Schedule(function_name="sweep", function=Watched(pool=pool), every_seconds=0.1)
            scheduler = Scheduler([schedule], log=print)
            await scheduler.start()
            await eventually(lambda: record.exists() and len(record.read_text().splitlines()) >= 3)
            await scheduler.stop()

    asyncio.run(story())
    assert set(overlaps) == {1}
    event = json.loads(record.read_text().splitlines()[0])["event"]
    assert (event["source"], event["detail-type"], event["version"]) == ("aws.events", "Scheduled Event", "0")
    assert event["resources"] == ["arn:aws:events:us-east-1:123456789012:rule/sweep-schedule"]
    assert event["time"].endswith("Z")
    assert len(event["id"]) == 36
