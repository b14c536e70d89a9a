"""Uploads of any user that nobody told us of; asked by the sweep, as the system role."""

from datetime import timedelta

from shared.db.connection import Transaction
from shared.media import repository
from shared.media.model import MediaFile

BATCH = 100


def uploads_unheard(tx: Transaction, *, older_than: timedelta, younger_than: timedelta) -> list[MediaFile]:
    """Pending files whose notice may have been lost: some of them, chosen at random so that all get their turn."""
    return repository.pending_between(tx, older_than=older_than, younger_than=younger_than, limit=BATCH)
