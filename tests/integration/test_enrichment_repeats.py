from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import SessionId, StepId, UserId, new_id
from shared.media.model import MediaType
from shared.outbox.message import Message
from shared.sessions.delete_session import delete_session
from shared.sessions.model import BlockType, SessionStatus
from tests.fixtures.captured import Backend, count_of, ledger_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.recordings import recording

PAID = [(3, "trial"), (-1, "session")]
REFUNDED = [*PAID, (1, "refund")]


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def spoken(pipeline: Pipeline) -> tuple[UserId, SessionId, str, Message]:
    """A finalized session with a voice note and a marker, and the message that wakes its transcriber."""
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, recording(), MediaType.AUDIO)
    pipeline.backend.marker(user_id, session_id, "Milk.")
    pipeline.finalize(user_id, session_id)
    queue, message = pipeline.backend.queue.sent.pop(0)
    return user_id, session_id, queue, message


def text_of_voice(pipeline: Pipeline, user_id: UserId, session_id: SessionId) -> str | None:
    blocks = pipeline.backend.read(user_id, session_id).blocks
    return next(block.text_content for block in blocks if block.block_type is BlockType.VOICE)


def end_lease(owner: psycopg.Connection, session_id: SessionId) -> None:
    """As if 330 seconds had passed."""
    owner.execute(
        "UPDATE job_steps SET lease_until = now() - interval '1 s' WHERE session_id = %s AND state = 'running'",
        [session_id],
    )


