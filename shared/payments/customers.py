"""What we need of a payment provider when a customer leaves, be it while they buy.

Adapters raise VendorDown and VendorRefused only.
"""

from typing import Protocol


class Customers(Protocol):
    """Knows customers by the provider's own ids."""

    def expire_checkout(self, session_id: str) -> None:
        """Nobody can pay it any more; one that is over, or unknown, is left as it is."""
        ...

    def forget_customer(self, customer_id: str) -> None:
        """Remove the customer; one who is gone already is removed."""
        ...
