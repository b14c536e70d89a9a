"""The wire shapes of a checkout."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from shared.edge.endpoint import Body
from shared.values import frozen


class StartCheckout(Body):
    """POST /api/payments/checkout."""

    package_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]


@frozen
class CheckoutOut:
    """Where to pay. The credits come when the provider confirms the money, not when the page says so."""

    payment_id: UUID
    checkout_url: str
