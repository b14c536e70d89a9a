"""Makes a user an administrator."""

from shared.db.connection import Transaction
from shared.identity import repository
from shared.ids import UserId


def put_administrator(tx: Transaction, user_id: UserId, *, appointed_by: str, reason: str) -> bool:
    """False when they are one already. `tx` belongs to the owner of the database, confined to the user."""
    return repository.insert_administrator(tx, user_id, appointed_by=appointed_by, reason=reason)
