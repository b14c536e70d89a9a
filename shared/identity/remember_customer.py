"""Keeps who a user is to the payment provider."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.identity import repository
from shared.ids import UserId


def remember_customer(tx: Transaction, user_id: UserId, customer_id: str, *, replacing: str | None) -> str:
    """The customer id that counts from now on: this one, or the one another request wrote first. Raises NotFound.

    `replacing` is what this one takes the place of: None, or a customer who is gone.
    """
    kept = repository.keep_customer(tx, user_id, customer_id, replacing=replacing)
    if kept is None:
        raise NotFound
    return kept
