"""Amazon SQS for whoever looks into dead-letter queues: receiving and deleting, which no other function of ours does.

Messages are received, sent and deleted one batch after the other, not by SQS's own move task: that one takes no limit,
and answers nothing of what it did. A death in between leaves a message in both queues, which its worker bears.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from shared.errors import VendorDown
from shared.outbox.dead_letters import Received
from shared.outbox.sqs_queue import SqsQueue

_BATCH = 10
_WAIT_SECONDS = 1
"""A short poll asks some of SQS's servers only, and may find a full queue empty."""
_ATTRIBUTES = ["ApproximateReceiveCount", "SentTimestamp"]


class SqsDeadLetters(SqsQueue):
    """Fulfils DeadLetters, beside Queue and QueueDepths."""

    def receive(self, queue: str, *, at_most: int, hidden_seconds: int) -> Sequence[Received]:
        """Up to `at_most` messages; fewer when a batch comes back empty, or none after some.

        Raises VendorDown when the first cannot be received: what was received, its caller must see, to give it back.
        """
        received: dict[str, Received] = {}
        while len(received) < at_most:
            try:
                batch = self._receive_batch(queue, min(_BATCH, at_most - len(received)), hidden_seconds)
            except VendorDown:
                if received:
                    break
                raise
            fresh = [message for message in batch if message.id not in received]
            received |= {message.id: message for message in fresh}
            if not fresh:  # none left, or the first of them are to be seen again already
                break
        return list(received.values())

    def release(self, queue: str, received: Sequence[Received]) -> None:
        """Let others receive them at once. Raises VendorDown."""
        for batch in _batches(received):
            entries = [
                {"Id": str(number), "ReceiptHandle": message.handle, "VisibilityTimeout": 0}
                for number, message in enumerate(batch)
            ]
            self._call("ChangeMessageVisibilityBatch", queue, Entries=entries)

    def remove(self, queue: str, received: Sequence[Received]) -> None:
        """Delete them. Raises VendorDown."""
        for batch in _batches(received):
            handles = [{"Id": str(number), "ReceiptHandle": message.handle} for number, message in enumerate(batch)]
            self._whole(self._call("DeleteMessageBatch", queue, Entries=handles), queue)

    def move(self, source: str, target: str, received: Sequence[Received]) -> None:
        """Send, then delete what was sent. Raises VendorDown."""
        for batch in _batches(received):
            entries = [{"Id": str(number), "MessageBody": message.body} for number, message in enumerate(batch)]
            self._whole(self._call("SendMessageBatch", target, Entries=entries), target)
            self.remove(source, batch)

    def _receive_batch(self, queue: str, at_most: int, hidden_seconds: int) -> list[Received]:
        answer = self._call(
            "ReceiveMessage",
            queue,
            MaxNumberOfMessages=at_most,
            VisibilityTimeout=hidden_seconds,
            WaitTimeSeconds=_WAIT_SECONDS,
            MessageSystemAttributeNames=_ATTRIBUTES,
        )
        try:
            messages: list[dict[str, Any]] = answer.get("Messages") or []
            return [_received(message) for message in messages]
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise VendorDown(f"The queue service's messages of {queue} are of no shape we know.") from error

    @staticmethod
    def _whole(answer: dict[str, Any], queue: str) -> None:
        if answer.get("Failed"):
            raise VendorDown(f"The queue {queue} refused {len(answer['Failed'])} messages of a batch.")


def _received(message: dict[str, Any]) -> Received:
    attributes = message["Attributes"]
    return Received(
        id=str(message["MessageId"]),
        handle=str(message["ReceiptHandle"]),
        body=str(message["Body"]),
        receives=int(attributes["ApproximateReceiveCount"]),
        sent_at=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1_000, UTC),
    )


def _batches(received: Sequence[Received]) -> Iterator[list[Received]]:
    remaining = iter(received)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
