"""Sends events of the inbox to the queue of whoever applies them."""

from collections.abc import Mapping
from uuid import UUID

from shared.errors import VendorDown
from shared.ids import new_id
from shared.outbox.message import Message
from shared.outbox.queue import Queue
from shared.telemetry import log


def hand_over(queue: Queue, queue_name: str, events: Mapping[UUID, str]) -> bool:
    """Announce events (our id -> correlation id) on one queue; False when it is down: the sweep comes back to them."""
    messages = [
        Message(id=new_id(), correlation_id=correlation_id, body={"event_id": str(row_id)})
        for row_id, correlation_id in events.items()
    ]
    try:
        queue.send(queue_name, messages)
    except VendorDown as error:
        log.warning("inbox left to the sweep", extra={"events": len(messages), "error": error.exact_code})
        return False
    return True
