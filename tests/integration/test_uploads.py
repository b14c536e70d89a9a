"""Uploads: declared, settled once by whoever hears of them first, never by a forged key."""

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import MediaId, SessionId, new_id
from shared.media.model import MediaStatus, MediaType, ObjectFacts
from shared.media.reject_media import reject_media
from shared.sessions.commit_upload import commit_upload
from shared.sessions.declare_upload import DeclaredFile, declare_upload
from shared.sessions.delete_session import delete_session
from shared.sessions.finalize_session import finalize_session
from shared.sessions.register_upload import register_upload
from tests.fixtures.captured import CONTENT, FACTS, SIZE, Backend, count_of
from tests.fixtures.crowds import Crowd

PENDING, UPLOADED, REJECTED = MediaStatus.PENDING, MediaStatus.UPLOADED, MediaStatus.REJECTED


def test_a_commit_before_the_upload_is_refused_and_later_accepted_however_often(backend: Backend) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))

    def commit() -> MediaStatus:
        return commit_upload(backend.db, backend.store, backend.queue, user_id, media.id).status

    with pytest.raises(Conflict) as conflict:
        commit()
    assert conflict.value.exact_code == "upload_missing"
    backend.store.put(media.object_key, CONTENT)
    assert [commit() for _ in range(3)] == [UPLOADED] * 3
    assert len(backend.read(user_id, media.session_id).blocks) == 1


@pytest.mark.parametrize(
    ("content", "content_type", "reason"),
    [(b"y" * (SIZE + 1), "audio/wav", "size_differs"), (CONTENT, "text/html", "type_differs")],
)
def test_an_object_that_is_not_the_declared_one_is_rejected_with_a_reason(
    backend: Backend, content: bytes, content_type: str, reason: str
) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))
    backend.store.put(media.object_key, content, content_type)
    for _ in range(2):
        settled = commit_upload(backend.db, backend.store, backend.queue, user_id, media.id)
        assert (settled.status, settled.reason) == (REJECTED, reason)
    backend.store.put(media.object_key, CONTENT)
    assert commit_upload(backend.db, backend.store, backend.queue, user_id, media.id).status is REJECTED
    assert backend.read(user_id, media.session_id).blocks == []


def test_five_notices_and_five_commits_at_once_have_one_effect(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))
    finalize_session(backend.db, backend.queue, user_id, media.session_id, ai=True)
    facts = backend.store.put(media.object_key, CONTENT)

    def notice(db: Database) -> None:
        register_upload(db, backend.queue, media.object_key, facts)

    def commit(db: Database) -> None:
        commit_upload(db, backend.store, backend.queue, user_id, media.id)

    many.all_at_once([notice, commit] * 5)
    assert backend.queue.names() == ["transcribe"]
    assert count_of(owner, "session_blocks", user_id) == 1
    assert backend.read(user_id, media.session_id).media[0].etag == facts.etag


@pytest.mark.parametrize(
    "key", ["", "x", "sessions/../../etc/passwd", "sessions/%s/audio/x.wav", "k\u00e9y", "a\x00b", "\ud800", "a b+c"]
)
def test_an_object_nobody_declared_has_no_effect(backend: Backend, owner: psycopg.Connection, key: str) -> None:
    backend.media(backend.user(), backend.session(backend.user()))
    register_upload(backend.db, backend.queue, key, FACTS)
    assert owner.execute("SELECT status FROM media_files").fetchall() == [("pending",)]


def test_a_key_forged_from_real_ids_has_no_effect(backend: Backend) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))
    forged = f"sessions/{media.session_id}/audio/{new_id()}.wav"
    register_upload(backend.db, backend.queue, forged, FACTS)
    assert backend.read(user_id, media.session_id).media[0].status is PENDING


def test_a_notice_that_comes_after_the_session_was_deleted_has_no_effect(
    backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))
    delete_session(backend.db, backend.queue, user_id, media.session_id)
    register_upload(backend.db, backend.queue, media.object_key, FACTS)
    assert count_of(owner, "session_blocks", user_id) == 0


def test_a_later_notice_of_other_bytes_changes_nothing(backend: Backend) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))
    register_upload(backend.db, backend.queue, media.object_key, FACTS)
    other = ObjectFacts(size_bytes=SIZE + 5, etag="e2")
    register_upload(backend.db, backend.queue, media.object_key, other)
    settled = backend.read(user_id, media.session_id).media[0]
    assert (settled.status, settled.etag) == (UPLOADED, FACTS.etag)


def test_a_file_is_declared_in_an_open_session_only(backend: Backend) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    with pytest.raises(Conflict):
        backend.media(user_id, session_id)


