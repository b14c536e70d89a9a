"""The outbox: what was committed is sent, at least once, whatever crashes in between."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.errors import NotFound, VendorDown
from shared.ids import UserId
from shared.outbox.announce import announce
from shared.outbox.announce_all import announce_all
from shared.outbox.any_unsent import any_unsent
from shared.outbox.count_unsent import count_unsent
from shared.outbox.forget_published import forget_published
from shared.outbox.message import Message
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.publish_overdue import BATCH, publish_overdue
from shared.outbox.take_back import take_back
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import Backend
from tests.fixtures.crowds import crowd


def written(db: Database, user_id: UserId, *queues: str) -> list[Announcement]:
    with db.transaction(user_id) as tx:
        return [announce(tx, user_id, queue, {"step_id": queue}) for queue in queues]


def make_older(owner: psycopg.Connection, seconds: int) -> None:
    owner.execute(
        """
        UPDATE outbox
        SET created_at = created_at - make_interval(secs => %(s)s),
            claimed_at = claimed_at - make_interval(secs => %(s)s),
            published_at = published_at - make_interval(secs => %(s)s)
        """,
        {"s": seconds},
    )


def by_name(sent: tuple[str, Message]) -> str:
    return sent[0]


def unsent(owner: psycopg.Connection) -> int:
    row: Any = owner.execute("SELECT count(*) FROM outbox WHERE published_at IS NULL").fetchone()
    return row[0]


def test_a_message_of_a_rolled_back_change_is_never_sent(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()

    def change_its_mind() -> None:
        with backend.db.transaction(user_id) as tx:
            announce(tx, user_id, "embed", {})
            raise NotFound

    with pytest.raises(NotFound):
        change_its_mind()
    assert unsent(owner) == 0


def test_a_message_is_sent_right_after_its_change_and_marked(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    announced = written(backend.db, user_id, "embed", "summarise", "embed")
    publish_announced(backend.db, backend.queue, announced)
    assert sorted(backend.queue.names()) == ["embed", "embed", "summarise"]
    assert unsent(owner) == 0
    make_older(owner, 60)
    assert publish_overdue(system_db, backend.queue) == 0


def test_what_is_due_later_waits_for_nobody_until_then_and_can_be_taken_back_until_it_is_sent(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    with backend.db.transaction(user_id) as tx:
        kept, unwanted = announce_all(tx, user_id, [("embed", {}), ("summarise", {})], due_in=timedelta(hours=1))
    make_older(owner, 3_599)
    assert publish_overdue(system_db, backend.queue) == 0
    with system_db.transaction(None) as tx:
        assert (any_unsent(tx), count_unsent(tx).count) == (False, 0)
    with backend.db.transaction(user_id) as tx:
        assert take_back(tx, [unwanted])
    make_older(owner, 60)
    backend.queue.down.add("embed")
    with pytest.raises(VendorDown):
        publish_overdue(system_db, backend.queue)
    with backend.db.transaction(user_id) as tx:
        assert not take_back(tx, [kept])  # somebody was sending it, and may have
    backend.queue.down.clear()
    make_older(owner, 3_600)
    assert publish_overdue(system_db, backend.queue) == 1
    assert backend.queue.names() == ["embed"]
    with backend.db.transaction(user_id) as tx:
        assert not take_back(tx, [kept])


def test_what_a_crash_left_between_commit_and_send_is_sent_by_the_sweep(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    left = written(backend.db, alice, "embed") + written(backend.db, bob, "transcribe")
    assert publish_overdue(system_db, backend.queue) == 0  # not overdue yet
    make_older(owner, 60)
    assert publish_overdue(system_db, backend.queue) == 2
    assert sorted(backend.queue.sent, key=by_name) == [(a.queue, a.as_message()) for a in left]
    assert unsent(owner) == 0
    assert publish_overdue(system_db, backend.queue) == 0


def test_a_queue_that_is_down_is_left_to_the_sweep_and_the_change_stands(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    backend.queue.down.add("embed")
    publish_announced(backend.db, backend.queue, written(backend.db, user_id, "embed"))
    assert unsent(owner) == 1
    backend.queue.down.clear()
    make_older(owner, 60)
    assert publish_overdue(system_db, backend.queue) == 1


def test_one_queue_that_is_down_does_not_hold_back_the_others(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    written(backend.db, user_id, "embed", "transcribe", "discard-objects")
    backend.queue.down.add("discard-objects")
    make_older(owner, 60)
    with pytest.raises(VendorDown):
        publish_overdue(system_db, backend.queue)
    assert sorted(backend.queue.names()) == ["embed", "transcribe"]
    assert unsent(owner) == 1
    make_older(owner, 120)
    backend.queue.down.clear()
    assert publish_overdue(system_db, backend.queue) == 1


def test_one_sweep_sends_all_that_waits_but_what_a_queue_refuses(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    with backend.db.transaction(user_id) as tx:
        announce_all(tx, user_id, [("discard-objects", {})] * BATCH)
    make_older(owner, 60)
    with backend.db.transaction(user_id) as tx:
        announce_all(tx, user_id, [("embed", {})] * (BATCH + 1))
    make_older(owner, 60)
    backend.queue.down.add("discard-objects")
    with pytest.raises(VendorDown):
        publish_overdue(system_db, backend.queue)
    assert (len(backend.queue.sent), unsent(owner)) == (BATCH + 1, BATCH)
    backend.queue.down.clear()
    make_older(owner, 120)
    assert publish_overdue(system_db, backend.queue) == BATCH


def test_what_one_sweep_is_sending_another_leaves_alone(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    written(backend.db, backend.user(), "embed")
    make_older(owner, 60)
    backend.queue.down.add("embed")
    with pytest.raises(VendorDown):
        publish_overdue(system_db, backend.queue)  # it claimed the message, and died sending
    second = MemoryQueue()
    assert publish_overdue(system_db, second) == 0
    make_older(owner, 120)
    assert publish_overdue(system_db, second) == 1


def test_sweeps_at_once_send_each_message_once(
    backend: Backend, postgres: Postgres, database_name: str, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    written(backend.db, user_id, *["embed"] * 150)
    make_older(owner, 60)
    with crowd(postgres.url(database_name, role="second_brain_system"), 6) as sweeps:
        sent = sweeps.all_at_once([lambda db: publish_overdue(db, backend.queue)] * 6)
    assert sum(sent) == len({message.id for message in backend.queue.sent_to("embed")}) == len(backend.queue.sent)
    assert unsent(owner) == 150 - sum(sent)


def test_messages_sent_long_ago_are_forgotten_and_unsent_ones_never(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    publish_announced(backend.db, backend.queue, written(backend.db, user_id, "embed"))
    written(backend.db, user_id, "summarise")
    assert forget_published(system_db) == 0
    make_older(owner, 8 * 24 * 3600)
    assert forget_published(system_db) == 1
    assert unsent(owner) == 1


def test_the_app_role_sends_its_own_users_messages_only(
    backend: Backend, db: Database, owner: psycopg.Connection
) -> None:
    written(backend.db, backend.user(), "embed")
    make_older(owner, 60)
    assert publish_overdue(db, backend.queue) == 0
