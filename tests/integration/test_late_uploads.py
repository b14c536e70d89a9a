"""A file that comes after its session went on without it is read all the same, for the credit that was paid."""

from datetime import timedelta

import psycopg
import pytest

from shared.db.connection import Database
from shared.ids import SessionId, UserId
from shared.media.model import MediaFile, MediaType
from shared.sessions.declare_upload import DeclaredFile, declare_upload
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
