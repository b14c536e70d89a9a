"""Whether a push could reach a user."""

from shared.db.connection import Transaction
from shared.identity import repository
from shared.ids import UserId


def has_device(tx: Transaction, user_id: UserId) -> bool:
    """False when no phone of theirs is registered."""
    return repository.has_device(tx, user_id)
