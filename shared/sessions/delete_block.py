"""Deletes a block, with its chunks and vectors."""

from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import BlockId, SessionId, UserId
from shared.media.model import BLOCK_DELETED
from shared.media.reject_media import reject_media
from shared.sessions import block_repository
from shared.sessions.edit_block import refuse_while_underway
from shared.sessions.lock_session import lock_session
from shared.sessions.refuse_stale import refuse_stale


def delete_block(
    db: Database, user_id: UserId, session_id: SessionId, block_id: BlockId, *, base_version: int | None = None
) -> None:
    """The file it names is not read any more, nor given a block when it arrives; its bytes go with the session.

    Raises NotFound, Conflict while workers are at it, and VersionConflict.
    """
    with db.transaction(user_id) as tx:
        refuse_while_underway(lock_session(tx, user_id, session_id))
        block = block_repository.find(tx, user_id, session_id, block_id)
        if block is None:
            raise NotFound
        refuse_stale(block, base_version)
        block_repository.delete(tx, user_id, session_id, block_id)
        if block.media_id is not None:
            reject_media(tx, user_id, block.media_id, BLOCK_DELETED)
