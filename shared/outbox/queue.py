"""What we need of a message queue."""

from collections.abc import Sequence
from typing import Protocol

from shared.outbox.message import Message


class Queue(Protocol):
    """Sends messages to named queues."""

    def send(self, queue: str, messages: Sequence[Message]) -> None:
        """Send all, or raise VendorDown; some may then have been sent (consumers ignore repeats)."""
        ...

    def delay(self, queue: str, receipt_handle: str, seconds: int) -> None:
        """Let a received message come back after `seconds` (0 to 43,200)."""
        ...

    def check(self, queue: str) -> None:
        """Raise VendorDown unless the queue answers."""
        ...
