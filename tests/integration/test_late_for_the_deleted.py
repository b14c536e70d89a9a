"""What comes late does not bring anybody back: every message there was, notices, uploads, and writes under way."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.errors import Forbidden, NotFound
from shared.identity.create_user import create_user
from shared.ids import UserId, new_id
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.delete_account import delete_account
from shared.leaving.stores import Stores
from shared.media.model import MediaType
from tests.fakes.memory_accounts import MemoryAccounts, MemoryCustomers
from tests.fakes.openai_like import OpenAiLike
from tests.fakes.ticking_queues import DEAD
from tests.fixtures.captured import Backend
from tests.fixtures.deployed import Deployed, deployed
from tests.fixtures.object_store import store_at
from tests.fixtures.pictures import picture
from tests.fixtures.whole_users import rows_of, whole_user

SOUND = b"RIFF" + b"\0" * 200


def patience() -> Patience:
    """Counted from when it is needed."""
    return Patience(within_seconds=600)


@pytest.fixture
def providers() -> Iterator[OpenAiLike]:
    with OpenAiLike() as the_providers:
        yield the_providers


@pytest.fixture
def world(
    postgres: Postgres, database_name: str, owner: psycopg.Connection, providers: OpenAiLike
) -> Iterator[Deployed]:
    with deployed(postgres, database_name, owner, providers_url=providers.url) as the_world:
        yield the_world


def leave(world: Deployed, user_id: UserId) -> None:
    stores = Stores(objects=store_at(world.bucket.url), customers=MemoryCustomers(), accounts=MemoryAccounts())
    certificate = delete_account(world.db, stores, world.queue(), user_id, patience())
    assert certificate.pending == []


def capture(world: Deployed, user_id: UserId) -> None:
    """A picture and a recording, uploaded and finalized, each with a marker."""
    for media_type, content in ((MediaType.IMAGE, picture()), (MediaType.AUDIO, SOUND)):
        session_id = world.backend.session(user_id)
        world.backend.marker(user_id, session_id)
        media = world.declare(user_id, session_id, content, media_type)
        world.finalize(user_id, session_id)
        world.upload(media, content)


def test_every_message_there_was_is_done_with_and_changes_nothing(
    world: Deployed, providers: OpenAiLike, owner: psycopg.Connection
) -> None:
    """Steps, notices and pushes wait in their queues, dead letters in theirs, while their user leaves."""
    alice, bob = world.user("alice"), world.user("bob")
    for user_id in (alice, bob):
        capture(world, user_id)
    waiting = world.queues.left()
    assert waiting >= 6
    for queue, body in list(world.queues.sent):
        if queue in {"transcribe", "describe-image", "embed", "summarise"}:
            world.queues.put(queue + DEAD, body)
    late = [key for (key,) in owner.execute("SELECT object_key FROM media_files WHERE user_id = %s", [alice])]
    for user_id in (alice, bob):
        leave(world, user_id)
    assert world.bucket.objects == {}
    world.work()
    assert world.queues.left() == 0
    assert providers.requests == 0
    assert world.phones.accepted == 0
    for object_key in late:
        world.bucket.put(object_key, SOUND)  # a permission to upload outlives the account by ten minutes
    assert len(world.bucket.objects) == 2
    for _ in range(3):
        world.pass_time(timedelta(minutes=31))
        world.function("sweep")({})
        world.work()
    assert world.bucket.objects == {}
    for user_id in (alice, bob):
        assert set(rows_of(owner, user_id).values()) == {0}
    left = owner.execute("SELECT (SELECT count(*) FROM deletions), (SELECT count(*) FROM users)").fetchone()
    assert left == (0, 0)
    assert providers.requests == 0


def test_what_is_being_written_is_waited_for_and_what_comes_after_finds_nobody(
    backend: Backend, postgres: Postgres, database_name: str, owner: psycopg.Connection
) -> None:
    """Two requests are under way: one has written and not committed, the other begins to write while we look."""
    alice = whole_user(backend, owner, "alice")
    had = rows_of(owner, alice.id)
    stores = Stores(objects=backend.store, customers=MemoryCustomers(), accounts=MemoryAccounts())
    outcome: list[Any] = []

    def go() -> None:
        other = Database(postgres.url(database_name, role="second_brain_app"))
        outcome.append(delete_account(other, stores, backend.queue, alice.id, patience()))
        other.close()

    deleting = threading.Thread(target=go)
    with backend.db.transaction(alice.id) as tx:
        tx.execute("INSERT INTO devices (user_id, id, fcm_token) VALUES (%s, %s, 'just in time')", [alice.id, new_id()])
        deleting.start()
        wait_for_a_lock(owner)
    deleting.join(20)
    [certificate] = outcome
    assert (certificate.pending, certificate.rows) == ([], had | {"devices": had["devices"] + 1})
    with pytest.raises(NotFound), backend.db.transaction(alice.id) as tx:
        tx.execute("INSERT INTO devices (user_id, id, fcm_token) VALUES (%s, %s, 'too late')", [alice.id, new_id()])
    assert set(rows_of(owner, alice.id).values()) == {0}


def wait_for_a_lock(owner: psycopg.Connection) -> None:
    """Until somebody waits for somebody."""
    until = time.monotonic() + 15
    while owner.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,):
        assert time.monotonic() < until, "nobody waits"


def test_a_request_that_knew_nobody_before_the_deletion_makes_nobody_after_it(
    backend: Backend, owner: psycopg.Connection
) -> None:
    """It was asked who that is before the account was made; meanwhile it was made, and deleted."""
    alice = backend.user("alice")
    stores = Stores(objects=backend.store, customers=MemoryCustomers(), accounts=MemoryAccounts())
    delete_account(backend.db, stores, backend.queue, alice, patience())
    newcomer = UserId(new_id())
    with backend.db.transaction(newcomer) as tx:
        assert not create_user(tx, newcomer, firebase_uid="alice", email=None)
    with pytest.raises(Forbidden):
        backend.user("alice")
    assert owner.execute("SELECT count(*) FROM users").fetchone() == (0,)
