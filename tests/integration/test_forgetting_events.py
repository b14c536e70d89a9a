"""Events of the inbox are forgotten when they were settled long ago, however they were settled."""

from datetime import UTC, datetime

import psycopg

from shared.db.connection import Database
from shared.inbox.forget_settled import KEEP, forget_settled
from shared.inbox.model import EventState, NewEvent
from shared.inbox.receive_event import receive_event
from tests.fakes.memory_queue import MemoryQueue


def receive(db: Database, event_id: str, state: EventState, reason: str | None = None) -> None:
    event = NewEvent(
        source="stripe",
        event_id=event_id,
        queue="apply-payment",
        type="checkout.session.completed",
        about={"checkout_session": "cs_1"},
        occurred_at=datetime.now(UTC),
        state=state,
        reason=reason,
    )
    assert receive_event(db, MemoryQueue(), event)


def kept(owner: psycopg.Connection) -> list[str]:
    return [event_id for (event_id,) in owner.execute("SELECT event_id FROM inbox ORDER BY event_id")]


def test_an_event_ignored_when_it_came_in_is_settled_then_and_forgotten_in_time(
    db: Database, system_db: Database, owner: psycopg.Connection
) -> None:
    receive(db, "evt_ignored", EventState.IGNORED, "type_not_used")
    receive(db, "evt_received", EventState.RECEIVED)
    assert forget_settled(system_db) == 0
    owner.execute(
        "UPDATE inbox SET received_at = received_at - %(age)s, settled_at = settled_at - %(age)s", {"age": KEEP}
    )
    assert forget_settled(system_db) == 1
    assert kept(owner) == ["evt_received"]
