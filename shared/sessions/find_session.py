"""Looks one session up."""

from shared.db.connection import Transaction
from shared.ids import SessionId, UserId
from shared.sessions import repository
from shared.sessions.model import Session


def find_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> Session | None:
    """The user's session, or None."""
    return repository.find(tx, user_id, session_id)
