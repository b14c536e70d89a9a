"""Packages, orders and what the payment provider says of them, as values."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.credits.model import Credits
from shared.ids import UserId
from shared.values import frozen

OrderId = NewType("OrderId", UUID)
"""The id of a payment: our order number, the provider's reference and its idempotency key."""

SOURCE = "stripe"
"""The inbox's name for the payment provider."""

APPLY_QUEUE = "apply-payment"


class PaymentStatus(StrEnum):
    """pending -> completed | failed, completed -> refunded (and back, when a refund fails)."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    REFUNDED = "refunded"


@frozen
class Package:
    """What is for sale. `amount_cents` counts the currency's smallest unit."""

    id: str
    credits: int
    amount_cents: int
    currency: str


@frozen
class Payment:
    """One order. `stripe_session_id` is None until the Checkout Session is known to exist.

    `read_token` is a fencing token: what was read of the provider is written only by its newest reader.
    """

    id: OrderId
    user_id: UserId
    stripe_session_id: str | None
    stripe_payment_intent_id: str | None
    stripe_customer_id: str
    package_id: str
    credits_amount: Credits
    amount_cents: int
    currency: str
    livemode: bool
    status: PaymentStatus
    reason: str | None
    refunded_cents: int
    disputed_cents: int
    credits_taken_back: int
    read_token: int
    created_at: datetime
    completed_at: datetime | None


@frozen
class Place:
    """Whose order it is, and the checkout to read."""

    user_id: UserId
    order_id: OrderId
    session_id: str


class Progress(StrEnum):
    """How far a checkout has come, at the provider."""

    UNDERWAY = "underway"
    PAID = "paid"
    EXPIRED = "expired"
    PAYMENT_FAILED = "payment_failed"


class ReversalKind(StrEnum):
    """How money goes back."""

    REFUND = "refund"
    DISPUTE = "dispute"


@frozen
class Reversal:
    """A refund or a dispute. `stands`: the money is gone from us, now; `is_final`: it will not come back."""

    id: str
    kind: ReversalKind
    amount_cents: int
    stands: bool
    is_final: bool
    created_at: datetime


@frozen
class CheckoutFacts:
    """All that the provider says about one Checkout Session, read at one moment."""

    session_id: str
    order_id: str | None
    user_id: str | None
    package_id: str | None
    customer_id: str | None
    payment_intent_id: str | None
    is_for_payment: bool
    livemode: bool
    amount_cents: int | None
    currency: str | None
    progress: Progress
    reversals: tuple[Reversal, ...] = ()
