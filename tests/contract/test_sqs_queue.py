"""Our SQS client against a server that answers as SQS may, and as it should not."""

import json
import socket
from typing import Any
from uuid import uuid4

import pytest

from shared.errors import VendorDown
from shared.outbox.message import Message
from shared.outbox.queue_depths import Depth
from shared.outbox.settings import QueueSettings
from shared.outbox.sqs_queue import SqsQueue
from tests.fakes.vendor_server import Answer, VendorServer, vendor_server


def queue_at(server: VendorServer) -> SqsQueue:
    return SqsQueue.of(
        QueueSettings(
            aws_region="eu-central-1",
            aws_access_key_id="AKID",
            aws_secret_access_key="secret",
            queue_url_prefix="https://sqs.eu-central-1.amazonaws.com/123456789012/second-brain-",
            queue_endpoint_url=server.url,
        )
    )


def messages(count: int) -> list[Message]:
    return [Message(id=uuid4(), user_id=uuid4(), correlation_id="c", body={"step_id": "s"}) for _ in range(count)]


def test_messages_go_in_signed_batches_of_ten() -> None:
    with vendor_server() as server:
        server.answer_with(Answer.of_json({"Successful": [], "Failed": []}))
        sent = messages(23)
        queue_at(server).send("embed", sent)
        batches = [request.json() for request in server.received]
        first = server.received[0].headers
    assert [len(batch["Entries"]) for batch in batches] == [10, 10, 3]
    bodies = [json.loads(entry["MessageBody"]) for batch in batches for entry in batch["Entries"]]
    assert bodies == [json.loads(message.model_dump_json()) for message in sent]
    assert batches[0]["QueueUrl"].endswith("/123456789012/second-brain-embed")
    assert first["x-amz-target"] == "AmazonSQS.SendMessageBatch"
    assert first["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")


@pytest.mark.parametrize(
    "answer",
    [
        Answer.of_json({"Successful": [], "Failed": [{"Id": "x", "Code": "InternalError"}]}),
        Answer.of_json({"__type": "QueueDoesNotExist"}, status=400),
        Answer(status=500, body=b"<html>"),
        Answer(status=200, body=b"<html>not JSON</html>"),
        Answer(status=200, body=b'{"Successful": [', headers={"Content-Type": "application/json"}),
        Answer(status=200, body=b"{}", sent_bytes=1),
    ],
)
def test_every_answer_but_yes_is_a_vendor_that_is_down(answer: Answer) -> None:
    with vendor_server() as server:
        server.answer_with(answer)
        with pytest.raises(VendorDown):
            queue_at(server).send("embed", messages(1))


def test_nobody_there_is_a_vendor_that_is_down() -> None:
    with vendor_server() as server:
        queue = queue_at(server)
    with pytest.raises(VendorDown):
        queue.send("embed", messages(1))


def test_a_message_is_delayed_by_the_name_its_record_carries() -> None:
    with vendor_server() as server:
        server.answer_with(Answer(body=b""))
        queue_at(server).delay("second-brain-embed", "handle", 30)
        (request,) = server.received
    assert request.json().items() >= {"ReceiptHandle": "handle", "VisibilityTimeout": 30}.items()
    assert request.json()["QueueUrl"].endswith("/second-brain-embed")


def test_a_request_is_not_held_back_until_the_server_has_acknowledged_its_head() -> None:
    """Nagle's algorithm and delayed acknowledgements together cost every call 40 ms."""
    with vendor_server() as server:
        server.answer_with(Answer.of_json({"Successful": [], "Failed": []}))
        queue = queue_at(server)
        queue.send("embed", messages(1))
        kept: Any = queue._http._pools.connection_from_url(server.url).pool
        assert (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) in kept.get().socket_options


def test_how_full_a_queue_is_are_three_of_its_attributes() -> None:
    with vendor_server() as server:
        told = {"ApproximateNumberOfMessages": "7", "ApproximateNumberOfMessagesNotVisible": "2"}
        server.answer_with(Answer.of_json({"Attributes": {**told, "ApproximateNumberOfMessagesDelayed": "1"}}))
        assert queue_at(server).depth("embed-dlq") == Depth(visible=7, in_flight=2, delayed=1)
        (request,) = server.received
    assert request.json()["QueueUrl"].endswith("/second-brain-embed-dlq")
    assert request.headers["x-amz-target"] == "AmazonSQS.GetQueueAttributes"


@pytest.mark.parametrize(
    "answer",
    [
        Answer.of_json({}),
        Answer.of_json({"Attributes": {"ApproximateNumberOfMessages": "7"}}),
        Answer.of_json({"Attributes": None}),
        Answer.of_json({"__type": "QueueDoesNotExist"}, status=400),
    ],
    ids=["nothing", "one of three", "null", "no such queue"],
)
def test_a_queue_that_does_not_say_how_full_it_is_is_down(answer: Answer) -> None:
    with vendor_server() as server:
        server.answer_with(answer)
        with pytest.raises(VendorDown):
            queue_at(server).depth("embed")
