"""What we need of a payment provider when a customer leaves, be it while they buy.

Adapters raise VendorDown and VendorRefused only.
"""

from collections.abc import Sequence
from typing import Protocol


class Customers(Protocol):
    """Knows customers by the provider's own ids."""

    def expire_checkout(self, session_id: str) -> None:
        """Nobody can pay it any more; one that is over, or unknown, is left as it is."""
        ...

    def customers_of(self, user_id: str) -> Sequence[str]:
        """Ids of all customers made for that user, as far as the provider's search knows them yet.

        It may miss those of the last minute; while it is disturbed, of the last hour.
        """
        ...

    def forget_customer(self, customer_id: str) -> None:
        """Remove the customer; one who is gone already is removed."""
        ...
