"""What a session was made with."""

from shared.ai import repository
from shared.ai.model import UsedCall
from shared.db.connection import Transaction
from shared.ids import SessionId, UserId


def usage_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[UsedCall]:
    """Every call to a provider that was kept for the session, oldest first."""
    return repository.usage_of_session(tx, user_id, session_id)
