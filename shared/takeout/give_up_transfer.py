"""Ends the export or import of a message that no worker could handle."""

from shared.db.connection import Database
from shared.ids import UserId
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.sessions.announce_discard import announce_discard
from shared.takeout import repository
from shared.takeout.model import TransferId, TransferState


def give_up_transfer(db: Database, queue: Queue, *, user_id: UserId, transfer_id: TransferId) -> None:
    """Fail it if it is under way, whoever holds it. One that ended by another message, or is gone, stays as it is."""
    with db.transaction(user_id) as tx:
        known = repository.find(tx, user_id, transfer_id, is_locked=True)
        if known is None or not known.state.is_under_way:
            return
        repository.end(tx, user_id, transfer_id, TransferState.FAILED, reason="gave_up")
        announced = announce_discard(tx, user_id, [known.object_key] if known.object_key else [])
    publish_announced(db, queue, announced)
