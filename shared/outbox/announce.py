"""Writes a queue message in the transaction of the change it announces."""

from typing import Any

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.outbox.announce_all import announce_all
from shared.outbox.model import Announcement


def announce(
    tx: Transaction, user_id: UserId, queue: str, body: dict[str, Any], *, correlation_id: str | None = None
) -> Announcement:
    """Write the message; whoever commits hands the announcement to `publish_announced`.

    `correlation_id` names another request than the present one as what started it.
    """
    [announcement] = announce_all(tx, user_id, [(queue, body)], correlation_id=correlation_id)
    return announcement
