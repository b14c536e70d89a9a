"""Writes several queue messages in the transaction of the change they announce."""

from collections.abc import Sequence
from datetime import timedelta
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
    due_in: timedelta = timedelta(0),
) -> list[Announcement]:
    """Write messages, each a queue and a body; whoever commits hands them to `publish_announced`.

    `correlation_id` names another request than the present one as what started them. What is `due_in` some time is not
    handed over: the sweep sends it then, unless it is taken back (take_back.py).
    """
    correlation_id = correlation_id or telemetry.correlation_id() or str(new_id())
    announcements = [
        Announcement(id=new_id(), user_id=user_id, queue=queue, body=body, correlation_id=correlation_id)
        for queue, body in messages
    ]
    if announcements:
        repository.insert(tx, user_id, correlation_id, announcements, due_in=due_in)
    return announcements
