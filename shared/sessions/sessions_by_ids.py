"""Looks many sessions up at once."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.ids import SessionId, UserId
from shared.sessions import repository
from shared.sessions.model import Session


def sessions_by_ids(tx: Transaction, user_id: UserId, session_ids: Sequence[SessionId]) -> dict[SessionId, Session]:
    """Those the user has; the others are left out."""
    return {session.id: session for session in repository.find_all(tx, user_id, session_ids)} if session_ids else {}
