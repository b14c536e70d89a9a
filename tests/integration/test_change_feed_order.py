"""The order of the feed: no change is skipped however late it is committed, however many write, whoever dies."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database, Transaction
from shared.errors import Busy
from shared.ids import BlockId, SessionId, UserId, new_id
from shared.sessions.delete_block import delete_block
from shared.sessions.delete_session import delete_session
from shared.sessions.edit_block import edit_block
from shared.sessions.edit_session import edit_session
from shared.sessions.finalize_session import finalize_session
from shared.sessions.register_upload import register_upload
from shared.sync import read_changes as module
from tests.fixtures.captured import FACTS, Backend
from tests.fixtures.crowds import Crowd, wait_until
from tests.fixtures.follower import Follower, everything
from tests.fixtures.kill_points import Life, Work, deaths, mortal
from tests.fixtures.seeds import chance


@pytest.fixture
def alice(backend: Backend) -> UserId:
    return backend.user("alice")


@pytest.fixture
def phone(db: Database, alice: UserId) -> Follower:
    return Follower(db=db, user_id=alice)


@pytest.fixture
def others(postgres: Postgres, database_name: str) -> Iterator[list[Database]]:
    """Two connections more."""
    databases = [Database(postgres.url(database_name, role="second_brain_app")) for _ in range(2)]
    yield databases
    for database in databases:
        database.close()


def rename(tx: Transaction, user_id: UserId, session_id: SessionId, title: str) -> None:
    tx.execute("UPDATE sessions SET title = %s WHERE user_id = %s AND id = %s", [title, user_id, session_id])


def test_a_transaction_that_is_still_at_work_keeps_nobody_waiting_and_is_not_skipped(
    backend: Backend, alice: UserId, phone: Follower, others: list[Database]
) -> None:
    """It wrote first and commits last: the phone has read past the other one by then."""
    early, late = backend.session(alice), backend.session(alice)
    phone.catch_up()
    with others[0].transaction(alice) as tx:
        rename(tx, alice, late, "wrote first")
        edit_session(backend.db, alice, early, title="committed first", language=None)
        assert phone.catch_up() == [("session", early)]
    assert phone.catch_up() == [("session", late)]


def test_whoever_commits_second_is_seen_second(
    backend: Backend, alice: UserId, phone: Follower, others: list[Database], owner: psycopg.Connection
) -> None:
    """The first is held in the middle of its COMMIT, where it has its number; the second waits for it to be seen."""
    first, second = backend.session(alice), backend.session(alice)
    phone.catch_up()
    with ThreadPoolExecutor(1) as pool:
        with others[0].transaction(alice) as tx:
            rename(tx, alice, first, "first")
            tx.execute("SET CONSTRAINTS ALL IMMEDIATE")
            ends = pool.submit(edit_session, backend.db, alice, second, title="second", language=None)
            wait_until(lambda: waiting_for_a_lock(owner) == 1 or ends.done())
            reader = Follower(db=others[1], user_id=alice, copy=phone.copy, position=phone.position)
            assert reader.catch_up() == []
            assert not ends.done()
        ends.result(60)
    assert reader.catch_up() == [("session", first), ("session", second)]


def waiting_for_a_lock(owner: psycopg.Connection) -> int:
    row = owner.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).fetchone()
    assert row is not None
    return row[0]


def test_a_body_is_neither_older_nor_newer_than_its_place_in_the_feed(
    backend: Backend, alice: UserId, phone: Follower, others: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block is deleted between reading its place and reading its body."""
    session_id = backend.session(alice)
    block = backend.marker(alice, session_id)
    read = module.blocks_by_ids

    def deleted_meanwhile(tx: Transaction, user_id: UserId, ids: list[UUID]) -> object:
        monkeypatch.undo()
        delete_block(others[0], alice, session_id, block.id)
        return read(tx, user_id, ids)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(module, "blocks_by_ids", deleted_meanwhile)
    phone.catch_up()
    assert phone.copy[("block", block.id)] == block
    assert phone.catch_up() == [("block", block.id)]
    assert phone.copy[("block", block.id)] is None


WRITERS, WRITES, MOST_TRIES = 64, 12, 20


