"""Keeps who a user is to the payment provider."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.identity import repository
from shared.ids import UserId


def remember_customer(tx: Transaction, user_id: UserId, customer_id: str) -> str:
    """The customer id that counts from now on: this one, or the one another request wrote first. Raises NotFound."""
    kept = repository.keep_customer(tx, user_id, customer_id)
    if kept is None:
        raise NotFound
    return kept
