"""A worker takes an event to apply it."""

from uuid import UUID

from shared.db.connection import Transaction
from shared.inbox import repository
from shared.inbox.model import FIRST_RETRY, LAST_RETRY, Event


def take_event(tx: Transaction, row_id: UUID) -> Event | None:
    """The event, with this attempt counted; None when it is settled, or unknown.

    Nobody is kept from taking it too: whatever applies an event must bear being repeated.
    """
    return repository.take(tx, row_id, first_retry=FIRST_RETRY, last_retry=LAST_RETRY)