def again_while_busy(deed: Callable[[], object]) -> None:
    """As a phone does when it was answered 503: nothing was changed."""
    for _ in range(MOST_TRIES):
        with suppress(Busy):
            deed()
            return
    raise AssertionError("busy for ever")


@dataclass(kw_only=True)
class Writer:
    """Captures, edits and deletes what is its own, by chance."""

    user_id: UserId
    random: Random
    sessions: list[SessionId] = field(default_factory=list[SessionId])
    blocks: list[tuple[SessionId, BlockId]] = field(default_factory=list[tuple[SessionId, BlockId]])

    def write(self, db: Database) -> None:
        backend = Backend(db=db)
        for _ in range(WRITES):
            deed = self.random.choice([self.open, self.open, self.note, self.note, self.upload, self.edit, self.drop])
            again_while_busy(lambda deed=deed: deed(backend))

    def open(self, backend: Backend) -> None:
        self.sessions.append(backend.session(self.user_id))

    def note(self, backend: Backend) -> None:
        session_id = self.a_session(backend)
        self.blocks.append((session_id, backend.marker(self.user_id, session_id).id))

    def upload(self, backend: Backend) -> None:
        media = backend.media(self.user_id, self.a_session(backend))
        register_upload(backend.db, backend.queue, media.object_key, FACTS)

    def edit(self, backend: Backend) -> None:
        title = str(new_id())
        edit_session(backend.db, self.user_id, self.a_session(backend), title=title, language=None)
        if self.blocks:
            session_id, block_id = self.random.choice(self.blocks)
            edit_block(backend.db, backend.queue, self.user_id, session_id, block_id, text=title, metadata=None)

    def drop(self, backend: Backend) -> None:
        gone = self.a_session(backend)
        delete_session(backend.db, backend.queue, self.user_id, gone)
        self.sessions.remove(gone)
        self.blocks = [(session_id, block_id) for session_id, block_id in self.blocks if session_id != gone]

    def a_session(self, backend: Backend) -> SessionId:
        if not self.sessions:
            self.open(backend)
        return self.random.choice(self.sessions)


def test_a_phone_that_follows_sixty_four_writers_skips_nothing_and_hears_nothing_twice(
    alice: UserId, phone: Follower, many: Crowd, owner: psycopg.Connection
) -> None:
    random = chance("the phone that follows")
    writers = [Writer(user_id=alice, random=chance(f"writer {number}")) for number in range(WRITERS)]
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(many.all_at_once, [writer.write for writer in writers])
        polls = 0
        while not writing.done():
            phone.poll(limit=random.randint(1, 20))
            polls += 1
        writing.result()
    assert polls > 1
    phone.catch_up(limit=7)
    assert phone.living() == everything(owner, phone.db, alice)
    fresh = Follower(db=phone.db, user_id=alice)
    fresh.catch_up()
    assert fresh.living() == phone.living()


def test_whoever_dies_while_writing_the_phone_has_what_there_is(
    backend: Backend, alice: UserId, phone: Follower, owner: psycopg.Connection, postgres: Postgres, database_name: str
) -> None:
    """Killed after each statement of capturing, finalizing and deleting: its number is another's, or is never seen."""

    def prepare() -> Work:
        kept, dropped = backend.session(alice), backend.session(alice)
        block = backend.marker(alice, kept)
        backend.marker(alice, dropped)

        def work(db: Database) -> None:
            of_db = Backend(db=db)
            media = of_db.media(alice, kept)
            register_upload(db, of_db.queue, media.object_key, FACTS)
            edit_block(db, of_db.queue, alice, kept, block.id, text="Changed.", metadata=None)
            finalize_session(db, of_db.queue, alice, kept, ai=False)
            delete_session(db, of_db.queue, alice, dropped)

        return work

    lives: list[Life] = []
    with mortal(postgres.url(database_name, role="second_brain_app")) as process:
        for life in deaths(process, prepare):
            lives.append(life)
            phone.catch_up(limit=3)
            assert phone.living() == everything(owner, backend.db, alice), life.points
    assert not lives[-1].was_killed
    assert len(lives) > 15
