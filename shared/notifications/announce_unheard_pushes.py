"""Announces pushes again whose message was lost."""

from datetime import timedelta
from uuid import UUID

from shared.db.connection import Database
from shared.ids import UserId
from shared.notifications import repository
from shared.notifications.model import PUSH_QUEUE
from shared.outbox.announce import announce
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue

SILENT_FOR = timedelta(minutes=15)
"""As long as a queue holds a message back at most; a second message would do no harm, but cost something."""

BATCH = 100


def announce_unheard_pushes(system_db: Database, queue: Queue) -> int:
    """How many were announced. Once too often does no harm: only one worker can claim a push."""
    with system_db.transaction(None) as tx:
        lost = repository.unheard(tx, silent_for=SILENT_FOR, limit=BATCH)
    for user_id, notification_id in lost:
        _announce(system_db, queue, user_id, notification_id)
    return len(lost)


def _announce(db: Database, queue: Queue, user_id: UserId, notification_id: UUID) -> None:
    with db.transaction(user_id) as tx:
        repository.make_due(tx, user_id, notification_id)
        announced = announce(tx, user_id, PUSH_QUEUE, {"notification_id": str(notification_id)})
    publish_announced(db, queue, [announced])
