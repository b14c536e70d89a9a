"""The inbox: each event once, handed over until somebody settles it, however long that takes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import NotFound, VendorDown
from shared.ids import new_id
from shared.inbox.forget_settled import forget_settled
from shared.inbox.hand_over_due import BATCH, hand_over_due
from shared.inbox.list_events import list_events
from shared.inbox.model import Event, EventFilter, EventState, NewEvent
from shared.inbox.receive_event import receive_event
from shared.inbox.replay_event import replay_event
from shared.inbox.settle_event import settle_event
from shared.inbox.take_event import take_event
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import Backend
from tests.fixtures.crowds import Crowd

AT = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
EVENT = NewEvent(
    source="stripe", event_id="evt_1", queue="apply-payment", type="refund.created", about={}, occurred_at=AT
)


def row_of(owner: psycopg.Connection, event_id: str = "evt_1") -> UUID:
    row: Any = owner.execute("SELECT id FROM inbox WHERE event_id = %s", [event_id]).fetchone()
    return row[0]


def received(backend: Backend, owner: psycopg.Connection, event: NewEvent = EVENT) -> UUID:
    """An event that was kept and announced; its row's id."""
    assert receive_event(backend.db, backend.queue, event)
    return row_of(owner, event.event_id)


def taken(db: Database, row_id: UUID) -> Event | None:
    with db.transaction(None) as tx:
        return take_event(tx, row_id)


def settled(db: Database, row_id: UUID, state: EventState, reason: str | None = None) -> None:
    with db.transaction(None) as tx:
        settle_event(tx, row_id, state, reason=reason)


def due_in(owner: psycopg.Connection, row_id: UUID) -> float:
    row: Any = owner.execute("SELECT extract(epoch FROM due_at - now()) FROM inbox WHERE id = %s", [row_id]).fetchone()
    return float(row[0])


def make_due(owner: psycopg.Connection) -> None:
    owner.execute("UPDATE inbox SET due_at = now() - interval '1 second'")


def state_of(owner: psycopg.Connection, row_id: UUID) -> Any:
    return owner.execute("SELECT state, reason FROM inbox WHERE id = %s", [row_id]).fetchone()


def announced(queue: MemoryQueue) -> list[str]:
    return [message.body["event_id"] for message in queue.sent_to("apply-payment")]


def test_an_event_is_kept_before_it_is_announced(backend: Backend, owner: psycopg.Connection) -> None:
    row_id = received(backend, owner)
    assert announced(backend.queue) == [str(row_id)]
    (message,) = backend.queue.sent_to("apply-payment")
    assert message.user_id is None


def test_an_event_told_by_forty_at_once_is_one_event(many: Crowd, owner: psycopg.Connection) -> None:
    queues = [MemoryQueue() for _ in range(40)]
    told = many.all_at_once([lambda db, queue=queue: receive_event(db, queue, EVENT) for queue in queues])
    assert told.count(True) == 1
    assert [name for queue in queues for name in announced(queue)] == [str(row_of(owner))]


def test_two_senders_may_use_the_same_id(backend: Backend, owner: psycopg.Connection) -> None:
    assert receive_event(backend.db, backend.queue, EVENT)
    assert receive_event(backend.db, backend.queue, replace(EVENT, source="somebody"))
    assert owner.execute("SELECT count(*) FROM inbox").fetchone() == (2,)


