"""Processing a session later: one debit, one new job, and nothing of an earlier one in its way."""

from collections import Counter

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import OutOfCredits, VendorDown
from shared.ids import SessionId, UserId
from shared.media.model import MediaType
from shared.sessions.edit_block import edit_block
from shared.sessions.finalize_session import finalize_session
from shared.sessions.model import BlockType
from shared.sessions.process_session import process_session
from shared.sessions.register_upload import register_upload
from shared.sessions.write_block_text import write_block_text
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import CONTENT, Backend, count_of, ledger_of, set_credits
from tests.fixtures.crowds import Crowd
from tests.fixtures.enriching import Pipeline
from tests.fixtures.pictures import picture
from tests.fixtures.recordings import recording

PAID = [(3, "trial"), (-1, "session")]
REFUNDED = [*PAID, (1, "refund")]
PAID_AGAIN = [*REFUNDED, (-1, "session")]
DOWN = VendorDown("The provider is down.")


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def process(backend: Backend, user_id: UserId, session_id: SessionId) -> None:
    process_session(backend.db, backend.queue, user_id, session_id)


def kept_raw(backend: Backend, user_id: UserId, text: str = "Milk.") -> SessionId:
    """A session with a marker, finalized without a debit."""
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id, text)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=False)
    return session_id


def failed(pipeline: Pipeline, part: str) -> tuple[UserId, SessionId]:
    """A session with a recording, a picture and a marker that failed because `part` was down; it is up again."""
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, recording(), MediaType.AUDIO)
    pipeline.upload(user_id, session_id, picture(), MediaType.IMAGE)
    pipeline.backend.marker(user_id, session_id, "Milk.")
    pipeline.finalize(user_id, session_id)
    provider = getattr(pipeline, part)
    provider.failure = DOWN
    pipeline.work_off()
    provider.failure = None
    assert pipeline.backend.status(user_id, session_id) == "failed"
    return user_id, session_id


