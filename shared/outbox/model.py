"""A message as it lies in the outbox."""

from typing import Any
from uuid import UUID

from shared.ids import UserId
from shared.outbox.message import Message
from shared.values import frozen


@frozen
class Announcement:
    """A message written with the change it announces, still to be sent to `queue`."""

    id: UUID
    user_id: UserId
    queue: str
    body: dict[str, Any]
    correlation_id: str

    def as_message(self) -> Message:
        """The shape that goes over the wire."""
        return Message(id=self.id, user_id=self.user_id, correlation_id=self.correlation_id, body=self.body)
