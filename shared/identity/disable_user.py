"""Nobody comes in as this user any more."""

from shared.db.connection import Transaction
from shared.identity import repository
from shared.ids import UserId


def disable_user(tx: Transaction, user_id: UserId) -> str | None:
    """The Firebase uid of whom that was; None when there is no such user."""
    return repository.disable(tx, user_id)
