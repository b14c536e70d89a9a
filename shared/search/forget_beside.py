"""Forgets what was left of models a user is not searched by any more."""

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search import beside_repository


def forget_beside(tx: Transaction, user_id: UserId, *, limit: int) -> bool:
    """Delete `limit` chunks at most, with their vectors and words; whether nothing is left.

    Not while the user is on their way to one of these models.
    """
    is_clear = beside_repository.delete_beside(tx, user_id, limit=limit) < limit
    if is_clear:
        beside_repository.delete_counts_beside(tx, user_id)
    return is_clear
