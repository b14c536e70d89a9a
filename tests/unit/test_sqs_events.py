"""Events from queue messages, and the reading of partial batch responses."""

import pytest

from dev.sqs_events import failed_message_ids, sqs_event

BATCH = ("m1", "m2", "m3")


def failures(*identifiers: object) -> dict[str, object]:
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in identifiers]}


def test_a_message_becomes_a_record() -> None:
    message = {
        "MessageId": "m1",
        "ReceiptHandle": "handle",
        "MD5OfBody": "md5",
        "Body": "{}",
        "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1523232000000"},
        "MD5OfMessageAttributes": "md5a",
        "MessageAttributes": {"trace": {"StringValue": "abc", "DataType": "String"}},
    }
    assert sqs_event("embed", [message]) == {
        "Records": [
            {
                "messageId": "m1",
                "receiptHandle": "handle",
                "body": "{}",
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1523232000000"},
                "messageAttributes": {
                    "trace": {
                        "stringValue": "abc",
                        "stringListValues": [],
                        "binaryListValues": [],
                        "dataType": "String",
                    }
                },
                "md5OfMessageAttributes": "md5a",
                "md5OfBody": "md5",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:embed",
                "awsRegion": "us-east-1",
            }
        ]
    }


@pytest.mark.parametrize(
    "answer", [None, {}, "", [], {"batchItemFailures": []}, {"batchItemFailures": None}, {"other": 1}]
)
def test_an_empty_answer_means_that_all_went_well(answer: object) -> None:
    assert failed_message_ids(answer, BATCH) == frozenset()


def test_the_named_messages_failed_and_no_others() -> None:
    assert failed_message_ids(failures("m1", "m3"), BATCH) == {"m1", "m3"}
    assert failed_message_ids(failures("m2", "m2"), BATCH) == {"m2"}


@pytest.mark.parametrize(
    "answer",
    [
        failures("unknown"),
        failures("m1", "unknown"),
        failures(""),
        failures(None),
        failures("m1", None),
        failures(7),
        {"batchItemFailures": [{}]},
        {"batchItemFailures": [{"identifier": "m1"}]},
        {"batchItemFailures": ["m1"]},
        {"batchItemFailures": "m1"},
        {"batchItemFailures": {"itemIdentifier": "m1"}},
        "done",
        ["m1"],
        7,
    ],
)
def test_an_answer_that_cannot_be_trusted_means_that_all_failed(answer: object) -> None:
    assert failed_message_ids(answer, BATCH) == frozenset(BATCH)
