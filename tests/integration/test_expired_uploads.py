"""Files that do not come in time are marked, and taken all the same when they come later."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database, Transaction
from shared.errors import VendorDown
from shared.ids import MediaId, SessionId, UserId
from shared.media.model import MediaFile, MediaStatus, MediaType
from shared.media.parts import PART_BYTES
from shared.media.permit_parts import SignedParts
from shared.sessions.commit_upload import commit_upload
from shared.sessions.declare_upload import DeclaredFile, declare_upload
from shared.sessions.delete_session import delete_session
from shared.sessions.expire_uploads import expire_uploads
from shared.sessions.finalize_session import finalize_session
from shared.sessions.register_upload import register_upload
from shared.sessions.stop_waiting import stop_waiting
from tests.fixtures.captured import CONTENT, SIZE, Backend
from tests.fixtures.sweeping import pass_time

LARGE = 2 * PART_BYTES + 1
A_DAY = timedelta(hours=24, minutes=1)


def state_of(backend: Backend, media: MediaFile) -> tuple[str, str | None]:
    found = next(known for known in backend.read(media.user_id, media.session_id).media if known.id == media.id)
    return found.status.value, found.reason


def declare(
    backend: Backend, user_id: UserId, session_id: SessionId, size: int, media_id: MediaId | None = None
) -> MediaFile:
    file = DeclaredFile(media_type=MediaType.AUDIO, content_type="audio/wav", size_bytes=size, media_id=media_id)
    return declare_upload(backend.db, backend.store, user_id, session_id, file)[0]


@pytest.mark.parametrize("is_finalized", [False, True])
@pytest.mark.parametrize("size", [SIZE, LARGE], ids=["whole", "parts"])
def test_a_file_that_does_not_come_within_a_day_is_marked_and_its_parts_forgotten(
    backend: Backend, system_db: Database, owner: psycopg.Connection, *, size: int, is_finalized: bool
) -> None:
    user_id = backend.user()
    media = declare(backend, user_id, backend.session(user_id), size)
    if is_finalized:
        finalize_session(backend.db, backend.queue, user_id, media.session_id, ai=True)
    pass_time(owner, timedelta(hours=23))
    assert expire_uploads(system_db, backend.store, backend.queue) == 0
    pass_time(owner, timedelta(hours=2))
    if is_finalized:  # its session still waits, and says so
        assert expire_uploads(system_db, backend.store, backend.queue) == 0
        assert stop_waiting(system_db, backend.store, backend.queue) == 1
    assert expire_uploads(system_db, backend.store, backend.queue) == 1
    assert state_of(backend, media) == ("rejected", "expired")
    assert backend.store.under_way == {}
    assert expire_uploads(system_db, backend.store, backend.queue) == 0


def test_a_permission_that_was_renewed_begins_another_day(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    media = declare(backend, user_id, backend.session(user_id), SIZE)
    pass_time(owner, timedelta(hours=23))
    declare(backend, user_id, media.session_id, SIZE, media.id)
    pass_time(owner, timedelta(hours=23))
    assert expire_uploads(system_db, backend.store, backend.queue) == 0
    assert state_of(backend, media) == ("pending", None)
    pass_time(owner, timedelta(hours=2))
    assert expire_uploads(system_db, backend.store, backend.queue) == 1


def test_before_a_file_is_marked_the_bucket_is_asked_once_more(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    whole, in_parts = (declare(backend, user_id, session_id, size) for size in (SIZE, LARGE))
    backend.store.put(whole.object_key, CONTENT)
    ((key, upload_id),) = backend.store.under_way
    for number, size in enumerate((PART_BYTES, PART_BYTES, 1), start=1):
        backend.store.put_part(key, upload_id, number, bytes(size))
    pass_time(owner, A_DAY)
    assert expire_uploads(system_db, backend.store, backend.queue) == 2
    assert [state_of(backend, media) for media in (whole, in_parts)] == [("uploaded", None)] * 2


def test_a_bucket_that_is_down_marks_nothing(backend: Backend, system_db: Database, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    media = declare(backend, user_id, backend.session(user_id), SIZE)
    pass_time(owner, A_DAY)
    backend.store.is_down = True
    with pytest.raises(VendorDown):
        expire_uploads(system_db, backend.store, backend.queue)
    assert state_of(backend, media) == ("pending", None)


def expired(backend: Backend, system_db: Database, owner: psycopg.Connection, size: int = SIZE) -> MediaFile:
    user_id = backend.user()
    media = declare(backend, user_id, backend.session(user_id), size)
    pass_time(owner, A_DAY)
    assert expire_uploads(system_db, backend.store, backend.queue) == 1
    return media


def test_an_object_that_comes_after_all_is_taken_by_its_notice(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    media = expired(backend, system_db, owner)
    register_upload(backend.db, backend.queue, media.object_key, backend.store.put(media.object_key, CONTENT))
    assert state_of(backend, media) == ("uploaded", None)
    assert [block.media_id for block in backend.read(media.user_id, media.session_id).blocks] == [media.id]


def test_an_object_that_comes_after_all_is_taken_by_a_commit(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    media = expired(backend, system_db, owner)

    def commit() -> MediaFile:
        return commit_upload(backend.db, backend.store, backend.queue, media.user_id, media.id)

    assert (commit().status, commit().reason) == (MediaStatus.REJECTED, "expired")
    backend.store.put(media.object_key, CONTENT)
    assert [commit().status for _ in range(2)] == [MediaStatus.UPLOADED] * 2


@pytest.mark.parametrize("is_finalized", [False, True])
@pytest.mark.parametrize("size", [SIZE, LARGE], ids=["whole", "parts"])
def test_a_phone_that_comes_back_is_waited_for_again(
    backend: Backend, system_db: Database, owner: psycopg.Connection, *, size: int, is_finalized: bool
) -> None:
    media = expired(backend, system_db, owner, size)
    if is_finalized:
        finalize_session(backend.db, backend.queue, media.user_id, media.session_id, ai=True)
    file = DeclaredFile(media_type=MediaType.AUDIO, content_type="audio/wav", size_bytes=size, media_id=media.id)
    again, upload = declare_upload(backend.db, backend.store, media.user_id, media.session_id, file)
    assert (again.object_key, again.status) == (media.object_key, MediaStatus.PENDING)
    assert expire_uploads(system_db, backend.store, backend.queue) == 0
    if isinstance(upload, SignedParts):
        assert [signed.part.number for signed in upload.missing] == [1, 2, 3]


def test_deleting_a_session_announces_its_uploads_under_way(backend: Backend) -> None:
    user_id = backend.user()
    media = declare(backend, user_id, backend.session(user_id), LARGE)
    ((key, upload_id),) = backend.store.under_way
    delete_session(backend.db, backend.queue, user_id, media.session_id)
    bodies = [message.body for message in backend.queue.sent_to("discard-objects")]
    assert bodies == [
        {"object_keys": [media.object_key]},
        {"object_keys": [], "uploads": [{"object_key": key, "upload_id": upload_id}]},
    ]


class SlowPhone(Database):
    """The database of a request that is held up right before its COMMIT."""

    def __init__(self, url: str, meanwhile: Callable[[], object]) -> None:
        super().__init__(url)
        self._meanwhile = meanwhile

    @contextmanager
    def transaction(
        self, user_id: UserId | None, *, may_be_lost: bool = False, is_snapshot: bool = False
    ) -> Generator[Transaction]:
        with super().transaction(user_id, may_be_lost=may_be_lost, is_snapshot=is_snapshot) as tx:
            yield tx
            self._meanwhile()


@pytest.mark.parametrize("size", [SIZE, LARGE], ids=["whole", "parts"])
def test_a_file_does_not_expire_while_its_permission_is_being_renewed(
    backend: Backend, system_db: Database, owner: psycopg.Connection, postgres: Postgres, database_name: str, size: int
) -> None:
    user_id = backend.user()
    media = declare(backend, user_id, backend.session(user_id), size)
    pass_time(owner, A_DAY)
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    sweep = Thread(target=expire_uploads, args=(system_db, backend.store, backend.queue))

    def sweeps() -> None:
        if sweep.ident is None:
            sweep.start()
            while sweep.is_alive() and owner.execute(waiting).fetchone() is None:
                sweep.join(timeout=0.01)

    phone = SlowPhone(postgres.url(database_name, role="second_brain_app"), sweeps)
    file = DeclaredFile(media_type=MediaType.AUDIO, content_type="audio/wav", size_bytes=size, media_id=media.id)
    declare_upload(phone, backend.store, user_id, media.session_id, file)
    sweep.join()
    phone.close()
    assert state_of(backend, media) == ("pending", None)
    assert len(backend.store.under_way) == (1 if size == LARGE else 0)