def test_each_message_delivered_five_times_has_the_effect_of_one(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id, queue, message = spoken(pipeline)
    pipeline.backend.queue.sent.append((queue, message))
    delivered = 0
    while pipeline.backend.queue.sent:
        queue, message = pipeline.backend.queue.sent.pop(0)
        for _ in range(5):
            pipeline.deliver(queue, message)
        delivered += 1
    assert delivered == 3
    assert (pipeline.transcriber.calls, pipeline.embedder.calls, pipeline.summariser.calls) == (1, 1, 1)
    assert count_of(owner, "ai_usage", user_id) == 3
    assert count_of(owner, "chunks", user_id) == 2
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert ledger_of(owner, user_id) == PAID


def test_a_message_for_a_step_another_worker_holds_is_forgotten(pipeline: Pipeline) -> None:
    user_id, session_id, queue, message = spoken(pipeline)

    def deliver_again() -> None:
        pipeline.transcriber.meanwhile = lambda: None
        pipeline.deliver(queue, message)

    pipeline.transcriber.meanwhile = deliver_again

    pipeline.deliver(queue, message)
    assert pipeline.transcriber.calls == 1
    assert pipeline.backend.step(user_id, session_id, "transcribe").attempts == 1


def test_a_worker_that_lost_its_lease_writes_only_what_its_call_cost(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, session_id, queue, message = spoken(pipeline)

    def taken_over() -> None:
        end_lease(owner, session_id)
        pipeline.backend.claim(user_id, pipeline.backend.step(user_id, session_id, "transcribe").id)

    pipeline.transcriber.meanwhile = taken_over
    pipeline.deliver(queue, message)
    assert text_of_voice(pipeline, user_id, session_id) is None
    assert count_of(owner, "ai_usage", user_id) == 1
    assert count_of(owner, "spend_reservations", user_id) == 1  # for the call of the worker that took over
    assert pipeline.backend.queue.sent == []
    assert pipeline.backend.step(user_id, session_id, "transcribe").state == "running"


def test_a_failure_of_a_worker_that_lost_its_lease_is_none(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id, queue, message = spoken(pipeline)

    def taken_over() -> None:
        end_lease(owner, session_id)
        pipeline.backend.claim(user_id, pipeline.backend.step(user_id, session_id, "transcribe").id)

    pipeline.transcriber.meanwhile = taken_over
    pipeline.transcriber.failure = VendorDown("away")
    pipeline.deliver(queue, message)
    assert pipeline.backend.step(user_id, session_id, "transcribe").state == "running"


def test_a_step_whose_worker_died_is_done_by_the_next(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id, queue, message = spoken(pipeline)
    pipeline.backend.claim(user_id, pipeline.backend.step(user_id, session_id, "transcribe").id)
    end_lease(owner, session_id)
    pipeline.deliver(queue, message)
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_a_step_that_took_five_workers_down_gets_no_sixth(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id, queue, message = spoken(pipeline)
    for _ in range(5):
        pipeline.backend.claim(user_id, pipeline.backend.step(user_id, session_id, "transcribe").id)
        end_lease(owner, session_id)
    pipeline.deliver(queue, message)
    assert pipeline.transcriber.calls == 0
    session = pipeline.backend.read(user_id, session_id).session
    assert session.failure_reason == "transcribe_failed: gave_up"
    assert ledger_of(owner, user_id) == REFUNDED


def test_a_session_deleted_while_its_provider_thinks_stays_deleted(
    pipeline: Pipeline, owner: psycopg.Connection, other_db: Database
) -> None:
    user_id, session_id, queue, message = spoken(pipeline)
    pipeline.transcriber.meanwhile = lambda: delete_session(other_db, pipeline.backend.queue, user_id, session_id)
    pipeline.deliver(queue, message)
    for table in ("sessions", "session_blocks", "job_steps", "chunks", "spend_reservations"):
        assert count_of(owner, table, user_id) == 0
    assert count_of(owner, "ai_usage", user_id) == 1  # the provider was paid


def test_a_call_for_a_user_who_left_meanwhile_is_forgotten(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, _, queue, message = spoken(pipeline)
    pipeline.transcriber.meanwhile = lambda: owner.execute("DELETE FROM users WHERE id = %s", [user_id])
    pipeline.deliver(queue, message)
    assert count_of(owner, "ai_usage", user_id) == 0


@pytest.mark.parametrize("queue", ["transcribe", "describe-image", "embed", "summarise"])
def test_a_message_about_a_step_or_a_user_that_is_gone_is_forgotten(pipeline: Pipeline, queue: str) -> None:
    for user_id in (pipeline.backend.user(), UserId(new_id())):
        body = {"step_id": str(StepId(new_id()))}
        message = Message(id=new_id(), user_id=user_id, correlation_id="c", body=body)
        pipeline.deliver(queue, message)
        pipeline.bury(message)


def test_two_last_steps_that_end_at_once_finish_the_session_once(
    pipeline: Pipeline, owner: psycopg.Connection, other_db: Database
) -> None:
    user_id, session_id, queue, message = spoken(pipeline)
    pipeline.deliver(queue, message)
    first, second = pipeline.backend.queue.sent
    beside = Pipeline(backend=Backend(db=other_db, store=pipeline.backend.store))
    both_asked = Barrier(2, timeout=20)
    for part in (pipeline.embedder, pipeline.summariser, beside.embedder, beside.summariser):
        part.meanwhile = both_asked.wait
    with ThreadPoolExecutor(2) as workers:
        ends = [workers.submit(pipeline.deliver, *first), workers.submit(beside.deliver, *second)]
        for end in ends:
            end.result(30)
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert ledger_of(owner, user_id) == PAID


def test_a_buried_step_fails_its_session_and_the_credit_comes_back_once(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, session_id, _, message = spoken(pipeline)
    pipeline.bury(message)
    pipeline.bury(message)
    whole = pipeline.backend.read(user_id, session_id)
    assert (whole.session.status, whole.session.failure_reason) == (
        SessionStatus.FAILED,
        "transcribe_failed: gave_up",
    )
    assert {step.kind: step.state for step in whole.steps} == {
        "transcribe": "failed",
        "embed": "skipped",
        "summarise": "skipped",
    }
    assert ledger_of(owner, user_id) == REFUNDED


def test_a_step_is_buried_under_the_worker_that_holds_it(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id, session_id, queue, message = spoken(pipeline)
    pipeline.transcriber.meanwhile = lambda: pipeline.bury(message)
    pipeline.deliver(queue, message)
    assert text_of_voice(pipeline, user_id, session_id) is None
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.FAILED
    assert ledger_of(owner, user_id) == REFUNDED
    assert (count_of(owner, "ai_usage", user_id), count_of(owner, "spend_reservations", user_id)) == (1, 0)


def test_burying_what_was_done_by_another_message_changes_nothing(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id, session_id, queue, message = spoken(pipeline)
    pipeline.deliver(queue, message)
    pipeline.bury(message)
    pipeline.work_off()
    pipeline.bury(message)
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert ledger_of(owner, user_id) == PAID