def test_a_session_without_credits_is_processed_when_there_are_some(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    backend = pipeline.backend
    user_id = backend.user()
    set_credits(owner, user_id, 0)
    session_id = backend.session(user_id)
    pipeline.upload(user_id, session_id, recording(), MediaType.AUDIO)
    pipeline.finalize(user_id, session_id)
    before = backend.read(user_id, session_id).session
    set_credits(owner, user_id, 1)

    process(backend, user_id, session_id)

    session = backend.read(user_id, session_id).session
    assert (session.status, session.finalized_as) == ("pending_processing", "no_credits")
    assert session.finalized_at == before.finalized_at
    assert backend.steps(user_id, session_id) == {"transcribe": "ready", "embed": "waiting", "summarise": "waiting"}
    assert backend.queue.names() == ["transcribe"]
    pipeline.work_off()
    assert backend.status(user_id, session_id) == "processed"
    assert ledger_of(owner, user_id)[-2:] == [(1, "test"), (-1, "session")]


def test_a_session_that_was_kept_raw_goes_straight_on_to_its_text(pipeline: Pipeline) -> None:
    user_id = pipeline.backend.user()
    session_id = kept_raw(pipeline.backend, user_id)
    process(pipeline.backend, user_id, session_id)
    assert sorted(pipeline.backend.queue.names()) == ["embed", "summarise"]
    pipeline.work_off()
    session = pipeline.backend.read(user_id, session_id).session
    assert (session.status, session.finalized_as) == ("processed", "raw_only")
    assert session.ai_summary


@pytest.mark.parametrize("part", ["transcriber", "describer", "embedder", "summariser"])
def test_a_failed_session_is_processed_without_reading_again_what_was_read(
    pipeline: Pipeline, owner: psycopg.Connection, part: str
) -> None:
    user_id, session_id = failed(pipeline, part)
    before = pipeline.backend.read(user_id, session_id)
    unread = Counter(block.block_type for block in before.blocks if block.text_content is None)
    readings = (pipeline.transcriber.calls, pipeline.describer.calls)

    process(pipeline.backend, user_id, session_id)
    session = pipeline.backend.read(user_id, session_id).session
    assert (session.status, session.failure_reason, session.processed_at) == ("pending_processing", None, None)
    pipeline.work_off()

    assert pipeline.backend.status(user_id, session_id) == "processed"
    assert (pipeline.transcriber.calls, pipeline.describer.calls) == (
        readings[0] + unread[BlockType.VOICE],
        readings[1] + unread[BlockType.IMAGE],
    )
    assert count_of(owner, "chunks", user_id) == 3
    assert ledger_of(owner, user_id) == PAID_AGAIN


def test_vectors_an_earlier_job_left_behind_are_kept_once(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id = failed(pipeline, "summariser")
    left = owner.execute("SELECT id, text FROM chunks ORDER BY id").fetchall()
    vectors = count_of(owner, "chunk_vectors", user_id)
    assert left
    process(pipeline.backend, user_id, session_id)
    pipeline.work_off()
    assert owner.execute("SELECT id, text FROM chunks ORDER BY id").fetchall() == left
    assert count_of(owner, "chunk_vectors", user_id) == vectors


def test_a_text_that_was_changed_after_the_failure_is_what_is_embedded(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, session_id = failed(pipeline, "summariser")
    backend = pipeline.backend
    voice = next(block for block in backend.read(user_id, session_id).blocks if block.block_type == "voice")
    edit_block(backend.db, backend.queue, user_id, session_id, voice.id, text="Tea.", metadata=None)
    process(backend, user_id, session_id)
    pipeline.work_off()
    chunks = owner.execute("SELECT text FROM chunks WHERE block_id = %s", [voice.id]).fetchall()
    assert chunks == [("Tea.",)]


@pytest.mark.parametrize("text", ["Written by hand.", ""])
def test_what_the_user_wrote_on_a_recording_is_not_read_over(pipeline: Pipeline, text: str) -> None:
    user_id, session_id = failed(pipeline, "transcriber")
    backend = pipeline.backend
    voice = next(block for block in backend.read(user_id, session_id).blocks if block.block_type == "voice")
    assert voice.text_content is None
    assert voice.media_id is not None
    edit_block(backend.db, backend.queue, user_id, session_id, voice.id, text=text, metadata=None)
    heard = pipeline.transcriber.calls
    process(backend, user_id, session_id)
    pipeline.work_off()
    assert pipeline.transcriber.calls == heard

    with backend.db.transaction(user_id) as tx:
        write_block_text(tx, user_id, voice.media_id, text="Misheard.", origin="fake-speech", segments=())

    after = next(block for block in backend.read(user_id, session_id).blocks if block.id == voice.id)
    assert (after.text_content, after.text_origin) == (text, "user")
    assert backend.status(user_id, session_id) == "processed"


def test_an_upload_still_on_its_way_is_waited_for(pipeline: Pipeline) -> None:
    backend = pipeline.backend
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=False)
    process(backend, user_id, session_id)
    waiting = backend.step(user_id, session_id, "transcribe")
    assert (waiting.state, waiting.reason) == ("waiting", "upload")
    assert backend.queue.sent == []
    register_upload(backend.db, backend.queue, media.object_key, backend.store.put(media.object_key, CONTENT))
    assert backend.queue.names() == ["transcribe"]


def test_a_thousand_at_once_are_one_debit_and_one_job(backend: Backend, many: Crowd, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = kept_raw(backend, user_id)
    queue = MemoryQueue()

    many.all_at_once([lambda db: process_session(db, queue, user_id, session_id)] * 1_000)

    assert ledger_of(owner, user_id) == PAID
    assert count_of(owner, "ai_jobs", user_id) == 1
    assert count_of(owner, "job_steps", user_id) == 2
    assert sorted(queue.names()) == ["embed", "summarise"]


def test_two_credits_process_two_of_ten_sessions_at_once(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, 2)
    sessions = [kept_raw(backend, user_id) for _ in range(10)]

    def one(db: Database, session_id: SessionId) -> str:
        try:
            process_session(db, MemoryQueue(), user_id, session_id)
        except OutOfCredits as refused:
            return refused.exact_code
        return "started"

    answers = many.all_at_once([lambda db, session_id=session_id: one(db, session_id) for session_id in sessions])
    assert Counter(answers) == {"started": 2, "credits_insufficient": 8}
    statuses = Counter(backend.status(user_id, session_id) for session_id in sessions)
    assert statuses == {"pending_processing": 2, "raw_only": 8}
    assert ledger_of(owner, user_id)[-2:] == [(-1, "session")] * 2
