"""Uploads of any user that nobody told us of; asked by the sweep, as the system role."""

from datetime import timedelta

from shared.db.connection import Transaction
from shared.media import upload_repository
from shared.media.model import UPLOAD_DEADLINE, PendingUpload

BATCH = 400


def uploads_unheard(tx: Transaction, *, older_than: timedelta) -> list[PendingUpload]:
    """Pending files whose notice may have been lost: some of them, chosen at random so that all get their turn."""
    return upload_repository.pending_between(tx, older_than=older_than, younger_than=UPLOAD_DEADLINE, limit=BATCH)


def uploads_overdue(tx: Transaction) -> list[PendingUpload]:
    """Pending files whose permission was given too long ago: some of them, chosen at random."""
    return upload_repository.pending_between(tx, older_than=UPLOAD_DEADLINE, younger_than=None, limit=BATCH)
