"""Deleting a session under way: the credit comes back as long as nothing was bought for it."""

import psycopg
import pytest

from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.enrichment.embed_session import embed_session
from shared.errors import NotFound, VendorDown
from shared.ids import SessionId, StepId, UserId
from shared.sessions.delete_session import delete_session
from shared.sessions.finalize_session import finalize_session
from shared.sessions.process_session import process_session
from tests.fakes.memory_queue import MemoryQueue
from tests.fakes.providers import FakeEmbedder
from tests.fixtures.captured import Backend, count_of, ledger_of, set_credits
from tests.fixtures.crowds import Crowd
from tests.fixtures.enriching import Pipeline

PAID = [(3, "trial"), (-1, "session")]
REFUNDED = [*PAID, (1, "refund")]
ROUNDS = 40


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


def finalized(backend: Backend, user_id: UserId) -> SessionId:
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    return session_id


def delete(backend: Backend, user_id: UserId, session_id: SessionId) -> None:
    delete_session(backend.db, backend.queue, user_id, session_id)


def test_a_session_nobody_began_to_work_on_gives_its_credit_back_once(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    backend = pipeline.backend
    user_id = backend.user()
    session_id = finalized(backend, user_id)
    messages = list(backend.queue.sent)
    delete(backend, user_id, session_id)
    with pytest.raises(NotFound):
        delete(backend, user_id, session_id)
    for queue, message in messages:
        pipeline.deliver(queue, message)
        pipeline.bury(message)
    assert (pipeline.embedder.calls, pipeline.summariser.calls) == (0, 0)
    assert count_of(owner, "ai_jobs", user_id) == 0
    assert ledger_of(owner, user_id) == REFUNDED


def test_a_session_that_waits_for_its_upload_gives_its_credit_back(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.media(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    delete(backend, user_id, session_id)
    assert ledger_of(owner, user_id) == REFUNDED


def test_once_a_provider_was_asked_the_debit_stays(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id = pipeline.backend.user()
    session_id = finalized(pipeline.backend, user_id)
    pipeline.embedder.failure = VendorDown("The provider is down.")
    queue, message = next((queue, message) for queue, message in pipeline.backend.queue.sent if queue == "embed")
    with pytest.raises(VendorDown):
        pipeline.deliver(queue, message)
    assert pipeline.backend.step(user_id, session_id, "embed").state == "ready"
    delete(pipeline.backend, user_id, session_id)
    assert ledger_of(owner, user_id) == PAID


def test_a_session_that_waits_for_the_next_days_money_gives_its_credit_back(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id = pipeline.backend.user()
    session_id = finalized(pipeline.backend, user_id)
    owner.execute("UPDATE users SET daily_spend_cents = 0 WHERE id = %s", [user_id])
    pipeline.work_off()
    assert pipeline.backend.step(user_id, session_id, "embed").reason == "spend_cap"
    delete(pipeline.backend, user_id, session_id)
    assert ledger_of(owner, user_id) == REFUNDED


def test_a_processed_session_gives_nothing_back(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id = pipeline.backend.user()
    session_id = finalized(pipeline.backend, user_id)
    pipeline.work_off()
    delete(pipeline.backend, user_id, session_id)
    assert ledger_of(owner, user_id) == PAID


def test_of_a_session_processed_again_only_the_newest_debit_comes_back(
    pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    user_id = pipeline.backend.user()
    session_id = finalized(pipeline.backend, user_id)
    pipeline.embedder.failure = VendorDown("The provider is down.")
    pipeline.work_off()
    delete_after = [*REFUNDED, (-1, "session"), (1, "refund")]
    process_session(pipeline.backend.db, pipeline.backend.queue, user_id, session_id)
    delete(pipeline.backend, user_id, session_id)
    assert ledger_of(owner, user_id) == delete_after


def test_a_failed_session_gives_nothing_back_a_second_time(pipeline: Pipeline, owner: psycopg.Connection) -> None:
    user_id = pipeline.backend.user()
    session_id = finalized(pipeline.backend, user_id)
    pipeline.embedder.failure = VendorDown("The provider is down.")
    pipeline.work_off()
    delete(pipeline.backend, user_id, session_id)
    assert ledger_of(owner, user_id) == REFUNDED


def test_deleting_and_claiming_at_once_refund_exactly_when_no_provider_was_asked(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, ROUNDS)
    asked = 0
    for number in range(ROUNDS):
        session_id = finalized(backend, user_id)
        step_id, embedder = backend.step(user_id, session_id, "embed").id, FakeEmbedder()
        balance = balance_of(owner, user_id)

        def work(db: Database, step_id: StepId = step_id, embedder: FakeEmbedder = embedder) -> None:
            embed_session(db, MemoryQueue(), Embedders(embedder), user_id=user_id, step_id=step_id)

        def remove(db: Database, session_id: SessionId = session_id) -> None:
            delete_session(db, MemoryQueue(), user_id, session_id)

        many.all_at_once([work, remove, work] if number % 2 else [remove, work, work])
        assert embedder.calls in {0, 1}
        assert balance_of(owner, user_id) - balance == 1 - embedder.calls
        asked += embedder.calls
    assert sum(delta for delta, reason in ledger_of(owner, user_id) if reason == "refund") == ROUNDS - asked


def balance_of(owner: psycopg.Connection, user_id: UserId) -> int:
    row = owner.execute("SELECT credits FROM users WHERE id = %s", [user_id]).fetchone()
    assert row is not None
    return row[0]
