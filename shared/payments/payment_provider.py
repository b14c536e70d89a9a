"""What we need of a payment provider. Adapters raise VendorDown and VendorRefused only."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from shared.errors import VendorRefused
from shared.payments.customers import Customers
from shared.payments.model import CheckoutFacts, Payment
from shared.values import frozen


class CustomerGone(VendorRefused):
    """The provider does not know the customer any more: deleted there, or of its other mode."""

    code = "customer_unknown"


@frozen
class ReturnUrls:
    """Where the checkout page sends people when they have paid, or would rather not."""

    success: str
    cancel: str


@frozen
class Checkout:
    """A page where an order can be paid."""

    session_id: str
    url: str


class PaymentProvider(Customers, Protocol):
    """Takes money for us, and tells what became of it."""

    def create_customer(self, *, user_id: str, email: str | None, replacing: str | None = None) -> str:
        """The customer's id; the same however often it is asked for. `replacing`: a customer who is gone."""
        ...

    def open_checkout(self, order: Payment, urls: ReturnUrls) -> Checkout:
        """The page of that order; the same however often it is asked for. Raises CustomerGone."""
        ...

    def read_checkout(self, session_id: str) -> CheckoutFacts | None:
        """The truth about a checkout as it is now; None when there is no such thing."""
        ...

    def checkout_of_payment(self, payment_intent_id: str) -> CheckoutFacts | None:
        """The checkout that a payment belongs to; None when it came about in another way. Without its reversals."""
        ...

    def checkouts_since(self, since: datetime) -> Iterator[CheckoutFacts]:
        """Checkouts opened since then, newest first, without their reversals."""
        ...

    def reversed_since(self, since: datetime) -> Iterator[str]:
        """Payment ids of refunds and disputes opened since then, each at least once."""
        ...
