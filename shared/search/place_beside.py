"""Keeps a block's chunks of a model its user is not searched by yet."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.ids import BlockId, SessionId, UserId
from shared.search import chunk_repository
from shared.search.model import ChunkDraft, NewChunk
from shared.search.write_chunks import write_chunks


def place_beside(
    tx: Transaction,
    user_id: UserId,
    *,
    session_id: SessionId,
    block_id: BlockId,
    model_id: int,
    language: str,
    chunks: Sequence[NewChunk | ChunkDraft],
) -> bool:
    """Put them beside those the user is searched by, which stay as they are; False when the block is gone.

    No search looks at them before `switch_model`. When the block's text changes, `replace_chunks` forgets them.
    """
    if not chunk_repository.lock_block(tx, user_id, session_id=session_id, block_id=block_id):
        return False
    write_chunks(
        tx,
        user_id,
        session_id=session_id,
        block_id=block_id,
        model_id=model_id,
        language=language,
        stored=chunk_repository.hashes_of_block(tx, user_id, block_id=block_id).get(model_id, {}),
        chunks=chunks,
    )
    return True
