"""Makes the caller the only one who decides about a session, until the transaction ends."""

from shared.db.connection import Transaction
from shared.errors import Conflict, NotFound
from shared.ids import SessionId, UserId
from shared.sessions import repository
from shared.sessions.model import Session, SessionStatus


def lock_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> Session:
    """The session's row lock comes before every other lock on what belongs to it. Raises NotFound."""
    session = repository.lock(tx, user_id, session_id)
    if session is None:
        raise NotFound
    return session


def lock_open_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> Session:
    """The same for what only an open session allows. Raises NotFound and Conflict."""
    session = lock_session(tx, user_id, session_id)
    if session.status is not SessionStatus.OPEN:
        raise Conflict("The session is finalized: open a new one to capture more.", code="session_not_open")
    return session
