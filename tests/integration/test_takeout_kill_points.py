"""Exports and imports whose worker dies after any statement, and around any call outside: a sweep makes them whole."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.ids import UserId
from shared.media.model import MediaType
from shared.media.s3_store import S3Store
from shared.outbox.message import Message
from shared.outbox.publish_overdue import publish_overdue
from shared.sessions.foresee_discard import FORESEEN_FOR
from shared.takeout.announce_unheard_transfers import SILENT_FOR, announce_unheard_transfers
from shared.takeout.export_account import export_account
from shared.takeout.import_account import import_account
from shared.takeout.model import EXPORT_QUEUE, IMPORT_QUEUE, TransferId, TransferState
from shared.takeout.read_export import read_export
from shared.takeout.read_import import read_import
from tests.fakes.bucket_like import BucketLike, bucket_like
from tests.fakes.sqs_like import SqsLike, sqs_like
from tests.fixtures.captured import SIZE, Backend, count_of
from tests.fixtures.kill_points import Life, Mortal, Work, mortal
from tests.fixtures.object_store import store_at
from tests.fixtures.sweeping import pass_time
from tests.fixtures.taking_out import Traveller, files_of

_NAMES = (f"user-{number}" for number in count())
_READS = ("BEGIN", "CLOSE", "DECLARE", "FETCH", "SELECT")
"""Statements that write nothing: a death after one of them leaves what one after the point before it leaves."""


@pytest.fixture(autouse=True)
def what_the_dead_leave(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a folder of this test's own: nobody tidies up after a kill."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def process(postgres: Postgres, database_name: str) -> Iterator[Mortal]:
    with mortal(postgres.url(database_name, role="second_brain_app")) as process:
        yield process


@pytest.fixture
def bucket(process: Mortal) -> Iterator[BucketLike]:
    with bucket_like(process.passed) as bucket:
        yield bucket


@pytest.fixture
def queues(process: Mortal) -> Iterator[SqsLike]:
    with sqs_like() as queues:
        queues.told = process.passed
        yield queues


def captured(backend: Backend, owner: psycopg.Connection, bucket: BucketLike) -> Traveller:
    """Somebody with a processed session of a recording and a note."""
    user_id = backend.user(next(_NAMES))
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id, MediaType.AUDIO)
    bucket.put(media.object_key, b"x" * SIZE)
    backend.marker(user_id, session_id, "A note.")
    owner.execute("UPDATE media_files SET status = 'uploaded', uploaded_at = now() WHERE user_id = %s", [user_id])
    owner.execute("UPDATE sessions SET status = 'processed' WHERE user_id = %s", [user_id])
    return Traveller(backend=backend, user_id=user_id)


def lives(process: Mortal, prepare: Callable[[], Work]) -> Iterator[Life]:
    """A whole life, then one for each point that may leave something behind."""
    whole = process.run(prepare())
    yield whole
    for number, point in enumerate(whole.points, start=1):
        if point and not point.startswith(_READS):  # none: the client asks what a cursor will give
            yield process.run(prepare(), kill_at=number)


def sweep(system_db: Database, owner: psycopg.Connection, queues: SqsLike) -> None:
    pass_time(owner, SILENT_FOR + timedelta(minutes=1))
    announce_unheard_transfers(system_db, queues.queue())
    publish_overdue(system_db, queues.queue())


def messages(queues: SqsLike, name: str, user_id: UserId) -> list[Message]:
    return [message for queue, message in queues.sent if queue == name and message.user_id == user_id]


def discard(store: S3Store, queues: SqsLike) -> None:
    for message in [message for queue, message in queues.sent if queue == "discard-objects"]:
        store.discard(message.body["object_keys"])


def assert_brought_once(owner: psycopg.Connection, bucket: BucketLike, user_id: UserId) -> None:
    tables = ("sessions", "session_blocks", "media_files", "ai_jobs", "job_steps")
    assert [count_of(owner, table, user_id) for table in tables] == [1, 1, 1, 1, 2]
    [(key,)] = owner.execute("SELECT object_key FROM media_files WHERE user_id = %s", [user_id]).fetchall()
    assert bucket.objects[key] == b"x" * SIZE
    assert not [key for key in bucket.objects if key.startswith("imports/")]


def test_an_export_that_dies_anywhere_is_made_whole_by_a_sweep_and_leaves_one_zip(
    backend: Backend,
    process: Mortal,
    bucket: BucketLike,
    queues: SqsLike,
    system_db: Database,
    owner: psycopg.Connection,
) -> None:
    store = store_at(bucket.url)
    people: list[Traveller] = []

    def prepare() -> Work:
        queues.sent.clear()
        people.append(captured(backend, owner, bucket))
        wanted = read_export(backend.db, store, backend.queue, people[-1].user_id).transfer
        user_id, transfer_id = people[-1].user_id, wanted.id
        return lambda db: export_account(
            db, store_at(bucket.url), queues.queue(), user_id=user_id, transfer_id=transfer_id
        )

    died = 0
    for life in lives(process, prepare):
        died += life.was_killed
        user_id = people[-1].user_id
        sweep(system_db, owner, queues)
        for message in messages(queues, EXPORT_QUEUE, user_id):
            transfer_id = TransferId(UUID(message.body["transfer_id"]))
            export_account(backend.db, store, queues.queue(), user_id=user_id, transfer_id=transfer_id)
        discard(store, queues)
        found = read_export(backend.db, store, backend.queue, user_id).transfer
        assert found.state is TransferState.READY, life.points
        zips = [key for key in bucket.objects if key.startswith("exports/")]
        assert zips == [found.object_key], life.points
        files = files_of(bucket.objects[found.object_key or ""])
        assert sum(path.startswith(("media/", "notes/")) for path in files) == 2
        del bucket.objects[found.object_key or ""]
    assert died >= 10


def test_an_import_that_dies_anywhere_goes_on_after_a_sweep_and_brings_everything_once(
    backend: Backend,
    process: Mortal,
    bucket: BucketLike,
    queues: SqsLike,
    system_db: Database,
    owner: psycopg.Connection,
) -> None:
    store = store_at(bucket.url)
    alice = captured(backend, owner, bucket)
    backend.store.objects.clear()
    for key, content in bucket.objects.items():
        backend.store.put(key, content)
    exported = alice.export()
    people: list[tuple[UserId, TransferId]] = []

    def prepare() -> Work:
        queues.sent.clear()
        bob = Traveller(backend=backend, user_id=backend.user(next(_NAMES)))
        wanted = bob.declare(exported)
        bob.start(wanted.id)
        bucket.put(wanted.object_key or "", exported)
        people.append((bob.user_id, wanted.id))
        return lambda db: import_account(
            db, store_at(bucket.url), queues.queue(), user_id=bob.user_id, transfer_id=wanted.id
        )

    died = 0
    for life in lives(process, prepare):
        died += life.was_killed
        user_id, transfer_id = people[-1]
        sweep(system_db, owner, queues)
        for message in messages(queues, IMPORT_QUEUE, user_id):
            transfer_id = TransferId(UUID(message.body["transfer_id"]))
            import_account(backend.db, store, queues.queue(), user_id=user_id, transfer_id=transfer_id)
        pass_time(owner, FORESEEN_FOR)  # then what the dead one had stored is discarded
        sweep(system_db, owner, queues)
        discard(store, queues)
        found = read_import(backend.db, user_id, transfer_id)
        assert found.state is TransferState.COMPLETED, life.points
        assert_brought_once(owner, bucket, user_id)
        assert messages(queues, "embed", user_id)
        named = {row[0] for row in owner.execute("SELECT object_key FROM media_files").fetchall()}
        assert set(bucket.objects) <= named, life.points
    assert died >= 20
