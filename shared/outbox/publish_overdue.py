"""Sends what a crash left in the outbox. Run by the sweep, as often and as many at once as one likes."""

from datetime import timedelta

from shared.db.connection import Database
from shared.outbox import repository
from shared.outbox.publish_announced import send_all
from shared.outbox.queue import Queue

OVERDUE_AFTER = timedelta(seconds=10)
CLAIM_FOR = timedelta(seconds=60)
BATCH = 100


def publish_overdue(db: Database, queue: Queue) -> int:
    """Send up to BATCH unsent messages of any user; returns how many. `db` connects as the system role.

    Raises VendorDown when a queue did not take its own; what the others took is marked all the same.
    """
    with db.transaction(None) as tx:
        overdue = repository.claim_overdue(tx, older_than=OVERDUE_AFTER, claim_for=CLAIM_FOR, limit=BATCH)
    if not overdue:
        return 0
    sent, failure = send_all(queue, overdue)
    with db.transaction(None) as tx:
        repository.mark_published(tx, sent)
    if failure is not None:
        raise failure
    return len(sent)
