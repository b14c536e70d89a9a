"""The queue edge: an SQS batch in, one use case per message, a partial batch response out."""

import random
import time
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response  # pyright: ignore[reportUnknownVariableType] - Powertools leaves its handler untyped
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import ValidationError

from shared import metrics, telemetry
from shared.errors import Busy, Malformed, SecondBrainError, VendorDown
from shared.ids import StepId, UserId
from shared.outbox.message import Message, StepBody
from shared.outbox.queue import MAX_DELAY_SECONDS, Queue
from shared.telemetry import log

Handler = Callable[[dict[str, Any], Any], Any]

RETRY_BASE_SECONDS = 2.0


def queue_handler(
    handle: Callable[[Message], None], queue: Queue | None, *, retry_base_seconds: float = RETRY_BASE_SECONDS
) -> Handler:
    """A Lambda handler that gives each message to `handle` and returns the failed ones to the queue."""
    return raw_queue_handler(
        lambda record: handle(read_message(record.body)), queue, retry_base_seconds=retry_base_seconds
    )


def step_handler(
    do: Callable[[UserId, StepId], None], queue: Queue, *, retry_base_seconds: float = RETRY_BASE_SECONDS
) -> Handler:
    """The same for messages that name a step: `do` gets whose it is, and which."""

    def handle(message: Message) -> None:
        do(message.owner(), StepId(StepBody.model_validate(message.body).step_id))

    return queue_handler(handle, queue, retry_base_seconds=retry_base_seconds)


def raw_queue_handler(
    handle: Callable[[SQSRecord], None], queue: Queue | None, *, retry_base_seconds: float = RETRY_BASE_SECONDS
) -> Handler:
    """The same for messages that are not ours, such as the bucket's notices.

    A vendor that is down brings its message back soon, and later each time; a deadlock, at once. After every other
    failure, and with `queue` None, the queue's visibility timeout decides: a database that is away for a minute
    must not use up a message's five receives.
    """
    telemetry.keep_secrets()
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    def one(record: SQSRecord) -> None:
        telemetry.correlate(record.message_id)  # until the message itself names the request that started it
        _measure_age(record)
        try:
            handle(record)
        except SecondBrainError as error:
            log.warning("message given back", extra={"code": error.exact_code})
            if queue is not None and _comes_back_soon(error):
                _delay(queue, record, error, retry_base_seconds)
            raise
        except Exception:
            log.exception("defect")
            raise

    def answer(event: dict[str, Any], context: Any) -> Any:  # noqa: ANN401 - Lambda's own types
        with metrics.gathered(function=log.service):
            return process_partial_response(
                event=event,
                record_handler=one,
                processor=processor,
                context=context,
            )

    return answer


def read_message(body: str) -> Message:
    """Our envelope, version 1. Raises Malformed: such a message ends in the dead-letter queue."""
    try:
        message = Message.model_validate_json(body)
    except ValidationError as error:
        raise Malformed("The message is not of our shape, version 1.") from error
    telemetry.correlate(message.correlation_id)
    return message


def backoff_seconds(attempt: int, *, base_seconds: float, asked_for: int | None = None) -> int:
    """How long to wait before attempt `attempt` + 1: doubling with jitter, or what the provider asked for."""
    if asked_for is not None:
        return min(asked_for, MAX_DELAY_SECONDS)
    delay = base_seconds * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    return min(max(1, round(delay)), MAX_DELAY_SECONDS)


def _measure_age(record: SQSRecord) -> None:
    """Since it was sent; one that comes back counts with its whole age. A message without the time is worked on too."""
    sent_at_ms: str | None = record.attributes.get("SentTimestamp")
    if sent_at_ms is not None:
        age_ms = max(0, round(time.time() * 1_000) - int(sent_at_ms))
        metrics.milliseconds("message_age_ms", age_ms, queue=_queue_of(record))


def _queue_of(record: SQSRecord) -> str:
    return record.event_source_arn.rpartition(":")[2]


def _comes_back_soon(error: SecondBrainError) -> bool:
    return isinstance(error, VendorDown) or (isinstance(error, Busy) and error.is_momentary)


def _delay(queue: Queue, record: SQSRecord, error: SecondBrainError, base_seconds: float) -> None:
    attempt = int(record.attributes.approximate_receive_count)
    seconds = backoff_seconds(attempt, base_seconds=base_seconds, asked_for=error.retry_after_seconds)
    try:
        queue.delay(_queue_of(record), record.receipt_handle, seconds)
    except VendorDown:
        log.warning("message comes back when its visibility timeout ends")
