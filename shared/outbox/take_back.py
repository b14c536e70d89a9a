"""Takes messages back that were written against a death which did not come."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.outbox import repository
from shared.outbox.model import Announcement


def take_back(tx: Transaction, announcements: Sequence[Announcement]) -> bool:
    """They will never be sent, if this is committed. False when it is too late for one of them: then commit nothing."""
    return not announcements or repository.delete_unsent(tx, announcements) == len(announcements)
