"""Finds which chunks of blocks are kept already."""

from collections.abc import Mapping, Sequence

from shared.db.connection import Transaction
from shared.ids import BlockId, UserId
from shared.search import chunk_repository


def find_kept(
    tx: Transaction, user_id: UserId, *, block_ids: Sequence[BlockId], model_id: int
) -> Mapping[BlockId, Mapping[int, bytes]]:
    """Content hash of each chunk of the blocks and the model, by block and index; none for blocks without."""
    return chunk_repository.hashes_of_blocks(tx, user_id, block_ids=block_ids, model_id=model_id)
