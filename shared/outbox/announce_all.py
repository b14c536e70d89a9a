"""Writes several queue messages in the transaction of the change they announce."""

from collections.abc import Sequence
from typing import Any

from shared import telemetry
from shared.db.connection import Transaction
from shared.ids import UserId, new_id
from shared.outbox import repository
from shared.outbox.model import Announcement


def announce_all(
    tx: Transaction,
    user_id: UserId,
    messages: Sequence[tuple[str, dict[str, Any]]],
    *,
    correlation_id: str | None = None,
) -> list[Announcement]:
    """Write messages, each a queue and a body; whoever commits hands them to `publish_announced`.

    `correlation_id` names another request than the present one as what started them.
    """
    correlation_id = correlation_id or telemetry.correlation_id() or str(new_id())
    announcements = [
        Announcement(id=new_id(), user_id=user_id, queue=queue, body=body, correlation_id=correlation_id)
        for queue, body in messages
    ]
    if announcements:
        repository.insert(tx, user_id, correlation_id, announcements)
    return announcements
