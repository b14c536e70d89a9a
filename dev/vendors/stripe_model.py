"""What the local Stripe keeps: frozen records, from which the wire shapes and the pages are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

CARD = "card"
BANK_DEBIT = "us_bank_account"

SessionStatus = Literal["open", "complete", "expired"]
PaymentStatus = Literal["unpaid", "paid"]
IntentStatus = Literal["requires_payment_method", "processing", "succeeded"]
ChargeStatus = Literal["pending", "succeeded", "failed"]
RefundStatus = Literal["pending", "succeeded", "failed"]
DisputeStatus = Literal["needs_response", "won", "lost", "warning_needs_response", "warning_closed"]
DeliveryState = Literal["waiting", "delivered", "given_up"]

Metadata = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Who pays. A deleted one keeps its id."""

    id: str
    created: int
    email: str | None = None
    name: str | None = None
    metadata: Metadata = field(default_factory=dict[str, str])
    is_deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class LineItem:
    """One thing sold; amounts are in the smallest unit of the session's currency."""

    id: str
    name: str
    unit_amount: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class CheckoutSession:
    """A Checkout page and what became of it."""

    id: str
    created: int
    expires_at: int
    currency: str
    lines: tuple[LineItem, ...]
    success_url: str
    cancel_url: str | None = None
    client_reference_id: str | None = None
    customer: str | None = None
    customer_email: str | None = None
    metadata: Metadata = field(default_factory=dict[str, str])
    payment_metadata: Metadata = field(default_factory=dict[str, str])
    status: SessionStatus = "open"
    payment_status: PaymentStatus = "unpaid"
    payment_intent: str | None = None
    amount_total: int
    """The sum of the lines, unless a test says otherwise."""


@dataclass(frozen=True, kw_only=True)
class PaymentIntent:
    """The attempt, or attempts, to get the money of one session."""

    id: str
    created: int
    amount: int
    currency: str
    customer: str | None
    metadata: Metadata
    status: IntentStatus
    method: str
    latest_charge: str | None = None
    failure_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Charge:
    """Money taken, or tried to be taken, once."""

    id: str
    created: int
    amount: int
    currency: str
    customer: str | None
    metadata: Metadata
    payment_intent: str
    method: str
    status: ChargeStatus
    amount_refunded: int = 0
    is_disputed: bool = False
    failure_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money given back."""

    id: str
    created: int
    amount: int
    currency: str
    charge: str
    payment_intent: str
    status: RefundStatus
    reason: str | None = None
    metadata: Metadata = field(default_factory=dict[str, str])
    failure_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """A bank that takes money back, or merely asks (`warning_*`)."""

    id: str
    created: int
    amount: int
    currency: str
    charge: str
    payment_intent: str
    status: DisputeStatus
    reason: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, with the very text that is signed and sent."""

    id: str
    created: int
    type: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One copy of an event on its way to the webhook."""

    id: str
    event: str
    due_at: float
    state: DeliveryState = "waiting"
    attempts: int = 0
    last_answer: str = ""


@dataclass(frozen=True, kw_only=True)
class SavedAnswer:
    """What was answered to an idempotency key, and to which request."""

    created: int
    fingerprint: str
    status: int
    body: str


FAILURES = {
    "card_declined": ("card_error", "Your card was declined.", "generic_decline"),
    "payment_method_provider_decline": ("invalid_request_error", "The bank returned the debit.", None),
}
"""By failure code: the error's type, what the payer reads, and the decline code."""


def failure_message(code: str) -> str:
    """What the payer reads about a failed attempt."""
    return FAILURES[code][1]
