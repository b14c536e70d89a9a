"""Makes an administrator a user like others."""

from shared.db.connection import Transaction
from shared.identity import repository
from shared.ids import UserId


def remove_administrator(tx: Transaction, user_id: UserId) -> bool:
    """False when they are none. `tx` belongs to the owner of the database, confined to the user."""
    return repository.delete_administrator(tx, user_id)
