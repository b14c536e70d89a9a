"""Finalizing again: the first answer stands, whatever has become of the session."""

import psycopg
import pytest

from shared.db.connection import Database
from shared.ids import SessionId, UserId
from shared.sessions.finalize_session import finalize_session
from shared.sessions.model import SessionStatus
from shared.sessions.process_session import process_session
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import Backend, ledger_of, set_credits
from tests.fixtures.crowds import Crowd

PENDING, NO_CREDITS, RAW_ONLY = SessionStatus.PENDING_PROCESSING, SessionStatus.NO_CREDITS, SessionStatus.RAW_ONLY


def finalize(backend: Backend, user_id: UserId, session_id: SessionId, *, ai: bool) -> SessionStatus:
    return finalize_session(backend.db, backend.queue, user_id, session_id, ai=ai)


@pytest.mark.parametrize("later", ["pending_processing", "processing", "processed", "failed"])
@pytest.mark.parametrize(("balance", "answer"), [(3, PENDING), (0, NO_CREDITS), (3, RAW_ONLY)])
def test_a_repeat_answers_the_same_whatever_became_of_the_session(
    backend: Backend, owner: psycopg.Connection, balance: int, answer: SessionStatus, later: str
) -> None:
    user_id = backend.user()
    set_credits(owner, user_id, balance)
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    assert finalize(backend, user_id, session_id, ai=answer is not RAW_ONLY) is answer
    before = ledger_of(owner, user_id)
    owner.execute("UPDATE sessions SET status = %s", [later])
    assert [finalize(backend, user_id, session_id, ai=ai) for ai in (True, False)] == [answer, answer]
    assert ledger_of(owner, user_id) == before


def test_repeats_at_once_answer_as_the_first_did_while_the_session_is_processed_after_all(
    backend: Backend, many: Crowd, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    assert finalize(backend, user_id, session_id, ai=False) is RAW_ONLY
    queue = MemoryQueue()

    def again(db: Database) -> SessionStatus | None:
        return finalize_session(db, queue, user_id, session_id, ai=True)

    def process(db: Database) -> SessionStatus | None:
        return process_session(db, queue, user_id, session_id)

    answers = many.all_at_once([again, process, again] * 30)
    assert answers == [RAW_ONLY, None, RAW_ONLY] * 30
    assert ledger_of(owner, user_id)[1:] == [(-1, "session")]
    assert backend.status(user_id, session_id) is PENDING
