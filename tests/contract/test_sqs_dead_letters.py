"""Dead letters at the socket: looked at, sent back, and never lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from shared.errors import VendorDown
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_dead_letters import SqsDeadLetters
from tests.fakes.ticking_queues import TickingQueues, ticking_queues
from tests.fakes.vendor_server import Answer, vendor_server

DEAD = "embed-dlq"


@pytest.fixture
def queues() -> Iterator[TickingQueues]:
    with ticking_queues() as the_queues:
        yield the_queues


def letters_at(url: str) -> SqsDeadLetters:
    return SqsDeadLetters.of(
        QueueSettings(
            aws_region="eu-central-1",
            aws_access_key_id="AKID",
            aws_secret_access_key="secret",
            queue_url_prefix="http://127.0.0.1/000000000000/",
            queue_endpoint_url=url,
        )
    )


def test_a_look_hides_letters_for_a_while_and_can_give_them_back(queues: TickingQueues) -> None:
    for number in range(23):
        queues.put(DEAD, f"body {number}")
    letters = letters_at(queues.url)
    seen = letters.receive(DEAD, at_most=15, hidden_seconds=10)
    assert [letter.body for letter in seen] == [f"body {number}" for number in range(15)]
    assert {letter.receives for letter in seen} == {1}
    assert seen[0].sent_at == datetime.fromtimestamp(1773342238.390, UTC)
    assert len(letters.receive(DEAD, at_most=100, hidden_seconds=10)) == 8
    letters.release(DEAD, seen)
    assert len(letters.receive(DEAD, at_most=100, hidden_seconds=10)) == 15
    queues.now += 10
    assert len(letters.receive(DEAD, at_most=100, hidden_seconds=10)) == 23


def test_what_was_received_before_the_queue_went_away_is_its_callers() -> None:
    message = {"MessageId": "m", "ReceiptHandle": "h", "Body": "b"}
    attributes = {"ApproximateReceiveCount": "6", "SentTimestamp": "1773342238390"}
    with vendor_server() as server:
        server.answer_with(
            Answer.of_json({"Messages": [{**message, "Attributes": attributes}]}), Answer.of_json({}, status=500)
        )
        letters = letters_at(server.url)
        assert [letter.body for letter in letters.receive(DEAD, at_most=10, hidden_seconds=10)] == ["b"]
        server.answer_with(Answer.of_json({}, status=500))
        with pytest.raises(VendorDown):
            letters.receive(DEAD, at_most=10, hidden_seconds=10)


def test_what_is_moved_lies_in_the_other_queue_as_it_was(queues: TickingQueues) -> None:
    for number in range(12):
        queues.put(DEAD, f"body {number} é\n")
    letters = letters_at(queues.url)
    letters.move(DEAD, "embed", letters.receive(DEAD, at_most=12, hidden_seconds=10))
    assert queues.left(DEAD) == 0
    assert [message.body for message in queues.queues["embed"]] == [f"body {number} é\n" for number in range(12)]


@pytest.mark.parametrize("dies_at", range(4))
def test_a_death_anywhere_leaves_every_letter_in_one_queue_at_least(dies_at: int) -> None:
    """A move of 15 is two batches, each sent, then deleted."""
    calls = 0

    def heard(moment: str) -> bool:
        nonlocal calls
        if "before" in moment:
            calls += 1
        return calls <= dies_at + 2  # the two calls that receive come first

    with ticking_queues(heard) as queues:
        bodies = [f"body {number}" for number in range(15)]
        for body in bodies:
            queues.put(DEAD, body)
        letters = letters_at(queues.url)
        seen = letters.receive(DEAD, at_most=15, hidden_seconds=10)
        with pytest.raises(VendorDown):
            letters.move(DEAD, "embed", seen)
        left = {message.body for name in (DEAD, "embed") for message in queues.queues[name]}
    assert left == set(bodies)


@pytest.mark.parametrize(
    "answer",
    [
        Answer.of_json({"Messages": [{"MessageId": "m"}]}),
        Answer.of_json({"Messages": [{"MessageId": "m", "ReceiptHandle": "h", "Body": "b", "Attributes": {}}]}),
        Answer.of_json({"Messages": {"a": 1}}),
        Answer.of_json({"__type": "QueueDoesNotExist"}, status=400),
        Answer(status=500),
    ],
    ids=["no handle", "no attributes", "no list", "no queue", "500"],
)
def test_messages_of_another_shape_are_a_vendor_that_is_down(answer: Answer) -> None:
    with vendor_server() as server:
        server.answer_with(answer)
        with pytest.raises(VendorDown):
            letters_at(server.url).receive(DEAD, at_most=5, hidden_seconds=10)


def test_a_batch_that_was_refused_in_part_is_not_deleted() -> None:
    with vendor_server() as server:
        told = {"ApproximateReceiveCount": "1", "SentTimestamp": "1773342238390"}
        message = {"MessageId": "m", "ReceiptHandle": "h", "Body": "b", "Attributes": told}
        server.answer_with(Answer.of_json({"Messages": [message]}))
        letters = letters_at(server.url)
        seen = letters.receive(DEAD, at_most=1, hidden_seconds=10)
        server.answer_with(Answer.of_json({"Successful": [], "Failed": [{"Id": "0", "Code": "InternalError"}]}))
        with pytest.raises(VendorDown):
            letters.move(DEAD, "embed", seen)
        actions = [request.headers["x-amz-target"].rpartition(".")[2] for request in server.received]
    assert actions == ["ReceiveMessage", "SendMessageBatch"]
    assert json.loads(server.received[0].body)["WaitTimeSeconds"] == 1
