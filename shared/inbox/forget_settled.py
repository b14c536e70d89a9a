"""Clears out events that were settled long ago."""

from datetime import timedelta

from shared.db.connection import Database
from shared.inbox import repository

KEEP = timedelta(days=90)
"""Stripe tells an event again for three days at most; what an event granted is kept for ever, in the ledger."""


BATCH = 1_000


def forget_settled(db: Database) -> int:
    """Delete up to BATCH of them; returns how many. `db` connects as the system role."""
    with db.transaction(None) as tx:
        return repository.delete_settled(tx, older_than=KEEP, limit=BATCH)
