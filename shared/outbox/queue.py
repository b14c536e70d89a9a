"""What we need of a message queue."""

from collections.abc import Sequence
from typing import Protocol

from shared.outbox.message import Message

MAX_DELAY_SECONDS = 900
"""For how long a message is held back at once. SQS would do it for 43,200; each time costs one of a message's receives,
so what has to wait for longer is done with, and announced again when it is due.
"""


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
