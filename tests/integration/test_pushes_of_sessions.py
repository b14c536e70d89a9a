"""What of a session's life is told to its user: each end of a job once, and a balance that falls low."""

from uuid import UUID

import psycopg
import pytest

from shared.credits.model import LOW_MARK, Credits, falls_low
from shared.errors import VendorDown
from shared.identity.put_device import put_device
from shared.ids import SessionId, UserId, new_id
from shared.media.model import MediaType
from shared.outbox.message import Message
from shared.sessions.process_session import process_session
from tests.fixtures.captured import Backend, ledger_of, set_credits
from tests.fixtures.enriching import Pipeline


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


@pytest.fixture
def alice(backend: Backend) -> UserId:
    """Somebody with a phone."""
    user_id = backend.user("alice")
    put_device(backend.db, user_id, new_id(), fcm_token="phone", platform="ios")
    return user_id


def told(owner: psycopg.Connection, user_id: UserId) -> list[tuple[str, str, UUID | None]]:
    """(kind, ref, session) of all there was to tell, in order."""
    return owner.execute(
        "SELECT kind, ref, session_id FROM notifications WHERE user_id = %s ORDER BY created_at, id", [user_id]
    ).fetchall()


def job_of(owner: psycopg.Connection, user_id: UserId, session_id: SessionId) -> str:
    row = owner.execute(
        "SELECT id::text FROM ai_jobs WHERE user_id = %s AND session_id = %s ORDER BY created_at DESC LIMIT 1",
        [user_id, session_id],
    ).fetchone()
    assert row is not None
    return row[0]


def a_text(backend: Backend, user_id: UserId) -> SessionId:
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    return session_id


def test_a_processed_session_is_told_once(
    backend: Backend, pipeline: Pipeline, alice: UserId, owner: psycopg.Connection
) -> None:
    session_id = a_text(backend, alice)
    pipeline.finalize(alice, session_id)
    pipeline.work_off()
    assert told(owner, alice) == [("processed", job_of(owner, alice, session_id), session_id)]
    assert len(pipeline.pushes) == 1


def test_a_failed_session_is_told_once_with_its_credit_back_and_its_second_job_as_well(
    backend: Backend, pipeline: Pipeline, alice: UserId, owner: psycopg.Connection
) -> None:
    session_id = a_text(backend, alice)
    pipeline.summariser.failure = VendorDown("The provider is down.")
    pipeline.finalize(alice, session_id)
    pipeline.work_off()
    failed = ("failed", job_of(owner, alice, session_id), session_id)
    assert told(owner, alice) == [failed]
    assert ledger_of(owner, alice)[-1] == (1, "refund")
    pipeline.summariser.failure = None
    process_session(backend.db, backend.queue, alice, session_id)
    pipeline.work_off()
    assert told(owner, alice) == [failed, ("processed", job_of(owner, alice, session_id), session_id)]


def test_all_dead_letters_redriven_tell_nothing_twice(
    backend: Backend, pipeline: Pipeline, alice: UserId, owner: psycopg.Connection
) -> None:
    messages: list[tuple[str, Message]] = []
    for number in range(4):
        set_credits(owner, alice, 5)
        session_id = a_text(backend, alice)
        pipeline.summariser.failure = VendorDown("The provider is down.") if number % 2 else None
        pipeline.finalize(alice, session_id)
        messages += backend.queue.sent
        pipeline.work_off()
    before = told(owner, alice)
    assert sorted(kind for kind, _, _ in before) == ["failed", "failed", "processed", "processed"]
    for queue, message in messages * 2:
        pipeline.deliver(queue, message)
        pipeline.bury(message)
    assert told(owner, alice) == before
    assert backend.queue.sent == []


def test_a_session_with_nothing_usable_is_told_as_failed(
    backend: Backend, pipeline: Pipeline, alice: UserId, owner: psycopg.Connection
) -> None:
    session_id = backend.session(alice)
    pipeline.upload(alice, session_id, b"no picture at all", MediaType.IMAGE)
    pipeline.finalize(alice, session_id)
    pipeline.work_off()
    assert [kind for kind, _, _ in told(owner, alice)] == ["failed"]


def test_a_low_balance_is_told_on_the_way_down_and_not_again_at_nothing(
    backend: Backend, pipeline: Pipeline, alice: UserId, owner: psycopg.Connection
) -> None:
    for _ in range(3):  # 3 -> 2 -> 1 -> 0
        pipeline.finalize(alice, a_text(backend, alice))
        backend.queue.clear()
    [low] = [(ref, session) for kind, ref, session in told(owner, alice) if kind == "credits_low"]
    second = owner.execute(
        "SELECT ref FROM credit_ledger WHERE user_id = %s AND balance_after = %s", [alice, LOW_MARK]
    ).fetchone()
    assert (low[0],) == second
    assert low[1] is None


def test_a_balance_that_was_filled_up_falls_low_again(
    backend: Backend, pipeline: Pipeline, alice: UserId, owner: psycopg.Connection
) -> None:
    for _ in range(2):
        set_credits(owner, alice, 2)
        pipeline.finalize(alice, a_text(backend, alice))
    assert [kind for kind, _, _ in told(owner, alice)] == ["credits_low"] * 2


def test_a_session_without_a_phone_to_tell_sends_nothing(
    backend: Backend, pipeline: Pipeline, owner: psycopg.Connection
) -> None:
    bob = backend.user("bob")
    session_id = a_text(backend, bob)
    pipeline.finalize(bob, session_id)
    pipeline.work_off()
    assert pipeline.pushes == []
    assert [kind for kind, _, _ in told(owner, bob)] == ["processed"]


@pytest.mark.parametrize(
    ("taken", "left", "is_low"),
    [(1, 2, False), (1, 1, True), (1, 0, False), (3, 0, True), (2, 0, True), (5, 9, False)],
)
def test_a_balance_falls_low_when_it_passes_the_mark(taken: int, left: int, *, is_low: bool) -> None:
    assert falls_low(taken=Credits(taken), left=Credits(left)) is is_low
