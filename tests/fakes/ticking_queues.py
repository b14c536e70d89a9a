"""Queues at the socket with a clock of their own: receive counts, visibility and dead-letter queues as SQS has them.

Nothing here waits: a message that is hidden comes back when somebody moves `now`. What the functions may do to a queue
is the catalogue's: how long a message stays hidden, and after how many receives it is a dead letter.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any

from dev.sqs_events import sqs_event
from functions.catalogue import QUEUES
from tests.fakes.small_server import Asked, Heard, Told, small_server, telling

DEAD = "-dlq"
_BY_NAME = {queue.name: queue for queue in QUEUES}


@dataclass(kw_only=True)
class Kept:
    """A message in a queue."""

    id: str
    body: str
    visible_at: float
    receives: int = 0

    def as_sqs_tells(self) -> dict[str, Any]:
        """As ReceiveMessage returns it; its handle is its id."""
        return {
            "MessageId": self.id,
            "ReceiptHandle": self.id,
            "Body": self.body,
            "MD5OfBody": hashlib.md5(self.body.encode(), usedforsecurity=False).hexdigest(),
            "Attributes": {"ApproximateReceiveCount": str(self.receives), "SentTimestamp": "1773342238390"},
        }


@dataclass(kw_only=True)
class TickingQueues:
    """Every queue by its name, dead-letter queues among them; `sent` is all that was ever sent: (queue, body)."""

    now: float = 0
    url: str = ""
    sent: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    queues: dict[str, list[Kept]] = field(default_factory=lambda: defaultdict(list))
    _numbers: Any = field(default_factory=count)
    _lock: Lock = field(default_factory=Lock)

    def put(self, queue: str, body: str) -> None:
        """Send one message."""
        with self._lock:
            self.sent.append((queue, body))
            self.queues[queue].append(Kept(id=f"m-{next(self._numbers)}", body=body, visible_at=self.now))

    def receive(self, queue: str, at_most: int) -> list[Kept]:
        """Messages that can be seen, now hidden; one that was received too often becomes a dead letter instead."""
        known = _BY_NAME[queue.removesuffix(DEAD)]
        with self._lock:
            visible = [message for message in self.queues[queue] if message.visible_at <= self.now]
            if not queue.endswith(DEAD):
                tired = [message for message in visible if message.receives >= known.max_receive_count]
                visible = [message for message in visible if message.receives < known.max_receive_count]
                self._move(tired, queue, queue + DEAD)
            for message in visible[:at_most]:
                message.receives += 1
                message.visible_at = self.now + known.visibility_timeout_seconds
            return visible[:at_most]

    def delete(self, queue: str, ids: Sequence[str]) -> None:
        with self._lock:
            self.queues[queue] = [message for message in self.queues[queue] if message.id not in ids]

    def hide(self, queue: str, message_id: str, seconds: float) -> None:
        with self._lock:
            for message in self.queues[queue]:
                if message.id == message_id:
                    message.visible_at = self.now + seconds

    def redrive(self, dead_letter_queue: str) -> int:
        """Move every dead letter back to where it came from, as StartMessageMoveTask does; how many."""
        with self._lock:
            moved = list(self.queues[dead_letter_queue])
            self._move(moved, dead_letter_queue, dead_letter_queue.removesuffix(DEAD))
        return len(moved)

    def left(self, queue: str | None = None) -> int:
        """Messages in this queue, or in all."""
        names = list(self.queues) if queue is None else [queue]
        return sum(len(self.queues[name]) for name in names)

    def visible(self, queue: str) -> int:
        """Messages that can be received just now."""
        return sum(message.visible_at <= self.now for message in self.queues[queue])

    def event(self, queue: str, messages: Sequence[Kept]) -> dict[str, Any]:
        """What Lambda makes of them."""
        return sqs_event(queue, [message.as_sqs_tells() for message in messages])

    def answer(self, asked: Asked) -> Told:
        """The calls our code makes."""
        request = json.loads(asked.body)
        queue = request["QueueUrl"].rpartition("/")[2]
        action = asked.headers["x-amz-target"].rpartition(".")[2]
        return Told(body=json.dumps(self._done(action, queue, request)).encode())

    def _done(self, action: str, queue: str, request: Any) -> Any:
        entries: list[Any] = request.get("Entries", [])
        if action == "SendMessageBatch":
            for entry in entries:
                self.put(queue, entry["MessageBody"])
            return {"Successful": [{"Id": entry["Id"], "MessageId": entry["Id"]} for entry in entries]}
        if action == "ReceiveMessage":
            return {"Messages": self._look(queue, request["MaxNumberOfMessages"], request["VisibilityTimeout"])}
        if action == "DeleteMessageBatch":
            self.delete(queue, [entry["ReceiptHandle"] for entry in entries])
        elif action == "ChangeMessageVisibilityBatch":
            for entry in entries:
                self.hide(queue, entry["ReceiptHandle"], entry["VisibilityTimeout"])
        elif action == "ChangeMessageVisibility":
            self.hide(queue, request["ReceiptHandle"], request["VisibilityTimeout"])
        else:
            assert action == "GetQueueAttributes", action
            return {"Attributes": dict.fromkeys(request["AttributeNames"], str(self.visible(queue)))}
        return {}

    def _look(self, queue: str, at_most: int, hidden_seconds: float) -> list[dict[str, Any]]:
        """Received by hand, from a dead-letter queue."""
        found = self.receive(queue, at_most)
        for message in found:
            self.hide(queue, message.id, hidden_seconds)
        return [message.as_sqs_tells() for message in found]

    def _move(self, messages: Sequence[Kept], source: str, target: str) -> None:
        ids = {message.id for message in messages}
        self.queues[source] = [message for message in self.queues[source] if message.id not in ids]
        for message in messages:
            message.receives, message.visible_at = 0, self.now
            self.queues[target].append(message)


@contextmanager
def ticking_queues(heard: Heard = lambda _: True) -> Generator[TickingQueues]:
    """Queues that live as long as the block; `url` is their service's address."""
    queues = TickingQueues()
    with small_server(telling(queues.answer, heard, "queues")) as queues.url:
        yield queues
