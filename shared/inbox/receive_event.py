"""Takes in what somebody else tells us: kept first, then handed to whoever applies it."""

from shared import telemetry
from shared.db.connection import Database
from shared.ids import new_id
from shared.inbox import repository
from shared.inbox.hand_over import hand_over
from shared.inbox.model import FIRST_RETRY, EventState, NewEvent
from shared.outbox.queue import Queue


def receive_event(db: Database, queue: Queue, event: NewEvent) -> bool:
    """Keep the event and announce it; False when it was known. Raises Busy when it could not be kept.

    The row is the promise: should the message not reach its queue, `hand_over_due` sends it.
    """
    chosen = new_id()
    correlation_id = telemetry.correlation_id() or str(chosen)
    with db.transaction(None) as tx:
        row_id = repository.insert(tx, chosen, event, correlation_id=correlation_id, first_retry=FIRST_RETRY)
    if row_id is not None and event.state is EventState.RECEIVED:
        hand_over(queue, event.queue, {row_id: correlation_id})
    return row_id is not None
