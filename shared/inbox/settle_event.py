"""Says what became of an event."""

from uuid import UUID

from shared.db.connection import Transaction
from shared.inbox import repository
from shared.inbox.model import EventState


def settle_event(tx: Transaction, row_id: UUID, state: EventState, *, reason: str | None = None) -> None:
    """Write it in the transaction of whatever the event changed; an event settled before stays as it is."""
    repository.settle(tx, row_id, state, reason)
