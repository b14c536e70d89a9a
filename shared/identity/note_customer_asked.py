"""Keeps that the payment provider is about to be asked for a customer: it may make one whom we never hear of."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.identity import repository
from shared.ids import UserId


def note_customer_asked(tx: Transaction, user_id: UserId) -> None:
    """Commit this before the provider is asked. Raises NotFound when the account was deleted a moment ago."""
    if not repository.note_customer_asked(tx, user_id):
        raise NotFound
