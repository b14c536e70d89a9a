"""Ends exports nobody may fetch any more, and imports whose file never came; their files go."""

from shared.db.connection import Database
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.announce_discard import announce_discard
from shared.takeout import repository
from shared.takeout.model import Transfer, TransferState

BATCH = 100


def expire_transfers(system_db: Database, queue: Queue) -> int:
    """How many were ended."""
    with system_db.transaction(None) as tx:
        overdue = repository.overdue(tx, limit=BATCH)
    return sum(_expire(system_db, queue, transfer) for transfer in overdue)


def _expire(db: Database, queue: Queue, transfer: Transfer) -> bool:
    with db.transaction(transfer.user_id) as tx:
        known = repository.find(tx, transfer.user_id, transfer.id, is_locked=True)
        if known is None or known.state is not transfer.state:
            return False
        repository.end(tx, known.user_id, known.id, TransferState.EXPIRED, reason=None)
        announced = announce_discard(tx, known.user_id, [known.object_key] if known.object_key else [])
    publish_announced(db, queue, announced)
    return True
