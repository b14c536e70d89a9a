"""Keeps the outbox small."""

from datetime import timedelta

from shared.db.connection import Database
from shared.outbox import repository

KEPT_FOR = timedelta(days=7)


def forget_published(system_db: Database) -> int:
    """Delete messages sent long ago; returns how many."""
    with system_db.transaction(None) as tx:
        return repository.delete_published(tx, older_than=KEPT_FOR)