def renew(backend: Backend, user_id: Any, session_id: Any, media_id: MediaId, **changes: Any) -> Any:
    declared: dict[str, Any] = {
        "media_type": MediaType.AUDIO,
        "content_type": "audio/wav",
        "size_bytes": SIZE,
        **changes,
    }
    file = DeclaredFile(**declared, media_id=media_id)
    return declare_upload(backend.db, backend.store, user_id, session_id, file)


def test_a_permission_is_renewed_for_the_same_file_also_after_finalize(backend: Backend) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))
    finalize_session(backend.db, backend.queue, user_id, media.session_id, ai=True)
    renewed, upload = renew(backend, user_id, media.session_id, media.id)
    assert renewed == media
    assert media.object_key in upload.url
    for change in ({"size_bytes": SIZE + 1}, {"content_type": "audio/flac"}, {"sha256": "0" * 64}):
        with pytest.raises(Invalid):
            renew(backend, user_id, media.session_id, media.id, **change)


def test_a_permission_is_not_renewed_once_settled_nor_for_strangers(backend: Backend) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    media = backend.media(alice, backend.session(alice))
    for user_id, session_id, media_id in (
        (bob, media.session_id, media.id),
        (bob, media.session_id, MediaId(new_id())),
    ):
        with pytest.raises(NotFound):
            renew(backend, user_id, session_id, media_id)
    with pytest.raises(Invalid):
        renew(backend, alice, backend.session(alice), media.id)
    register_upload(backend.db, backend.queue, media.object_key, FACTS)
    with pytest.raises(Conflict):
        renew(backend, alice, media.session_id, media.id)


@pytest.mark.parametrize("sessions", [1, 4])
def test_twenty_declarations_of_one_id_at_once_are_one_file(
    backend: Backend, many: Crowd, owner: psycopg.Connection, sessions: int
) -> None:
    user_id = backend.user()
    session_ids = [backend.session(user_id) for _ in range(sessions)]
    media_id = MediaId(new_id())
    file = DeclaredFile(media_type=MediaType.AUDIO, content_type="audio/wav", size_bytes=SIZE, media_id=media_id)

    def declare(session_id: SessionId) -> Callable[[Database], str | None]:
        def attempt(db: Database) -> str | None:
            try:
                return declare_upload(db, backend.store, user_id, session_id, file)[0].object_key
            except Invalid:
                return None

        return attempt

    keys = many.all_at_once(declare(session_ids[n % sessions]) for n in range(20))
    stored = owner.execute("SELECT object_key FROM media_files WHERE user_id = %s", [user_id]).fetchall()
    assert len(stored) == 1
    assert [key for key in keys if key is not None] == [stored[0][0]] * (20 // sessions)


def test_a_media_file_rejected_by_a_worker_says_why(backend: Backend) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))
    register_upload(backend.db, backend.queue, media.object_key, FACTS)
    with backend.db.transaction(user_id) as tx:
        reject_media(tx, user_id, media.id, "media_unreadable")
    rejected = backend.read(user_id, media.session_id).media[0]
    assert (rejected.status, rejected.reason, rejected.etag) == (REJECTED, "media_unreadable", FACTS.etag)


def test_deleting_a_session_announces_its_objects_and_removes_all_that_hangs_on_it(
    backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    keys = [backend.media(user_id, session_id).object_key for _ in range(3)]
    backend.marker(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    backend.queue.clear()
    delete_session(backend.db, backend.queue, user_id, session_id)
    (message,) = backend.queue.sent_to("discard-objects")
    assert sorted(message.body["object_keys"]) == sorted(keys)
    for table in ("sessions", "session_blocks", "media_files", "ai_jobs", "job_steps"):
        assert count_of(owner, table, user_id) == 0
    with pytest.raises(NotFound):
        delete_session(backend.db, backend.queue, user_id, session_id)


def test_the_objects_of_a_large_session_go_in_messages_a_queue_takes(
    backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    owner.execute(
        """
        INSERT INTO media_files (user_id, id, session_id, type, object_key, content_type, size_bytes)
        SELECT %s, gen_random_uuid(), %s, 'audio', 'sessions/' || repeat('k', 90) || n, 'audio/wav', 1
        FROM generate_series(1, 3000) n
        """,
        [user_id, session_id],
    )
    delete_session(backend.db, backend.queue, user_id, session_id)
    bodies = [message.body for message in backend.queue.sent_to("discard-objects")]
    assert sum(len(body["object_keys"]) for body in bodies) == 3000
    assert max(len(json.dumps(body)) for body in bodies) < 25_000  # ten of them in one call of 256 KiB
