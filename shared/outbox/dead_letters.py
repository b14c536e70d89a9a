"""Dead letters, and what we need of a message queue to look at them and to send them back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from shared.values import frozen

DEAD_LETTERS = "-dlq"
"""What a dead-letter queue's name ends with, after the name of its queue."""


@frozen
class Received:
    """A message that was received, and is hidden from others for a while. `handle` names this receiving of it."""

    id: str
    handle: str
    body: str = field(repr=False)
    receives: int
    sent_at: datetime


class DeadLetters(Protocol):
    """Reaches into named queues."""

    def receive(self, queue: str, *, at_most: int, hidden_seconds: int) -> Sequence[Received]:
        """Up to `at_most` messages, hidden from others so long. Raises VendorDown."""
        ...

    def release(self, queue: str, received: Sequence[Received]) -> None:
        """Let others receive them at once. Raises VendorDown."""
        ...

    def remove(self, queue: str, received: Sequence[Received]) -> None:
        """Delete them. Raises VendorDown; some may then be left."""
        ...

    def move(self, source: str, target: str, received: Sequence[Received]) -> None:
        """Send to `target`, then delete from `source`. Raises VendorDown; some may then lie in both, none nowhere."""
        ...


def ids_of(body: str) -> Mapping[str, str]:
    """What a message is about: ids and nothing else, whatever it holds; empty when it is not of our shape."""
    try:
        message: Any = json.loads(body)
        inner: Any = message["body"]
        named: dict[str, Any] = {**cast("dict[str, Any]", inner), **message}
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {name: text for name, text in named.items() if name.endswith("_id") and _is_id(text)}


def _is_id(text: object) -> bool:
    try:
        return isinstance(text, str) and str(UUID(text)) == text
    except ValueError:
        return False
