"""Keeps an event that is dealt with at once, in the transaction of what it changes."""

from shared import telemetry
from shared.db.connection import Transaction
from shared.ids import new_id
from shared.inbox import repository
from shared.inbox.model import FIRST_RETRY, NewEvent


def keep_event(tx: Transaction, event: NewEvent) -> bool:
    """Write the event as applied or ignored; False when its sender had told it before, and nothing is to be done."""
    chosen = new_id()
    correlation_id = telemetry.correlation_id() or str(chosen)
    kept = repository.insert(tx, chosen, event, correlation_id=correlation_id, first_retry=FIRST_RETRY)
    return kept is not None
