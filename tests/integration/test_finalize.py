"""Finalizing: one claim, one debit, one job, whatever happens at once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import SessionId, UserId, new_id
from shared.media.media_of_session import media_of_session
from shared.media.model import MediaType
from shared.sessions.delete_block import delete_block
from shared.sessions.finalize_session import finalize_session
from shared.sessions.launch_job import launch_job
from shared.sessions.lock_session import lock_session
from shared.sessions.model import BlockType, SessionStatus
from shared.sessions.receive_upload import receive_upload
from shared.sessions.register_upload import register_upload
from shared.sessions.take_price import take_price
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import FACTS, Backend, count_of, ledger_of, set_credits
from tests.fixtures.crowds import Crowd, wait_until

PENDING, NO_CREDITS, RAW_ONLY = SessionStatus.PENDING_PROCESSING, SessionStatus.NO_CREDITS, SessionStatus.RAW_ONLY


def finalize(backend: Backend, user_id: UserId, session_id: SessionId, *, ai: bool = True) -> SessionStatus:
    return finalize_session(backend.db, backend.queue, user_id, session_id, ai=ai)


def upload(backend: Backend, user_id: UserId, session_id: SessionId) -> None:
    media = backend.media(user_id, session_id)
    with backend.db.transaction(user_id) as tx:
        receive_upload(tx, user_id, media.id, FACTS)


def test_two_hundred_finalizes_at_once_debit_once_and_answer_alike(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    upload(backend, user_id, session_id)
    backend.marker(user_id, session_id)
    queue = MemoryQueue()

    answers = many.all_at_once([lambda db: finalize_session(db, queue, user_id, session_id, ai=True)] * 200)

    assert answers == [PENDING] * 200
    assert ledger_of(owner, user_id) == [(3, "trial"), (-1, "session")]
    assert count_of(owner, "ai_jobs", user_id) == 1
    assert count_of(owner, "job_steps", user_id) == 3
    assert queue.names() == ["transcribe"]
    assert count_of(owner, "outbox", user_id) == 1


def test_two_credits_pay_for_two_of_ten_sessions_finalized_at_once(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, 2)
    sessions = [backend.session(user_id) for _ in range(10)]
    for session_id in sessions:
        backend.marker(user_id, session_id)
    queue = MemoryQueue()

    def one(session_id: SessionId, db: Database) -> SessionStatus:
        return finalize_session(db, queue, user_id, session_id, ai=True)

    answers = many.all_at_once([partial(one, session_id) for session_id in sessions])
    assert Counter(answers) == {PENDING: 2, NO_CREDITS: 8}
    assert sum(delta for delta, reason in ledger_of(owner, user_id) if reason == "session") == -2
    assert count_of(owner, "ai_jobs", user_id) == 2


def test_an_empty_session_ends_as_raw_only_and_costs_nothing(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    assert finalize(backend, user_id, session_id) is RAW_ONLY
    assert finalize(backend, user_id, session_id) is RAW_ONLY
    assert ledger_of(owner, user_id) == [(3, "trial")]
    assert backend.queue.sent == []


def test_a_session_finalized_without_ai_costs_nothing(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    assert finalize(backend, user_id, session_id, ai=False) is RAW_ONLY
    assert finalize(backend, user_id, session_id, ai=True) is RAW_ONLY
    assert backend.status(user_id, session_id) is RAW_ONLY
    assert ledger_of(owner, user_id) == [(3, "trial")]
    assert count_of(owner, "ai_jobs", user_id) == 0


def test_without_credits_the_session_is_kept_and_a_repeat_says_so_again(
    backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, 0)
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    assert finalize(backend, user_id, session_id) is NO_CREDITS
    set_credits(owner, user_id, 5)
    assert finalize(backend, user_id, session_id) is NO_CREDITS
    assert count_of(owner, "ai_jobs", user_id) == 0


def test_text_alone_is_embedded_and_summed_up_at_once(backend: Backend) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    finalize(backend, user_id, session_id)
    assert sorted(backend.queue.names()) == ["embed", "summarise"]
    assert backend.steps(user_id, session_id) == {"embed": "ready", "summarise": "ready"}


def test_a_session_finalized_before_its_upload_waits_visibly_and_goes_on_when_it_arrives(backend: Backend) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id, MediaType.IMAGE)
    backend.block(user_id, session_id, BlockType.IMAGE, media_id=media.id)
    assert finalize(backend, user_id, session_id) is PENDING
    waiting = backend.step(user_id, session_id, "describe_image")
    assert (waiting.state, waiting.reason) == ("waiting", "upload")
    assert backend.queue.sent == []

    with backend.db.transaction(user_id) as tx:
        announced = receive_upload(tx, user_id, media.id, FACTS)

    assert [a.queue for a in announced] == ["describe-image"]
    ready = backend.step(user_id, session_id, "describe_image")
    assert (ready.state, ready.reason) == ("ready", None)


def test_a_recording_whose_block_was_deleted_is_not_read(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    upload(backend, user_id, session_id)
    (of_upload,) = backend.read(user_id, session_id).blocks
    backend.marker(user_id, session_id)
    delete_block(backend.db, user_id, session_id, of_upload.id)
    finalize(backend, user_id, session_id)
    assert backend.steps(user_id, session_id) == {"embed": "ready", "summarise": "ready"}
    assert ledger_of(owner, user_id)[1:] == [(-1, "session")]


def test_a_session_whose_blocks_were_all_deleted_is_empty(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    upload(backend, user_id, session_id)
    delete_block(backend.db, user_id, session_id, backend.read(user_id, session_id).blocks[0].id)
    assert finalize(backend, user_id, session_id) is RAW_ONLY
    assert ledger_of(owner, user_id) == [(3, "trial")]


@pytest.mark.parametrize("text", [None, "", " \n "])
def test_a_session_of_blank_markers_is_as_good_as_empty(
    backend: Backend, owner: psycopg.Connection, text: str | None
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id, text)
    assert finalize(backend, user_id, session_id) is RAW_ONLY
    assert ledger_of(owner, user_id) == [(3, "trial")]


def test_an_upload_whose_block_was_deleted_before_it_arrived_does_not_come_back(
    backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id)
    wanted = backend.block(user_id, session_id, BlockType.VOICE, media_id=media.id)
    delete_block(backend.db, user_id, session_id, wanted.id)
    with backend.db.transaction(user_id) as tx:
        assert receive_upload(tx, user_id, media.id, FACTS) == []
    assert backend.read(user_id, session_id).blocks == []
    assert finalize(backend, user_id, session_id) is RAW_ONLY
    assert ledger_of(owner, user_id) == [(3, "trial")]


def test_an_upload_that_is_not_the_declared_one_lets_the_session_go_on_without_it(
    backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id, size=FACTS.size_bytes + 1)
    backend.marker(user_id, session_id)
    finalize(backend, user_id, session_id)
    with backend.db.transaction(user_id) as tx:
        announced = receive_upload(tx, user_id, media.id, FACTS)
    assert sorted(a.queue for a in announced) == ["embed", "summarise"]
    skipped = backend.step(user_id, session_id, "transcribe")
    assert (skipped.state, skipped.reason) == ("skipped", "media_rejected")
    assert ledger_of(owner, user_id)[1:] == [(-1, "session")]


def test_when_the_only_upload_is_rejected_the_credit_comes_back(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id, size=FACTS.size_bytes + 1)
    finalize(backend, user_id, session_id)
    for _ in range(3):
        with backend.db.transaction(user_id) as tx:
            assert receive_upload(tx, user_id, media.id, FACTS) == []
    assert backend.status(user_id, session_id) is SessionStatus.FAILED
    assert ledger_of(owner, user_id) == [(3, "trial"), (-1, "session"), (1, "refund")]


def test_no_wake_up_is_lost_when_finalize_and_upload_race(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, 40)
    rounds = 40
    order = random.Random(4)  # noqa: S311 - a shuffle, not a secret
    for _ in range(rounds):
        session_id = backend.session(user_id)
        media = backend.media(user_id, session_id)
        queue = MemoryQueue()

        def close(db: Database, session_id: SessionId = session_id, queue: MemoryQueue = queue) -> None:
            finalize_session(db, queue, user_id, session_id, ai=True)

        def arrive(db: Database, media_id: object = media.id) -> None:
            with db.transaction(user_id) as tx:
                receive_upload(tx, user_id, media_id, FACTS)  # pyright: ignore[reportArgumentType]

        tasks = [close, arrive, arrive]
        order.shuffle(tasks)
        many.all_at_once(tasks)
        assert backend.step(user_id, session_id, "transcribe").state == "ready"
    announced = owner.execute("SELECT count(*) FROM outbox WHERE queue = 'transcribe'").fetchone()
    assert announced == (rounds,)
    assert count_of(owner, "session_blocks", user_id) == rounds


@pytest.mark.parametrize(("size", "moved"), [(FACTS.size_bytes, "ready"), (FACTS.size_bytes + 1, "skipped")])
def test_an_upload_that_arrives_in_the_middle_of_finalize_waits_for_it_and_then_moves_the_step(
    backend: Backend, many: Crowd, owner: psycopg.Connection, size: int, moved: str
) -> None:
    """The one order of events in which a wake-up could be lost, step by step."""
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id, size=size)

    def arrive(db: Database) -> None:
        register_upload(db, backend.queue, media.object_key, FACTS)

    with ThreadPoolExecutor(1) as pool:
        with backend.db.transaction(user_id) as tx:
            session = lock_session(tx, user_id, session_id)
            seen = media_of_session(tx, user_id, session_id)
            arriving = pool.submit(many.all_at_once, [arrive])
            wait_until(lambda: arriving.done() or somebody_waits(owner))
            price = take_price(tx, session)
            assert price is not None
            assert launch_job(tx, session, price.job_id, seen) == []
        arriving.result(10)
    assert backend.step(user_id, session_id, "transcribe").state == moved


def somebody_waits(owner: psycopg.Connection) -> bool:
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return owner.execute(waiting).fetchone() is not None


def test_one_cannot_finalize_what_is_not_there_or_another_users(backend: Backend) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    session_id = backend.session(alice)
    for stranger, unknown in ((bob, session_id), (alice, SessionId(new_id()))):
        with pytest.raises(NotFound):
            finalize(backend, stranger, unknown)
    assert backend.status(alice, session_id) is SessionStatus.OPEN
