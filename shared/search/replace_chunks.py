"""Makes a block's chunks exactly what they should be now."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.ids import BlockId, ChunkId, SessionId, UserId, new_id
from shared.search import chunk_repository as repository
from shared.search import space_repository
from shared.search.chunk_repository import ChunkRow
from shared.search.model import NewChunk


def replace_chunks(
    tx: Transaction,
    user_id: UserId,
    *,
    session_id: SessionId,
    block_id: BlockId,
    model_id: int,
    language: str,
    chunks: Sequence[NewChunk],
) -> None:
    """Keep these chunks of the block for this model, and no others; what is unchanged is not touched.

    `language` is the tag of the language they are in. Whoever has no search space yet gets one of this model. Run five
    times it has the effect of one. Vectors must be of unit length (`Embedder` promises it). The block is locked, so
    that two calls at once follow each other.

    Raises:
        NotFound: the block is gone; there is nothing left to find.
    """
    if not repository.lock_block(tx, user_id, session_id=session_id, block_id=block_id):
        raise NotFound
    space_repository.open_space(tx, user_id, model_id=model_id, language=language)
    stored = repository.chunk_hashes(tx, user_id, block_id=block_id, model_id=model_id)
    wanted = {index: chunk.draft.content_hash for index, chunk in enumerate(chunks)}
    repository.delete_chunks(
        tx,
        user_id,
        block_id=block_id,
        model_id=model_id,
        indexes=[index for index, content_hash in stored.items() if wanted.get(index) != content_hash],
    )
    rows = [
        ChunkRow(id=ChunkId(new_id()), index=index, chunk=chunk)
        for index, chunk in enumerate(chunks)
        if stored.get(index) != wanted[index]
    ]
    repository.insert_chunks(
        tx, user_id, session_id=session_id, block_id=block_id, model_id=model_id, language=language, rows=rows
    )
    repository.insert_vectors(tx, user_id, model_id=model_id, rows=rows)
