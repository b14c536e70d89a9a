"""What an administrator sees of the inbox."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.db.connection import Transaction
from shared.inbox import repository
from shared.inbox.model import Event, EventFilter


def list_events(
    tx: Transaction, wanted: EventFilter, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Event]:
    """A page of events, newest first."""
    return repository.events(tx, wanted, before=before, limit=limit)
