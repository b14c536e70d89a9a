"""Creates a user at first sight of a valid token."""

from shared.db.connection import Transaction
from shared.identity import repository
from shared.ids import UserId


def create_user(tx: Transaction, user_id: UserId, *, firebase_uid: str, email: str | None) -> bool:
    """Create the user in a transaction confined to `user_id`; False when another request was first."""
    return repository.insert_user(tx, user_id, firebase_uid=firebase_uid, email=email)
