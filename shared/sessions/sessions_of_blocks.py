"""Says which sessions blocks belong to."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.ids import BlockId, SessionId, UserId
from shared.sessions import block_repository


def sessions_of_blocks(tx: Transaction, user_id: UserId, block_ids: Sequence[BlockId]) -> dict[BlockId, SessionId]:
    """For those the user has; the others are left out."""
    return block_repository.sessions_of(tx, user_id, block_ids) if block_ids else {}
