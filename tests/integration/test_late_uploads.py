"""A file that comes after its session went on without it is read all the same, for the credit that was paid."""

from datetime import timedelta

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import VendorDown, VendorRefused
from shared.ids import SessionId, UserId
from shared.media.model import MediaFile, MediaType
from shared.sessions.declare_upload import DeclaredFile, declare_upload
from shared.sessions.delete_block import delete_block
from shared.sessions.delete_session import delete_session
from shared.sessions.expire_uploads import expire_uploads
from shared.sessions.model import SessionStatus
from shared.sessions.register_upload import register_upload
from shared.sessions.stop_waiting import stop_waiting
from tests.fixtures.captured import Backend, count_of, ledger_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.recordings import recording
from tests.fixtures.sweeping import pass_time

PAID = [(3, "trial"), (-1, "session")]


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def given_up(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection, *, marker: bool = True
) -> tuple[UserId, SessionId, MediaFile]:
    """A session that waited a day for a recording, and decided to go on."""
    backend = pipeline.backend
    user_id = backend.user()
    session_id = backend.session(user_id)
    if marker:
        backend.marker(user_id, session_id)
    file = DeclaredFile(media_type=MediaType.AUDIO, content_type="audio/ogg", size_bytes=len(recording()))
    media, _ = declare_upload(backend.db, backend.store, user_id, session_id, file)
    pipeline.finalize(user_id, session_id)
    pass_time(owner, timedelta(hours=25))
    assert stop_waiting(system_db, backend.store, backend.queue) == 1
    return user_id, session_id, media


def arrives(pipeline: Pipeline, media: MediaFile) -> None:
    facts = pipeline.backend.store.put(media.object_key, recording(), "audio/ogg")
    register_upload(pipeline.backend.db, pipeline.backend.queue, media.object_key, facts)


def heard(pipeline: Pipeline, user_id: UserId, session_id: SessionId) -> list[str]:
    return sorted(block.text_content or "" for block in pipeline.backend.read(user_id, session_id).blocks)


@pytest.mark.parametrize("is_processed", [True, False])
def test_it_is_read_embedded_and_summed_up_without_another_debit(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection, *, is_processed: bool
) -> None:
    user_id, session_id, media = given_up(pipeline, system_db, owner)
    if is_processed:
        pipeline.work_off()
        assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    arrives(pipeline, media)
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert len(heard(pipeline, user_id, session_id)) == 2
    assert all(heard(pipeline, user_id, session_id))
    found = owner.execute("SELECT count(DISTINCT block_id) FROM chunks WHERE user_id = %s", [user_id]).fetchone()
    assert found == (2,)
    assert count_of(owner, "notifications", user_id) == 1
    assert ledger_of(owner, user_id) == PAID


def test_its_notice_told_five_times_has_it_read_once(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id, media = given_up(pipeline, system_db, owner)
    pipeline.work_off()
    for _ in range(5):
        arrives(pipeline, media)
    pipeline.work_off()
    assert pipeline.transcriber.calls == 1
    assert len(heard(pipeline, user_id, session_id)) == 2


def test_of_a_session_that_failed_it_is_kept_until_the_user_has_it_processed(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id, media = given_up(pipeline, system_db, owner, marker=False)
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.FAILED
    arrives(pipeline, media)
    assert pipeline.backend.queue.sent == []
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.FAILED


def test_while_its_session_is_under_way_it_fails_nothing_that_was_paid_for(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id, media = given_up(pipeline, system_db, owner)
    arrives(pipeline, media)
    pipeline.backend.queue.sent.sort(key=lambda sent: sent[0] != "transcribe")  # whatever reads it is the faster one
    pipeline.transcriber.failure = VendorDown("It is away for long.")
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert ledger_of(owner, user_id) == PAID


def test_a_session_deleted_before_any_work_is_refunded_although_a_file_came_late(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id, media = given_up(pipeline, system_db, owner)
    arrives(pipeline, media)
    delete_session(pipeline.backend.db, pipeline.backend.queue, user_id, session_id)
    assert ledger_of(owner, user_id) == [*PAID, (1, "refund")]


@pytest.mark.parametrize("is_processed", [True, False])
def test_one_that_had_expired_before_its_session_was_finalized_is_read_when_it_comes(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection, *, is_processed: bool
) -> None:
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.backend.marker(user_id, session_id)
    media = pipeline.backend.media(user_id, session_id, MediaType.AUDIO, len(recording()))
    pass_time(owner, timedelta(hours=25))
    assert expire_uploads(system_db, pipeline.backend.store, pipeline.backend.queue) == 1
    pipeline.finalize(user_id, session_id)
    if is_processed:
        pipeline.work_off()
    facts = pipeline.backend.store.put(media.object_key, recording())
    pipeline.notice(media, facts)
    pipeline.work_off()
    assert pipeline.transcriber.calls == 1
    assert all(heard(pipeline, user_id, session_id))
    assert ledger_of(owner, user_id) == PAID


def test_one_that_cannot_be_read_is_not_tried_for_ever_and_leaves_its_session_as_it_was(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id, media = given_up(pipeline, system_db, owner)
    arrives(pipeline, media)
    pipeline.transcriber.failure = VendorRefused("No.")
    pipeline.work_off()
    arrives(pipeline, media)
    assert pipeline.backend.queue.sent == []
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert pipeline.backend.read(user_id, session_id).media[0].reason == "provider_refused"
    assert ledger_of(owner, user_id) == PAID


def test_one_whose_block_was_deleted_before_it_was_read_stays_unread(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id, session_id, media = given_up(pipeline, system_db, owner)
    pipeline.work_off()
    arrives(pipeline, media)
    block = next(made for made in pipeline.backend.read(user_id, session_id).blocks if made.media_id == media.id)
    delete_block(pipeline.backend.db, user_id, session_id, block.id)
    pipeline.work_off()
    assert pipeline.transcriber.calls == 0
