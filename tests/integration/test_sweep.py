"""The sweep: after a crash, a stop or a lost message, a minute or two later everything goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import SessionId, UserId
from shared.jobs.model import StepState
from shared.jobs.overdue import BATCH
from shared.media.model import ObjectFacts
from shared.outbox.publish_overdue import publish_overdue
from shared.sessions.announce_unheard import announce_unheard
from shared.sessions.finalize_session import finalize_session
from shared.sessions.find_lost_uploads import find_lost_uploads
from shared.sessions.model import SessionStatus
from shared.sessions.register_upload import register_upload
from shared.sessions.stop_waiting import stop_waiting
from tests.fakes.memory_queue import MemoryQueue
from tests.fakes.memory_store import MemoryStore
from tests.fixtures.captured import CONTENT, Backend, complete, leave_and_advance, ledger_of
from tests.fixtures.sweeping import pass_time


def finalized(backend: Backend, user_id: UserId, *, waits: bool = False) -> SessionId:
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    if waits:
        backend.media(user_id, session_id)
    finalize_session(backend.db, MemoryQueue(), user_id, session_id, ai=True)
    return session_id


def test_steps_whose_message_was_lost_are_announced_again_and_not_too_often(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    finalized(backend, user_id)
    assert announce_unheard(system_db, backend.queue) == 0
    pass_time(owner, timedelta(minutes=6))
    assert announce_unheard(system_db, backend.queue) == 2
    assert sorted(backend.queue.names()) == ["embed", "summarise"]
    assert announce_unheard(system_db, backend.queue) == 0


def test_a_step_whose_worker_died_is_announced_and_can_be_claimed(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id)
    embed = backend.step(user_id, session_id, "embed")
    dead = backend.claim(user_id, embed.id)
    complete(backend.db, user_id, backend.step(user_id, session_id, "summarise").id)
    assert announce_unheard(system_db, backend.queue) == 0  # its lease still holds
    pass_time(owner, timedelta(minutes=6))
    assert announce_unheard(system_db, backend.queue) == 1
    fresh = backend.claim(user_id, embed.id)
    assert (fresh.lease_token, fresh.attempts) == (dead.lease_token + 1, 2)
    leave_and_advance(backend.db, fresh, StepState.COMPLETED)
    assert backend.status(user_id, session_id) is SessionStatus.PROCESSED


def many_put_off(backend: Backend, owner: psycopg.Connection, number: int) -> None:
    """An outage is over: one session waits with so many steps, for longer than anything else."""
    user_id = backend.user()
    session_id = finalized(backend, user_id)
    owner.execute(
        """
        WITH moment AS (
          INSERT INTO session_blocks (user_id, id, session_id, block_type, text_content)
          SELECT %(user_id)s, gen_random_uuid(), %(session_id)s, 'marker', 'x' FROM generate_series(1, %(number)s)
          RETURNING id
        )
        INSERT INTO job_steps (user_id, id, job_id, session_id, block_id, kind, state, due_at, changed_at)
        SELECT %(user_id)s, gen_random_uuid(), s.job_id, %(session_id)s, moment.id, 'embed', 'ready', now(),
               now() - interval '1 hour'
        FROM moment, job_steps s
        WHERE s.user_id = %(user_id)s AND s.kind = 'summarise'
        """,
        {"user_id": user_id, "session_id": session_id, "number": number},
    )


def test_after_an_outage_all_that_waited_is_announced_in_one_look_and_a_killed_workers_step_before_it(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    bob = backend.user("bob")
    killed = backend.claim(bob, backend.step(bob, finalized(backend, bob), "embed").id)
    many_put_off(backend, owner, 2 * BATCH)
    pass_time(owner, timedelta(minutes=6))
    assert announce_unheard(system_db, backend.queue) == 2 * BATCH + 4
    announced = [message.body["step_id"] for _, message in backend.queue.sent]
    assert str(killed.id) in announced[:BATCH]
    assert len(set(announced)) == 2 * BATCH + 4
    assert announce_unheard(system_db, backend.queue) == 0


def test_the_steps_of_ended_jobs_are_left_alone(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id)
    for kind in ("embed", "summarise"):
        complete(backend.db, user_id, backend.step(user_id, session_id, kind).id)
    pass_time(owner, timedelta(minutes=60))
    assert announce_unheard(system_db, backend.queue) == 0


def test_a_message_written_but_never_sent_goes_out_and_the_session_ends(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    backend.queue.down |= {"embed", "summarise"}
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    backend.queue.down.clear()
    pass_time(owner, timedelta(minutes=1))
    assert publish_overdue(system_db, backend.queue) == 2
    assert sorted(backend.queue.names()) == ["embed", "summarise"]


def test_an_upload_whose_notice_was_lost_is_found_in_the_bucket(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id, waits=True)
    media = backend.read(user_id, session_id).media[0]
    assert find_lost_uploads(system_db, backend.store, backend.queue) == 0
    backend.store.put(media.object_key, CONTENT)
    assert find_lost_uploads(system_db, backend.store, backend.queue) == 0  # its notice may still come
    pass_time(owner, timedelta(minutes=6))
    assert find_lost_uploads(system_db, backend.store, backend.queue) == 1
    assert backend.queue.names() == ["transcribe"]
    assert find_lost_uploads(system_db, backend.store, backend.queue) == 0


def test_a_bucket_that_is_down_is_asked_again_by_the_next_sweep(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    finalized(backend, user_id, waits=True)
    pass_time(owner, timedelta(minutes=6))
    backend.store.is_down = True
    with pytest.raises(VendorDown):
        find_lost_uploads(system_db, backend.store, backend.queue)


def test_after_a_day_a_session_goes_on_without_the_upload_that_never_came(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id, waits=True)
    pass_time(owner, timedelta(minutes=23 * 60))
    assert stop_waiting(system_db, backend.store, backend.queue) == 0
    pass_time(owner, timedelta(minutes=61))
    assert stop_waiting(system_db, backend.store, backend.queue) == 1
    given_up = backend.step(user_id, session_id, "transcribe")
    assert (given_up.state, given_up.reason) == ("skipped", "upload_never_arrived")
    assert sorted(backend.queue.names()) == ["embed", "summarise"]
    assert stop_waiting(system_db, backend.store, backend.queue) == 0


def test_one_file_the_bucket_never_answers_for_keeps_no_other_session_waiting(
    backend: Backend, system_db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = backend.user()
    first, second = (finalized(backend, user_id, waits=True) for _ in range(2))
    unanswered = backend.read(user_id, first).media[0].object_key
    look = backend.store.look

    def look_or_fail(object_key: str) -> ObjectFacts | None:
        if object_key == unanswered:
            raise VendorDown("The object store answered 500 to HEAD.")
        return look(object_key)

    monkeypatch.setattr(backend.store, "look", look_or_fail)
    pass_time(owner, timedelta(hours=25))
    with pytest.raises(VendorDown):
        stop_waiting(system_db, backend.store, backend.queue)
    states = [backend.step(user_id, session_id, "transcribe").state for session_id in (first, second)]
    assert states == ["waiting", "skipped"]


def test_after_a_day_a_session_with_nothing_else_fails_and_the_credit_comes_back(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.media(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    pass_time(owner, timedelta(minutes=25 * 60))
    assert stop_waiting(system_db, backend.store, backend.queue) == 1
    session = backend.read(user_id, session_id).session
    assert (session.status, session.failure_reason) == (SessionStatus.FAILED, "nothing_usable")
    assert ledger_of(owner, user_id) == [(3, "trial"), (-1, "session"), (1, "refund")]


def test_the_sweep_serves_every_user(backend: Backend, system_db: Database, owner: psycopg.Connection) -> None:
    for name in ("alice", "bob", "carol"):
        finalized(backend, backend.user(name))
    pass_time(owner, timedelta(minutes=6))
    assert announce_unheard(system_db, backend.queue) == 6
    assert len({message.user_id for _, message in backend.queue.sent}) == 3


def test_before_a_session_goes_on_without_an_upload_the_bucket_is_asked_once_more(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id, waits=True)
    media = backend.read(user_id, session_id).media[0]
    backend.store.put(media.object_key, CONTENT)
    pass_time(owner, timedelta(minutes=25 * 60))
    assert find_lost_uploads(system_db, backend.store, backend.queue) == 0  # declared too long ago for that look
    assert stop_waiting(system_db, backend.store, backend.queue) == 1
    assert backend.step(user_id, session_id, "transcribe").state == "ready"


@dataclass(kw_only=True)
class LateStore(MemoryStore):
    """A bucket into which the file comes, and is taken note of, right after somebody has looked for it in vain."""

    arrive: Callable[[], None]

    def look(self, object_key: str) -> ObjectFacts | None:
        seen = super().look(object_key)
        if seen is None:
            self.arrive()
        return seen


def test_a_file_that_arrives_right_after_the_last_look_is_read_all_the_same(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = finalized(backend, user_id, waits=True)
    media = backend.read(user_id, session_id).media[0]

    def arrive() -> None:
        register_upload(backend.db, backend.queue, media.object_key, store.put(media.object_key, CONTENT))

    store = LateStore(arrive=arrive)
    pass_time(owner, timedelta(hours=25))
    stop_waiting(system_db, store, backend.queue)
    assert backend.step(user_id, session_id, "transcribe").state == "ready"
    assert backend.queue.names() == ["transcribe"]
