"""What the edges measure of each invocation: one line, whatever happens in it."""

import time
from typing import Any

import pytest

from shared import metrics
from shared.edge.queue import raw_queue_handler
from shared.edge.schedule import ChoresFailed, schedule_handler
from shared.errors import VendorDown
from tests.fixtures.measured import metric_lines, values_of

Printed = pytest.CaptureFixture[str]


def record(name: str, attributes: dict[str, str]) -> dict[str, Any]:
    return {
        "messageId": name,
        "receiptHandle": f"receipt-{name}",
        "body": name,
        "attributes": {"ApproximateReceiveCount": "1", **attributes},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:embed",
        "awsRegion": "eu-west-1",
    }


def sent_before(milliseconds: int) -> dict[str, str]:
    return {"SentTimestamp": str(round(time.time() * 1_000) - milliseconds)}


def test_a_batch_tells_the_age_of_each_message_in_one_line(capsys: Printed) -> None:
    def handle(got: Any) -> None:
        metrics.count("handled")
        if got.body == "bad":
            raise VendorDown("away")

    records = [record("old", sent_before(90_000)), record("bad", sent_before(0)), record("unknown", {})]
    answer = raw_queue_handler(handle, None)({"Records": records}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    printed = capsys.readouterr().out
    assert len(metric_lines(printed)) == 1
    assert values_of(printed, "handled") == [1, 1, 1]
    old, new = values_of(printed, "message_age_ms", queue="embed")
    assert 90_000 <= old < 150_000
    assert 0 <= new < 60_000


def test_a_message_from_a_clock_ahead_of_ours_has_no_negative_age(capsys: Printed) -> None:
    raw_queue_handler(lambda _: None, None)({"Records": [record("early", sent_before(-60_000))]}, None)
    assert values_of(capsys.readouterr().out, "message_age_ms", queue="embed") == [0]


def test_a_sweep_is_one_line_even_when_a_chore_fails(capsys: Printed) -> None:
    def fail() -> int:
        metrics.count("tried")
        raise VendorDown("away")

    def measure() -> int:
        metrics.seconds("lag_s", 3)
        return 1

    with pytest.raises(ChoresFailed):
        schedule_handler({"fail": fail, "measure": measure})({}, None)
    printed = capsys.readouterr().out
    assert len(metric_lines(printed)) == 1
    assert (values_of(printed, "tried"), values_of(printed, "lag_s")) == ([1], [3])
