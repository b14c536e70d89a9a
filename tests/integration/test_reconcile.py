"""Reconcile as the pipeline moves on: what is said of a file is what has become of it."""

import psycopg

from shared.ids import UserId
from shared.media.model import MediaFile, MediaType
from shared.sessions.register_upload import register_upload
from shared.sync.holding import HeldItem, HeldState
from shared.sync.model import ThingKind
from shared.sync.reconcile_items import reconcile_items
from tests.fixtures.captured import FACTS, Backend
from tests.fixtures.enriching import Pipeline
from tests.fixtures.pictures import picture
from tests.fixtures.recordings import recording


def told_of(backend: Backend, user_id: UserId, media: MediaFile) -> tuple[HeldState, str | None]:
    item = HeldItem(kind=ThingKind.MEDIA, id=media.id, size_bytes=media.size_bytes)
    (verdict,) = reconcile_items(backend.db, user_id, [item])
    return verdict.state, verdict.reason


def test_a_file_is_stored_then_processing_then_done(backend: Backend) -> None:
    pipeline = Pipeline(backend=backend)
    user_id = backend.user()
    session_id = backend.session(user_id)
    sound = pipeline.upload(user_id, session_id, recording(), MediaType.AUDIO)
    seen = pipeline.upload(user_id, session_id, picture(), MediaType.IMAGE)
    told = [(told_of(backend, user_id, sound), told_of(backend, user_id, seen))]
    pipeline.finalize(user_id, session_id)
    told.append((told_of(backend, user_id, sound), told_of(backend, user_id, seen)))
    pipeline.work_off()
    told.append((told_of(backend, user_id, sound), told_of(backend, user_id, seen)))
    steps = [(HeldState.STORED, "open"), (HeldState.PROCESSING, None), (HeldState.DONE, None)]
    assert told == [(step, step) for step in steps]


def test_a_false_file_has_failed_while_its_session_is_done(backend: Backend) -> None:
    pipeline = Pipeline(backend=backend)
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    false = pipeline.upload(user_id, session_id, b"no sound at all", MediaType.AUDIO)
    pipeline.finalize(user_id, session_id)
    pipeline.work_off()
    assert told_of(backend, user_id, false) == (HeldState.FAILED, "not_audio")
    (session,) = reconcile_items(backend.db, user_id, [HeldItem(kind=ThingKind.SESSION, id=session_id)])
    assert session.state is HeldState.DONE


def test_a_file_that_came_after_its_session_went_on_is_stored_and_not_done(
    backend: Backend, owner: psycopg.Connection
) -> None:
    """Its step was skipped at the deadline: saying `done` would tell the phone that its words are in the text."""
    pipeline = Pipeline(backend=backend)
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    late = backend.media(user_id, session_id)
    pipeline.finalize(user_id, session_id)
    owner.execute(
        "UPDATE job_steps SET state = 'skipped', reason = 'upload_never_arrived' WHERE state = 'waiting'"
        " AND media_id = %s",
        [late.id],
    )
    owner.execute("UPDATE sessions SET status = 'processed', processed_at = now() WHERE id = %s", [session_id])
    assert told_of(backend, user_id, late) == (HeldState.MISSING, "not_uploaded")
    register_upload(backend.db, backend.queue, late.object_key, FACTS)
    assert told_of(backend, user_id, late) == (HeldState.STORED, "not_processed")
