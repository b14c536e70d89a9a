"""Sends what a crash left in the outbox. Run by the sweep, as often and as many at once as one likes."""

from datetime import timedelta

from shared.db.connection import Database
from shared.errors import SecondBrainError
from shared.outbox import repository
from shared.outbox.publish_announced import send_all
from shared.outbox.queue import Queue
from shared.outbox.repeat_while_full import repeat_while_full

OVERDUE_AFTER = timedelta(seconds=10)
CLAIM_FOR = timedelta(seconds=60)
BATCH = 100


def publish_overdue(db: Database, queue: Queue) -> int:
    """Send unsent messages of any user, BATCH at a time while time is left; returns how many. `db`: the system role.

    Raises VendorDown when a queue did not take its own; what the others took is marked all the same.
    """
    failures: list[SecondBrainError] = []
    found = repeat_while_full(lambda: _publish_batch(db, queue, failures), size=BATCH)
    if failures:
        raise failures[0]
    return found


def _publish_batch(db: Database, queue: Queue, failures: list[SecondBrainError]) -> int:
    """How many were claimed; what a queue did not take is left alone until its claim is over, so that others come."""
    with db.transaction(None) as tx:
        overdue = repository.claim_overdue(tx, older_than=OVERDUE_AFTER, claim_for=CLAIM_FOR, limit=BATCH)
    if overdue:
        sent, failure = send_all(queue, overdue)
        failures += [] if failure is None else [failure]
        with db.transaction(None) as tx:
            repository.mark_published(tx, sent)
    return len(overdue)