def test_what_is_ignored_from_the_beginning_is_kept_and_not_announced(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    row_id = received(backend, owner, replace(EVENT, state=EventState.IGNORED, reason="type_not_used"))
    make_due(owner)
    assert hand_over_due(system_db, backend.queue) == 0
    assert (announced(backend.queue), taken(backend.db, row_id)) == ([], None)
    assert state_of(owner, row_id) == ("ignored", "type_not_used")


def test_a_copy_we_act_on_replaces_one_that_was_ignored_as_it_came_in(
    backend: Backend, owner: psycopg.Connection
) -> None:
    """An endpoint of another API version was mended, and Stripe sends the event again."""
    row_id = received(backend, owner, replace(EVENT, state=EventState.IGNORED, reason="other_api_version"))
    assert [receive_event(backend.db, backend.queue, EVENT) for _ in range(3)] == [True, False, False]
    assert (row_of(owner), state_of(owner, row_id)) == (row_id, ("received", None))
    assert announced(backend.queue) == [str(row_id)]


@pytest.mark.parametrize("state", [EventState.APPLIED, EventState.IGNORED])
def test_a_copy_of_an_event_that_was_tried_changes_nothing(
    backend: Backend, owner: psycopg.Connection, state: EventState
) -> None:
    row_id = received(backend, owner)
    taken(backend.db, row_id)
    settled(backend.db, row_id, state, "not_ours")
    assert not receive_event(backend.db, backend.queue, EVENT)
    assert not receive_event(backend.db, backend.queue, replace(EVENT, state=EventState.IGNORED, reason="other_mode"))
    assert state_of(owner, row_id) == (state, "not_ours")


def test_a_queue_that_is_down_loses_no_event(backend: Backend, system_db: Database, owner: psycopg.Connection) -> None:
    backend.queue.down.add("apply-payment")
    row_id = received(backend, owner)
    make_due(owner)
    assert hand_over_due(system_db, backend.queue) == 0
    backend.queue.down.clear()
    make_due(owner)
    assert hand_over_due(system_db, backend.queue) == 1
    assert announced(backend.queue) == [str(row_id)]


def test_one_queue_that_is_down_does_not_hold_back_another(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    received(backend, owner)
    received(backend, owner, replace(EVENT, event_id="evt_2", queue="elsewhere"))
    backend.queue.clear()
    backend.queue.down.add("elsewhere")
    make_due(owner)
    assert hand_over_due(system_db, backend.queue) == 1
    assert backend.queue.names() == ["apply-payment"]


def test_the_sweep_leaves_alone_what_was_announced_a_moment_ago(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    row_id = received(backend, owner)
    assert hand_over_due(system_db, backend.queue) == 0
    make_due(owner)
    assert hand_over_due(system_db, backend.queue) == 1
    assert hand_over_due(system_db, backend.queue) == 0
    assert 50 < due_in(owner, row_id) <= 60


def test_a_sweep_takes_so_many_at_once_and_the_next_one_the_rest(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    owner.execute(
        """
        INSERT INTO inbox (source, event_id, id, queue, type, about, state, correlation_id, occurred_at, due_at)
        SELECT 'stripe', 'evt_' || n, gen_random_uuid(), 'apply-payment', 'x', '{}', 'received', 'c', now(),
               now() - interval '1 second'
        FROM generate_series(1, %s) n
        """,
        [BATCH + 7],
    )
    assert [hand_over_due(system_db, backend.queue) for _ in range(3)] == [BATCH, 7, 0]
    assert len(set(announced(backend.queue))) == BATCH + 7


def test_an_event_that_cannot_be_applied_comes_back_later_each_time_and_never_stops(
    backend: Backend, owner: psycopg.Connection
) -> None:
    row_id = received(backend, owner)
    waits: list[float] = []
    for attempt in range(1, 30):
        event = taken(backend.db, row_id)
        assert event is not None
        assert event.attempts == attempt
        waits.append(due_in(owner, row_id))
    assert [round(wait) for wait in waits[:5]] == [15, 30, 60, 120, 240]
    assert all(wait <= 3_600 for wait in waits)
    assert round(waits[-1]) == 3_600
    owner.execute("UPDATE inbox SET attempts = 100000")
    assert taken(backend.db, row_id) is not None


def test_a_settled_event_is_taken_no_more_and_stays_as_it_was_settled(
    backend: Backend, owner: psycopg.Connection
) -> None:
    row_id = received(backend, owner)
    settled(backend.db, row_id, EventState.APPLIED)
    settled(backend.db, row_id, EventState.IGNORED, "too late")
    assert taken(backend.db, row_id) is None
    assert state_of(owner, row_id) == ("applied", None)
    assert not receive_event(backend.db, backend.queue, EVENT)
    assert taken(backend.db, new_id()) is None


def test_an_event_is_settled_with_what_it_changed_or_not_at_all(backend: Backend, owner: psycopg.Connection) -> None:
    row_id = received(backend, owner)

    def change_its_mind() -> None:
        with backend.db.transaction(None) as tx:
            settle_event(tx, row_id, EventState.APPLIED)
            raise VendorDown("Not now.")

    with pytest.raises(VendorDown):
        change_its_mind()
    assert state_of(owner, row_id) == ("received", None)


def test_a_replayed_event_begins_anew(backend: Backend, system_db: Database, owner: psycopg.Connection) -> None:
    row_id = received(backend, owner)
    for _ in range(5):
        taken(backend.db, row_id)
    settled(backend.db, row_id, EventState.IGNORED, "amount_differs")
    with system_db.transaction(None) as tx:
        event = replay_event(tx, row_id)
    assert (event.state, event.reason, event.attempts, event.settled_at) == (EventState.RECEIVED, None, 0, None)
    assert taken(backend.db, row_id) is not None
    with pytest.raises(NotFound), system_db.transaction(None) as tx:
        replay_event(tx, new_id())


def test_what_was_settled_long_ago_is_forgotten_and_what_waits_never(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    old, fresh = received(backend, owner), received(backend, owner, replace(EVENT, event_id="evt_2"))
    waiting = received(backend, owner, replace(EVENT, event_id="evt_3"))
    for row_id in (old, fresh):
        settled(backend.db, row_id, EventState.APPLIED)
    owner.execute("UPDATE inbox SET settled_at = settled_at - interval '91 days' WHERE id = %s", [old])
    owner.execute("UPDATE inbox SET received_at = received_at - interval '1 year' WHERE id = %s", [waiting])
    assert forget_settled(system_db) == 1
    left = {row for (row,) in owner.execute("SELECT id FROM inbox").fetchall()}
    assert left == {fresh, waiting}


def test_what_was_ignored_on_arrival_is_forgotten_too(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    received(backend, owner, replace(EVENT, state=EventState.IGNORED, reason="type_not_used"))
    owner.execute(
        "UPDATE inbox SET received_at = now() - interval '1 year', settled_at = settled_at - interval '1 year'"
    )
    assert forget_settled(system_db) == 1


def test_an_app_cannot_forget_events(backend: Backend, owner: psycopg.Connection) -> None:
    settled(backend.db, received(backend, owner), EventState.APPLIED)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        forget_settled(backend.db)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_hold_every_event_of_one_sender_once(backend: Backend, system_db: Database, limit: int) -> None:
    for number in range(5):
        receive_event(
            backend.db, backend.queue, replace(EVENT, event_id=f"evt_{number}", occurred_at=AT - timedelta(number))
        )
    receive_event(backend.db, backend.queue, replace(EVENT, source="somebody"))
    found: list[Event] = []
    for _ in range(6):
        before = (found[-1].received_at, found[-1].id) if found else None
        with system_db.transaction(None) as tx:
            found += list_events(tx, EventFilter(source="stripe"), before=before, limit=limit)
    assert [event.event_id for event in found] == [f"evt_{number}" for number in range(4, -1, -1)]
