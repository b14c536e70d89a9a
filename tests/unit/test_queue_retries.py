import json
from types import SimpleNamespace
from typing import Any

import pytest

from shared.edge.queue import backoff_seconds, queue_handler
from shared.errors import DatabaseUnavailable, SecondBrainError, VendorDown
from shared.ids import new_id
from shared.outbox.message import Message
from shared.outbox.queue import MAX_DELAY_SECONDS
from tests.fakes.memory_queue import MemoryQueue

ARN = "arn:aws:sqs:eu-west-1:123456789012:second-brain-transcribe"


def record(body: str, *, name: str = "m1", receives: int = 1) -> dict[str, Any]:
    return {
        "messageId": name,
        "receiptHandle": f"receipt-{name}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": ARN,
        "awsRegion": "eu-west-1",
    }


def body_of(number: int = 0) -> str:
    message = Message(id=new_id(), user_id=new_id(), correlation_id="c", body={"number": number})
    return message.model_dump_json()


def failing_with(error: Exception, queue: MemoryQueue) -> Any:
    def handle(_: Message) -> None:
        raise error

    return queue_handler(handle, queue, retry_base_seconds=10)


def failed(answer: Any) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_vendor_that_is_down_brings_the_message_back_later_each_time() -> None:
    queue = MemoryQueue()
    handler = failing_with(VendorDown("away"), queue)
    for receives in (1, 2, 3):
        answer = handler({"Records": [record(body_of(), receives=receives)]}, SimpleNamespace())
        assert failed(answer) == ["m1"]
    waits = [delay.seconds for delay in queue.delays]
    assert [(delay.queue, delay.receipt_handle) for delay in queue.delays] == [
        ("second-brain-transcribe", "receipt-m1")
    ] * 3
    assert 8 <= waits[0] <= 12
    assert 16 <= waits[1] <= 24
    assert 32 <= waits[2] <= 48


def test_what_a_vendor_asks_for_is_what_it_gets() -> None:
    queue = MemoryQueue()
    failing_with(VendorDown("busy", retry_after_seconds=60), queue)({"Records": [record(body_of())]}, SimpleNamespace())
    assert queue.delays[0].seconds == 60


@pytest.mark.parametrize(
    "error", [DatabaseUnavailable("away"), SecondBrainError("no"), ValueError("a defect"), KeyError("x")]
)
def test_every_other_failure_waits_for_the_visibility_timeout(error: Exception) -> None:
    queue = MemoryQueue()
    assert failed(failing_with(error, queue)({"Records": [record(body_of())]}, SimpleNamespace())) == ["m1"]
    assert queue.delays == []


def test_a_queue_that_cannot_delay_still_gets_its_message_back() -> None:
    queue = MemoryQueue(down={"second-brain-transcribe"})
    answer = failing_with(VendorDown("away"), queue)({"Records": [record(body_of())]}, SimpleNamespace())
    assert failed(answer) == ["m1"]


@pytest.mark.parametrize("poison", ["", "not json", "[]", "{}", json.dumps({"version": 2}), "\u0000"])
def test_one_poison_in_ten_costs_the_nine_others_nothing(poison: str) -> None:
    seen: list[int] = []
    handler = queue_handler(lambda message: seen.append(message.body["number"]), MemoryQueue())
    records = [record(body_of(number), name=f"m{number}") for number in range(9)]
    answer = handler({"Records": [*records, record(poison, name="poison")]}, SimpleNamespace())
    assert failed(answer) == ["poison"]
    assert seen == list(range(9))


def test_no_wait_is_longer_than_the_queue_allows() -> None:
    assert backoff_seconds(40, base_seconds=30) == MAX_DELAY_SECONDS
    assert backoff_seconds(1, base_seconds=0.001) == 1
    assert backoff_seconds(1, base_seconds=1, asked_for=100_000) == MAX_DELAY_SECONDS
