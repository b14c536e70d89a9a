"""Announces pushes again whose message was lost, or done with because the vendor asked for a long pause."""

from datetime import timedelta
from uuid import UUID

from shared.db.connection import Database
from shared.ids import UserId
from shared.notifications import repository
from shared.notifications.model import PUSH_QUEUE
from shared.outbox.announce import announce
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import MAX_DELAY_SECONDS, Queue
from shared.outbox.repeat_while_full import repeat_while_full

SILENT_FOR = timedelta(seconds=MAX_DELAY_SECONDS)
"""As long as a queue holds a message back at most; a second message would do no harm, but cost something."""

BATCH = 100


def announce_unheard_pushes(system_db: Database, queue: Queue) -> int:
    """How many were announced. Once too often does no harm: only one worker can claim a push."""
    return repeat_while_full(lambda: _announce_batch(system_db, queue), size=BATCH)


def _announce_batch(db: Database, queue: Queue) -> int:
    with db.transaction(None) as tx:
        lost = repository.unheard(tx, silent_for=SILENT_FOR, limit=BATCH)
    publish_announced(db, queue, [_announce(db, user_id, notification_id) for user_id, notification_id in lost])
    return len(lost)


def _announce(db: Database, user_id: UserId, notification_id: UUID) -> Announcement:
    with db.transaction(user_id, may_be_lost=True) as tx:  # a crash of the server leaves it unheard
        repository.make_due(tx, user_id, notification_id)
        return announce(tx, user_id, PUSH_QUEUE, {"notification_id": str(notification_id)})
