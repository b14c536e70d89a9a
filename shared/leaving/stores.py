"""What holds something of an account besides our own database."""

from shared.identity.accounts import Accounts
from shared.media.store import ObjectStore
from shared.payments.customers import Customers
from shared.values import frozen


@frozen
class Stores:
    """The bucket, the payment provider, and whoever signs people in."""

    objects: ObjectStore
    customers: Customers
    accounts: Accounts
