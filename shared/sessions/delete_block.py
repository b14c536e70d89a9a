"""Deletes a block, with its chunks and vectors."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import BlockId, SessionId, UserId
from shared.sessions import block_repository
from shared.sessions.edit_block import refuse_while_underway
from shared.sessions.lock_session import lock_session


def delete_block(db: Database, user_id: UserId, session_id: SessionId, block_id: BlockId) -> None:
    """The media file it names stays with the session. Raises NotFound, and Conflict while workers are at it."""
    with db.transaction(user_id) as tx:
        refuse_while_underway(lock_session(tx, user_id, session_id))
        if not block_repository.delete(tx, user_id, session_id, block_id):
            raise NotFound
