"""The first worker has taken up a session."""

from shared.db.connection import Transaction
from shared.ids import SessionId, UserId
from shared.sessions import repository


def begin_processing(tx: Transaction, user_id: UserId, session_id: SessionId) -> None:
    """pending_processing -> processing; a session in any other state stays as it is."""
    repository.begin_processing(tx, user_id, session_id)
