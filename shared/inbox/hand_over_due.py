"""Brings back events that nobody has settled: their message was lost, or what they need was down."""

from collections import defaultdict
from uuid import UUID

from shared.db.connection import Database
from shared.inbox import repository
from shared.inbox.hand_over import hand_over
from shared.inbox.model import FIRST_RETRY
from shared.outbox.queue import Queue

BATCH = 500


def hand_over_due(db: Database, queue: Queue) -> int:
    """Announce again up to BATCH events that are due; returns how many reached a queue."""
    with db.transaction(None) as tx:
        due = repository.take_due(tx, put_off=FIRST_RETRY * 4, limit=BATCH)
    by_queue: dict[str, dict[UUID, str]] = defaultdict(dict)
    for event in due:
        by_queue[event.queue][event.id] = event.correlation_id
    return sum(len(events) for name, events in by_queue.items() if hand_over(queue, name, events))
