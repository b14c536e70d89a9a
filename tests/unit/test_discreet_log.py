"""The log tells what went wrong and where: no message of an error, no words of a library, and no telltale form."""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from dev.sqs_events import sqs_event
from shared import telemetry
from shared.db.connection import Database
from shared.edge.endpoint import OpenEndpoint, Reply
from shared.edge.http import http_handler
from shared.edge.operation import OperationFailed, operation_handler
from shared.edge.queue import raw_queue_handler
from shared.edge.schedule import ChoresFailed, schedule_handler
from shared.errors import NotFound
from shared.outbox.message import PushBody
from shared.telemetry import MASK, log
from tests.fakes.ticking_queues import Kept
from tests.fixtures.canaries import JWT, everything_written


def _fail() -> Any:
    """As a defect does whose author meant well: the value is in the message, and in that of its cause."""
    try:
        {}["canary-cause"]
    except KeyError as error:
        error.add_note("canary-note")
        raise RuntimeError(f"cannot use {JWT} of canary@example.org") from error


def _http() -> None:
    endpoint = OpenEndpoint(method="GET", path="/x", handle=_fail, replies={})
    answer = http_handler([endpoint], Database("postgresql://nobody"))({"routeKey": "GET /x"}, None)
    assert answer["statusCode"] == 500
    assert "canary" not in answer["body"]


def _queue() -> None:
    (record,) = sqs_event("embed", [Kept(id="m", body="canary-body {", visible_at=0).as_sqs_tells()])["Records"]
    answer = raw_queue_handler(lambda _: _fail(), None)({"Records": [record]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m"}]}


def _schedule() -> None:
    with pytest.raises(ChoresFailed) as failed:
        schedule_handler({"a chore": _fail})({}, None)
    assert "canary" not in str(failed.value)


def _operation() -> None:
    with pytest.raises(OperationFailed) as failed:
        operation_handler(lambda _: _fail())({}, None)
    assert failed.value.__cause__ is failed.value.__context__ is None


def test_an_operator_is_told_what_to_mend_and_not_what_was_sent() -> None:
    def refuse(_: Any) -> Any:
        raise NotFound("Nobody has that uid: they must sign in first.")

    with pytest.raises(OperationFailed, match="they must sign in first"):
        operation_handler(refuse)({}, None)
    with pytest.raises(OperationFailed, match="Look at: notification_id") as failed:
        operation_handler(lambda event: vars(PushBody.model_validate(event)))({"notification_id": "canary"}, None)
    assert "canary" not in f"{failed.value} {failed.value.__context__}"


EDGES: dict[str, Callable[[], None]] = {"http": _http, "queue": _queue, "schedule": _schedule, "operation": _operation}


@pytest.mark.parametrize("edge", EDGES)
def test_a_defect_is_told_by_what_it_is_and_where_and_not_by_its_message(edge: str) -> None:
    with everything_written() as written:
        EDGES[edge]()
    text = written.getvalue()
    assert not re.findall(r"canary|eyJ|example\.org", text)
    (story,) = re.findall(r'"exception":"([^"]+)"', text)
    first, second = story.split("\\nwhich led to ")
    assert first.startswith("builtins.KeyError")
    assert second.startswith("builtins.RuntimeError")
    assert re.search(r"tests/unit/test_discreet_log\.py:\d+ _fail", second)


def test_without_the_guard_the_same_defect_would_sing() -> None:
    """So the tests above look in the right place."""
    discreet = logging.getLogRecordFactory()
    with everything_written() as written:
        telemetry.keep_secrets()
        logging.setLogRecordFactory(logging.LogRecord)
        with suppress(RuntimeError):
            try:
                _fail()
            finally:
                log.exception("defect")
                logging.getLogger("openai").debug("canary-prompt")
    logging.setLogRecordFactory(discreet)
    assert {"canary-cause", "canary-note", "canary-prompt"} <= set(re.findall(r"canary-\w+", written.getvalue()))


SHAPES = {
    "a JWT": JWT,
    "an address": "somebody.else+tag@mail.example.co.uk",
    "a presigned URL": "X-Amz-Signature=0f00ba",
    "credentials of a URL": "://app:pass%40word@",
    "a key of Stripe": "sk_test_51Habcdefgh",
    "a secret of Stripe's webhooks": "whsec_0123456789",
    "a key of OpenAI": "sk-proj-0123456789abcdef",
    "a key of Groq": "gsk_0123456789abcdefgh",
    "a bearer": "Bearer 0123456789",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_can_be_told_by_its_form_is_masked_wherever_it_stands_in_a_line(shape: str) -> None:
    with everything_written() as written:
        log.info("told", extra={"nested": {"words": [f"before {SHAPES[shape]} after"]}})
    line = next(line for line in written.getvalue().splitlines() if line.startswith("{"))
    assert SHAPES[shape] not in line
    assert f"{MASK} after" in line


def test_a_value_without_words_is_told_by_its_kind() -> None:
    with everything_written() as written:
        log.info("told", extra={"reply": Reply(headers={"x": "canary"}), "id": uuid4()})
    assert '"reply":"Reply"' in written.getvalue()
