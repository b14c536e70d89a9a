"""Applies an event anew, whatever became of it the first time."""

from uuid import UUID

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.inbox import repository
from shared.inbox.model import FIRST_RETRY, Event


def replay_event(tx: Transaction, row_id: UUID) -> Event:
    """Bring it back to received; the caller hands it over after the commit. Raises NotFound."""
    event = repository.reopen(tx, row_id, first_retry=FIRST_RETRY)
    if event is None:
        raise NotFound
    return event
