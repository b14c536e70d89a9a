"""Makes a block's chunks exactly what they should be now."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.ids import BlockId, SessionId, UserId
from shared.search import chunk_repository as repository
from shared.search import space_repository
from shared.search.model import ChunkDraft, NewChunk
from shared.search.write_chunks import hashes_of, write_chunks


def replace_chunks(
    tx: Transaction,
    user_id: UserId,
    *,
    session_id: SessionId,
    block_id: BlockId,
    model_id: int,
    language: str,
    chunks: Sequence[NewChunk | ChunkDraft],
) -> None:
    """Keep these chunks of the block, and no others; what is unchanged is not touched.

    They are of the model the user is searched by (`hold_space` sees to it). Chunks of another model, which lie beside
    while the user is moved, stay only if they are of the same texts. A draft stands for a chunk that is kept already.
    `language` is the tag of the language they are in. Whoever has no search space yet gets one of this model. Run five
    times it has the effect of one. Vectors must be of unit length (`Embedder` promises it). The block is locked, so
    that two calls at once follow each other.

    Raises:
        NotFound: the block is gone; there is nothing left to find.
        Outdated: a chunk of which only the draft is given is not kept any more.
    """
    if not repository.lock_block(tx, user_id, session_id=session_id, block_id=block_id):
        raise NotFound
    space_repository.open_space(tx, user_id, model_id=model_id, language=language)
    stored = repository.hashes_of_block(tx, user_id, block_id=block_id)
    wanted = hashes_of(chunks)
    for other_id, beside in stored.items():
        if other_id != model_id and beside != wanted:
            repository.delete_chunks(tx, user_id, block_id=block_id, model_id=other_id, indexes=list(beside))
    write_chunks(
        tx,
        user_id,
        session_id=session_id,
        block_id=block_id,
        model_id=model_id,
        language=language,
        stored=stored.get(model_id, {}),
        chunks=chunks,
    )
