"""A session processed again: what its earlier job left in the queues, or in a worker's hands, does not touch it."""

import psycopg
import pytest

from shared import telemetry
from shared.errors import VendorDown
from shared.ids import SessionId, UserId
from shared.media.model import MediaType
from shared.outbox.message import Message
from shared.sessions.edit_block import edit_block
from shared.sessions.process_session import process_session
from tests.fixtures.captured import Backend, count_of, ledger_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.recordings import recording

PAID_AGAIN = [(3, "trial"), (-1, "session"), (1, "refund"), (-1, "session")]


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def started_over(pipeline: Pipeline) -> tuple[UserId, SessionId, list[tuple[str, Message]]]:
    """A session whose summary failed, now to be processed again; and every message of its first job."""
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, recording(), MediaType.AUDIO)
    pipeline.finalize(user_id, session_id)
    pipeline.summariser.failure = VendorDown("The provider is down.", code="provider_invalid")
    old: list[tuple[str, Message]] = []
    while pipeline.backend.queue.sent:
        queue, message = pipeline.backend.queue.sent.pop(0)
        old.append((queue, message))
        pipeline.deliver_until_done(queue, message)
    pipeline.summariser.failure = None
    process_session(pipeline.backend.db, pipeline.backend.queue, user_id, session_id)
    return user_id, session_id, old


def test_late_messages_of_the_earlier_job_do_nothing(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id, old = started_over(pipeline)
    steps = pipeline.backend.read(user_id, session_id).steps
    calls = (pipeline.transcriber.calls, pipeline.embedder.calls, pipeline.summariser.calls)
    assert sorted(queue for queue, _ in old) == ["embed", "summarise", "transcribe"]
    for queue, message in old:
        pipeline.deliver(queue, message)
        pipeline.bury(message)
    assert (pipeline.transcriber.calls, pipeline.embedder.calls, pipeline.summariser.calls) == calls
    assert pipeline.backend.read(user_id, session_id).steps == steps
    assert pipeline.backend.status(user_id, session_id) == "pending_processing"

    pipeline.work_off()
    for _, message in old:
        pipeline.bury(message)
    assert pipeline.backend.status(user_id, session_id) == "processed"
    assert ledger_of(owner, user_id) == PAID_AGAIN


def test_a_dead_letter_of_an_earlier_edit_leaves_alone_what_a_later_one_set_going(pipeline: Pipeline) -> None:
    backend = pipeline.backend
    user_id = backend.user()
    session_id = backend.session(user_id)
    block = backend.marker(user_id, session_id)
    pipeline.finalize(user_id, session_id)
    pipeline.work_off()
    letters: list[Message] = []
    for version, text in enumerate(["first", "second"], start=1):
        with telemetry.correlated(f"edit {version}"):
            edit_block(
                backend.db, backend.queue, user_id, session_id, block.id, text=text, metadata=None, base_version=version
            )
        letters.append(backend.queue.sent.pop()[1])
    before = backend.read(user_id, session_id).steps
    pipeline.bury(letters[0])
    assert backend.read(user_id, session_id).steps == before
    pipeline.bury(letters[1])
    assert [step.state for step in backend.read(user_id, session_id).steps if step.block_id] == ["failed"]


def test_a_worker_of_the_earlier_job_that_comes_back_late_writes_nothing(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    """It hears its recording while its job is buried, and the session is processed again."""
    backend = pipeline.backend
    user_id = backend.user()
    session_id = backend.session(user_id)
    pipeline.upload(user_id, session_id, recording(), MediaType.AUDIO)
    pipeline.finalize(user_id, session_id)
    queue, message = backend.queue.sent.pop(0)

    def meanwhile() -> None:
        pipeline.transcriber.meanwhile = lambda: None
        pipeline.bury(message)
        process_session(backend.db, backend.queue, user_id, session_id)

    pipeline.transcriber.meanwhile = meanwhile
    pipeline.deliver(queue, message)

    (block,) = backend.read(user_id, session_id).blocks
    assert block.text_content is None
    assert backend.steps(user_id, session_id) == {"transcribe": "ready", "embed": "waiting", "summarise": "waiting"}
    assert backend.status(user_id, session_id) == "pending_processing"
    pipeline.work_off()
    assert backend.status(user_id, session_id) == "processed"
    assert count_of(owner, "ai_jobs", user_id) == 2
    assert ledger_of(owner, user_id) == PAID_AGAIN


def test_a_session_shows_the_steps_of_its_newest_job_only(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id, _ = started_over(pipeline)
    shown = pipeline.backend.read(user_id, session_id).steps
    assert [(step.kind.value, step.state.value, step.attempts) for step in shown] == [
        ("embed", "ready", 0),
        ("summarise", "ready", 0),
    ]
    assert count_of(owner, "job_steps", user_id) == 5


def test_a_session_that_fails_again_gives_back_the_second_credit_once(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, session_id, old = started_over(pipeline)
    pipeline.summariser.failure = VendorDown("The provider is down.")
    pipeline.work_off()
    for _, message in old:
        pipeline.bury(message)
    assert pipeline.backend.status(user_id, session_id) == "failed"
    assert ledger_of(owner, user_id) == [*PAID_AGAIN, (1, "refund")]
