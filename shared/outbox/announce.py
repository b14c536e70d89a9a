"""Writes a queue message in the transaction of the change it announces."""

from typing import Any

from shared import telemetry
from shared.db.connection import Transaction
from shared.ids import UserId, new_id
from shared.outbox import repository
from shared.outbox.model import Announcement


def announce(tx: Transaction, user_id: UserId, queue: str, body: dict[str, Any]) -> Announcement:
    """Write the message; whoever commits hands the announcement to `publish_announced`."""
    announcement = Announcement(
        id=new_id(),
        user_id=user_id,
        queue=queue,
        body=body,
        correlation_id=telemetry.correlation_id() or str(new_id()),
    )
    repository.insert(tx, announcement)
    return announcement
