"""Forgets old keys. Run by the sweep."""

from datetime import timedelta

from shared.db.connection import Database
from shared.idempotency import repository
from shared.idempotency.model import KEPT_HOURS

BATCH = 1_000


def forget_keys(db: Database) -> int:
    """Up to BATCH keys that are older than KEPT_HOURS; returns how many. `db` connects as the system role."""
    with db.transaction(None) as tx:
        return repository.delete_older(tx, than=timedelta(hours=KEPT_HOURS), limit=BATCH)
