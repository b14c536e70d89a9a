"""Looks many blocks up at once."""

from collections.abc import Sequence

from shared.db.connection import Transaction
from shared.ids import BlockId, UserId
from shared.sessions import block_repository
from shared.sessions.model import Block


def blocks_by_ids(tx: Transaction, user_id: UserId, block_ids: Sequence[BlockId]) -> dict[BlockId, Block]:
    """Those the user has, with their whole text; the others are left out."""
    return {block.id: block for block in block_repository.find_all(tx, user_id, block_ids)} if block_ids else {}
