"""Hands over deletions that nobody goes on with: a process died, a store was away, or the last look is due."""

from shared.db.connection import Database
from shared.ids import new_id
from shared.leaving import repository
from shared.leaving.model import DELETE_QUEUE, FIRST_PAUSE, LAST_PAUSE
from shared.outbox.message import Message
from shared.outbox.queue import Queue

BATCH = 100


def resume_deletions(system_db: Database, queue: Queue) -> int:
    """How many were handed over. Raises VendorDown; what was not sent is due again later."""
    with system_db.transaction(None) as tx:
        due = repository.take_due(tx, first_pause=FIRST_PAUSE, last_pause=LAST_PAUSE, limit=BATCH)
    messages = [
        Message(id=new_id(), user_id=account_id, correlation_id=correlation_id, body={})
        for account_id, correlation_id in due
    ]
    if messages:
        queue.send(DELETE_QUEUE, messages)
    return len(messages)
