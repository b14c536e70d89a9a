"""Forgets old keys. Run by the sweep."""

from datetime import timedelta

from shared.db.connection import Database
from shared.idempotency import repository
from shared.idempotency.model import KEPT_HOURS

BATCH = 1_000
BATCHES = 20
"""In one sweep, each in a transaction of its own: more than a minute's POSTs, so that none are left behind for good."""


def forget_keys(db: Database) -> int:
    """Keys that are older than KEPT_HOURS, up to BATCHES; returns how many. `db` connects as the system role."""
    forgotten = 0
    for _ in range(BATCHES):
        with db.transaction(None) as tx:
            found = repository.delete_older(tx, than=timedelta(hours=KEPT_HOURS), limit=BATCH)
        forgotten += found
        if found < BATCH:
            break
    return forgotten
