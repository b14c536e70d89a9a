"""Processing a session that is not to be processed, or is already: nothing changes, and nothing is taken."""

from collections.abc import Callable

import psycopg
import pytest

from shared.errors import Conflict, NotFound, OutOfCredits
from shared.ids import SessionId, UserId, new_id
from shared.sessions.delete_block import delete_block
from shared.sessions.finalize_session import finalize_session
from shared.sessions.process_session import process_session
from shared.sessions.register_upload import register_upload
from tests.fixtures.captured import CONTENT, Backend, count_of, ledger_of, set_credits
from tests.fixtures.enriching import Pipeline


def process(backend: Backend, user_id: UserId, session_id: SessionId) -> None:
    process_session(backend.db, backend.queue, user_id, session_id)


def kept_raw(backend: Backend, user_id: UserId, text: str = "Milk.") -> SessionId:
    """A session with a marker, finalized without a debit."""
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id, text)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=False)
    return session_id


def everything_of(owner: psycopg.Connection, user_id: UserId) -> dict[str, object]:
    """All that a refused call must leave as it was."""
    session = "SELECT status, finalized_as, finalized_at, processed_at, failure_reason, updated_at FROM sessions"
    counted = {table: count_of(owner, table, user_id) for table in ("ai_jobs", "job_steps", "outbox")}
    return {**counted, "ledger": ledger_of(owner, user_id), "sessions": owner.execute(session).fetchall()}


def test_without_credits_nothing_is_changed(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    session_id = kept_raw(backend, user_id)
    set_credits(owner, user_id, 0)
    before = everything_of(owner, user_id)
    for _ in range(2):
        with pytest.raises(OutOfCredits) as refused:
            process(backend, user_id, session_id)
        assert refused.value.exact_code == "credits_insufficient"
    assert everything_of(owner, user_id) == before
    assert backend.queue.sent == []


def leave_open(backend: Backend, user_id: UserId) -> SessionId:
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    return session_id


def empty(backend: Backend, user_id: UserId) -> SessionId:
    return kept_raw(backend, user_id, " \n ")


def emptied(backend: Backend, user_id: UserId) -> SessionId:
    """Its only block was deleted after finalize, with the file it named."""
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id)
    register_upload(backend.db, backend.queue, media.object_key, backend.store.put(media.object_key, CONTENT))
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=False)
    delete_block(backend.db, user_id, session_id, backend.read(user_id, session_id).blocks[0].id)
    return session_id


def rejected(backend: Backend, user_id: UserId) -> SessionId:
    """Its only file was not what was declared."""
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id)
    register_upload(backend.db, backend.queue, media.object_key, backend.store.put(media.object_key, b"other"))
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    return session_id


def processed(backend: Backend, user_id: UserId) -> SessionId:
    session_id = leave_open(backend, user_id)
    pipeline = Pipeline(backend=backend)
    pipeline.finalize(user_id, session_id)
    pipeline.work_off()
    return session_id


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (leave_open, "session_open"),
        (processed, "session_processed"),
        (empty, "session_empty"),
        (emptied, "session_empty"),
        (rejected, "session_empty"),
    ],
)
def test_what_cannot_be_processed_is_refused_and_costs_nothing(
    backend: Backend, owner: psycopg.Connection, made: Callable[[Backend, UserId], SessionId], code: str
) -> None:
    user_id = backend.user()
    session_id = made(backend, user_id)
    before = everything_of(owner, user_id)
    with pytest.raises(Conflict) as refused:
        process(backend, user_id, session_id)
    assert refused.value.exact_code == code
    assert everything_of(owner, user_id) == before


@pytest.mark.parametrize("status", ["pending_processing", "processing"])
def test_a_session_under_way_is_left_alone(backend: Backend, owner: psycopg.Connection, status: str) -> None:
    user_id = backend.user()
    session_id = leave_open(backend, user_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    owner.execute("UPDATE sessions SET status = %s", [status])
    before = everything_of(owner, user_id)
    process(backend, user_id, session_id)
    assert everything_of(owner, user_id) == before


def test_one_cannot_process_what_is_not_there_or_another_users(backend: Backend) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    session_id = kept_raw(backend, alice)
    for stranger, unknown in ((bob, session_id), (alice, SessionId(new_id()))):
        with pytest.raises(NotFound):
            process(backend, stranger, unknown)
    assert backend.status(alice, session_id) == "raw_only"
