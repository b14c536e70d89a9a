"""Lets go of what was set aside for a call that is over."""

from uuid import UUID

from shared.ai import spend_repository
from shared.db.connection import Transaction
from shared.ids import UserId


def release_spend(tx: Transaction, user_id: UserId, ref: UUID) -> bool:
    """In the transaction that writes down what it cost, which counts from then on. False if there was nothing."""
    return spend_repository.release(tx, user_id, ref)
