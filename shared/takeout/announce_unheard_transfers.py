"""Announces exports and imports again whose message was lost, or whose worker died."""

from datetime import timedelta

from shared.db.connection import Database
from shared.outbox.announce import announce
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.takeout import repository
from shared.takeout.model import Transfer, body_of

SILENT_FOR = timedelta(minutes=15)
"""As long as a queue holds a message back at most; a second message would do no harm, but cost something."""

BATCH = 100


def announce_unheard_transfers(system_db: Database, queue: Queue) -> int:
    """How many were announced. Once too often does no harm: only one worker can claim one."""
    with system_db.transaction(None) as tx:
        lost = repository.unheard(tx, silent_for=SILENT_FOR, limit=BATCH)
    for transfer in lost:
        _announce(system_db, queue, transfer)
    return len(lost)


def _announce(db: Database, queue: Queue, transfer: Transfer) -> None:
    with db.transaction(transfer.user_id) as tx:
        repository.note_announced(tx, transfer.user_id, transfer.id)
        announced = announce(tx, transfer.user_id, transfer.kind.queue, body_of(transfer.id))
    publish_announced(db, queue, [announced])
