"""A session under way: its last steps end together, it ends once; late workers write nothing."""

from functools import partial
from threading import Barrier

import psycopg
import pytest

from shared.db.connection import Database
from shared.ids import SessionId, StepId, UserId
from shared.jobs.leave_step import LeaseLost, leave_step
from shared.jobs.model import Leaving, Step, StepState
from shared.media.model import MediaType
from shared.outbox.model import Announcement
from shared.sessions.advance_session import advance_session
from shared.sessions.fail_session import fail_session
from shared.sessions.finalize_session import finalize_session
from shared.sessions.model import SessionStatus
from shared.sessions.receive_upload import receive_upload
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import FACTS, Backend, complete, leave_and_advance, ledger_of, set_credits
from tests.fixtures.crowds import Crowd


def finalized(backend: Backend, user_id: UserId, *, media: int = 0) -> SessionId:
    """A finalized session with a marker and some uploaded files."""
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    for number in range(media):
        file = backend.media(user_id, session_id, list(MediaType)[number % 2])
        with backend.db.transaction(user_id) as tx:
            receive_upload(tx, user_id, file.id, FACTS)
    finalize_session(backend.db, MemoryQueue(), user_id, session_id, ai=True)
    return session_id


def ids(backend: Backend, user_id: UserId, session_id: SessionId, *kinds: str) -> list[StepId]:
    return [step.id for step in backend.read(user_id, session_id).steps if step.kind in kinds]


def test_text_is_made_into_vectors_only_when_every_file_was_read(backend: Backend) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id, media=3)
    readers = ids(backend, user_id, session_id, "transcribe", "describe_image")
    announced = [[a.queue for a in complete(backend.db, user_id, step_id)] for step_id in readers]
    assert announced[:2] == [[], []]
    assert sorted(announced[2]) == ["embed", "summarise"]


def test_last_steps_that_end_at_once_finish_the_session_once(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, 15)
    for _ in range(15):
        session_id = finalized(backend, user_id)
        makers = ids(backend, user_id, session_id, "embed", "summarise")

        def work(db: Database, step_id: StepId) -> list[Announcement]:
            return complete(db, user_id, step_id)

        many.all_at_once([lambda db, step_id=step_id: work(db, step_id) for step_id in makers])
        assert backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert {reason for _, reason in ledger_of(owner, user_id)} == {"trial", "test", "session"}


def test_steps_that_end_in_transactions_open_side_by_side_see_one_another(backend: Backend, many: Crowd) -> None:
    """Each has ended its step before the other commits: without the session's lock both would wait for ever."""
    user_id = backend.user()
    session_id = finalized(backend, user_id)
    claimed = [backend.claim(user_id, step_id) for step_id in ids(backend, user_id, session_id, "embed", "summarise")]
    both_have_left = Barrier(2)

    def end(db: Database, step: Step) -> None:
        with db.transaction(user_id) as tx:
            leave_step(tx, step, Leaving(state=StepState.COMPLETED))
            both_have_left.wait(10)
            advance_session(tx, user_id, step.job_id)
            tx.execute("SELECT pg_sleep(0.05)")

    many.all_at_once([partial(end, step=step) for step in claimed])
    assert backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_files_read_at_once_start_embedding_once(backend: Backend, many: Crowd, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, 10)
    for _ in range(10):
        session_id = finalized(backend, user_id, media=4)
        readers = ids(backend, user_id, session_id, "transcribe", "describe_image")
        ended = many.all_at_once([lambda db, s=step_id: complete(db, user_id, s) for step_id in readers])
        announced = sorted(a.queue for announcements in ended for a in announcements)
        assert announced == ["embed", "summarise"]


def test_a_failed_step_fails_the_session_and_refunds_once(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id)
    step = backend.claim(user_id, ids(backend, user_id, session_id, "embed")[0])
    leave_and_advance(backend.db, step, StepState.FAILED, "provider_invalid")
    for _ in range(3):
        with backend.db.transaction(user_id) as tx:
            fail_session(tx, user_id, step.job_id, reason="again")
    session = backend.read(user_id, session_id).session
    assert (session.status, session.failure_reason) == (SessionStatus.FAILED, "embed_failed: provider_invalid")
    assert ledger_of(owner, user_id) == [(3, "trial"), (-1, "session"), (1, "refund")]
    assert backend.steps(user_id, session_id) == {"embed": "failed", "summarise": "skipped"}


def test_two_steps_that_fail_at_once_refund_once(backend: Backend, many: Crowd, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, 10)
    for _ in range(10):
        session_id = finalized(backend, user_id)
        claimed = [
            backend.claim(user_id, step_id) for step_id in ids(backend, user_id, session_id, "embed", "summarise")
        ]

        def fail(db: Database, step: Step) -> bool:
            try:
                leave_and_advance(db, step, StepState.FAILED, "x")
            except LeaseLost:  # the other was first, and ended this step too
                return False
            return True

        assert sum(many.all_at_once([lambda db, s=step: fail(db, s) for step in claimed])) == 1
        assert backend.status(user_id, session_id) is SessionStatus.FAILED
    assert sum(delta for delta, _ in ledger_of(owner, user_id)) == 10


def test_a_worker_that_lost_its_lease_writes_nothing(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id)
    step_id = ids(backend, user_id, session_id, "embed")[0]
    slow = backend.claim(user_id, step_id)
    owner.execute("UPDATE job_steps SET lease_until = now() - interval '1 second' WHERE id = %s", [step_id])
    fresh = backend.claim(user_id, step_id)
    assert fresh.lease_token == slow.lease_token + 1
    with pytest.raises(LeaseLost):
        leave_and_advance(backend.db, slow, StepState.FAILED, "late")
    leave_and_advance(backend.db, fresh, StepState.COMPLETED)
    with pytest.raises(LeaseLost):
        leave_and_advance(backend.db, slow, StepState.FAILED, "later still")
    assert backend.step(user_id, session_id, "embed").state == "completed"


def test_a_running_step_cannot_be_claimed_by_another(backend: Backend) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id)
    step_id = ids(backend, user_id, session_id, "embed")[0]
    backend.claim(user_id, step_id)
    with pytest.raises(AssertionError):
        backend.claim(user_id, step_id)


def test_an_ended_session_never_moves_back(backend: Backend) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id)
    job_id = backend.step(user_id, session_id, "embed").job_id
    for step_id in ids(backend, user_id, session_id, "embed", "summarise"):
        complete(backend.db, user_id, step_id)
    with backend.db.transaction(user_id) as tx:
        fail_session(tx, user_id, job_id, reason="late")
    assert backend.status(user_id, session_id) is SessionStatus.PROCESSED
