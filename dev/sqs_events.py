"""The event Lambda makes of SQS messages, and what it reads in a function's answer. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from dev.lambda_runtime.invocation import ACCOUNT_ID, REGION

Message = Mapping[str, Any]
"""A message as SQS's ReceiveMessage returns it."""


def sqs_event(queue_name: str, messages: Iterable[Message]) -> dict[str, Any]:
    """The event for one batch of messages of a queue."""
    return {"Records": [_record(queue_name, message) for message in messages]}


def failed_message_ids(answer: object, message_ids: Sequence[str]) -> frozenset[str]:
    """Ids of the messages that stay in the queue, by a function's partial batch response.

    As documented by AWS: nothing, `{}` and an empty or null list mean that all went well. An identifier that is
    missing, empty or not of this batch, or an answer that is none of this, means that all failed.
    """
    everything = frozenset(message_ids)
    if answer is None or answer in ({}, "", []):
        return frozenset()
    if not isinstance(answer, dict):
        return everything
    failures = cast("dict[str, Any]", answer).get("batchItemFailures")
    if failures is None:
        return frozenset()
    if not isinstance(failures, list):
        return everything
    named = [_identifier(failure) for failure in cast("list[object]", failures)]
    failed = frozenset(identifier for identifier in named if identifier is not None)
    return failed if len(failed) == len(set(named)) and failed <= everything else everything


def _identifier(failure: object) -> str | None:
    if not isinstance(failure, dict):
        return None
    identifier = cast("dict[str, Any]", failure).get("itemIdentifier")
    return identifier if isinstance(identifier, str) and identifier else None


def _record(queue_name: str, message: Message) -> dict[str, Any]:
    attributes: Mapping[str, Mapping[str, Any]] = message.get("MessageAttributes", {})
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {name: _attribute(value) for name, value in attributes.items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{queue_name}",
        "awsRegion": REGION,
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    """A message attribute: the keys start lower-case in an event, and the lists are always there, empty."""
    names = {"StringValue": "stringValue", "BinaryValue": "binaryValue", "DataType": "dataType"}
    given = {names[key]: item for key, item in value.items() if key in names}
    return given | {"stringListValues": [], "binaryListValues": []}
