"""Who a user is to the payment provider."""

from shared.db.connection import Transaction
from shared.errors import NotFound
from shared.identity import repository
from shared.identity.model import Customer
from shared.ids import UserId


def customer_of(tx: Transaction, user_id: UserId) -> Customer:
    """Raises NotFound when the account was deleted a moment ago."""
    customer = repository.find_customer(tx, user_id)
    if customer is None:
        raise NotFound
    return customer
