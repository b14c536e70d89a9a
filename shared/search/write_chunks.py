"""Writes what is new of a block's chunks of one model, and forgets what is not wanted any more."""

from collections.abc import Mapping, Sequence

from shared.db.connection import Transaction
from shared.errors import Outdated
from shared.ids import BlockId, ChunkId, SessionId, UserId, new_id
from shared.search import chunk_repository as repository
from shared.search.chunk_repository import ChunkRow
from shared.search.model import ChunkDraft, NewChunk


def write_chunks(
    tx: Transaction,
    user_id: UserId,
    *,
    session_id: SessionId,
    block_id: BlockId,
    model_id: int,
    language: str,
    stored: Mapping[int, bytes],
    chunks: Sequence[NewChunk | ChunkDraft],
) -> None:
    """Make `stored`, the hashes of the block's chunks of this model by index, into `chunks`. The block is locked.

    Raises:
        Outdated: a draft without vectors stands for a chunk that is not kept any more.
    """
    wanted = hashes_of(chunks)
    rows = [
        ChunkRow(id=ChunkId(new_id()), index=index, chunk=_whole(chunk))
        for index, chunk in enumerate(chunks)
        if stored.get(index) != wanted[index]
    ]
    unwanted = [index for index, content_hash in stored.items() if wanted.get(index) != content_hash]
    with tx.pipeline():  # while the server writes, we pack what follows
        repository.delete_chunks(tx, user_id, block_id=block_id, model_id=model_id, indexes=unwanted)
        repository.insert_chunks(
            tx, user_id, session_id=session_id, block_id=block_id, model_id=model_id, language=language, rows=rows
        )
        repository.insert_vectors(tx, user_id, model_id=model_id, rows=rows)


def hashes_of(chunks: Sequence[NewChunk | ChunkDraft]) -> dict[int, bytes]:
    """The content hash of each chunk by its index."""
    drafts = (chunk.draft if isinstance(chunk, NewChunk) else chunk for chunk in chunks)
    return {index: draft.content_hash for index, draft in enumerate(drafts)}


def _whole(chunk: NewChunk | ChunkDraft) -> NewChunk:
    if isinstance(chunk, ChunkDraft):
        raise Outdated("A chunk that was kept has changed meanwhile. Embed its block again.")
    return chunk
