"""Lists the blocks of a session."""

from shared.db.connection import Transaction
from shared.ids import SessionId, UserId
from shared.sessions import block_repository
from shared.sessions.model import Block


def blocks_of_session(tx: Transaction, user_id: UserId, session_id: SessionId) -> list[Block]:
    """In the order they were captured."""
    return block_repository.of_session(tx, user_id, session_id)
