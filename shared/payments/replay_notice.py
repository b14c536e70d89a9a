"""An administrator has one event of the payment provider applied once more."""

from uuid import UUID

from shared.audit.model import Action, Deed
from shared.audit.record_deed import record_deed
from shared.db.connection import Database
from shared.idempotency.keep import Keep, keep_nothing
from shared.identity.as_administrator import as_administrator
from shared.ids import UserId
from shared.inbox.hand_over import hand_over
from shared.inbox.model import Event
from shared.inbox.replay_event import replay_event
from shared.outbox.queue import Queue


def replay_notice(
    db: Database,
    queue: Queue,
    actor_id: UserId,
    event_id: UUID,
    *,
    reason: str,
    keep: Keep[Event] = keep_nothing,
) -> Event:
    """The event, received anew. Raises Forbidden and NotFound. `db` connects as the system role."""
    with as_administrator(db, actor_id) as tx:
        event = replay_event(tx, event_id)
        record_deed(
            tx,
            Deed(
                actor_id=actor_id,
                action=Action.REPLAY_EVENT,
                subject=f"{event.source} {event.event_id}",
                reason=reason,
                details={"type": event.type},
            ),
        )
        keep(tx, event)
    hand_over(queue, event.queue, {event.id: event.correlation_id})
    return event
