"""The wire shapes of administration."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.account.adjust_credits import Adjusted
from shared.edge.endpoint import Body
from shared.edge.pages import PageQuery
from shared.edge.shape import shape
from shared.inbox.model import Event, EventState
from shared.payments.model import Payment
from shared.values import frozen

Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
"""Every deed of an administrator says why; it goes into the audit log."""

MAX_ADJUSTMENT = 100_000


class PaymentsQuery(PageQuery):
    """GET /api/admin/payments."""

    user_id: UUID | None = None


class WebhooksQuery(PageQuery):
    """GET /api/admin/webhooks."""

    state: EventState | None = None
    type: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None


class ReplayWebhook(Body):
    """POST /api/admin/webhooks/{webhook_id}/replay."""

    reason: Why


class AdjustCredits(Body):
    """POST /api/admin/users/{user_id}/credits. The `id` is made by the caller: a repeat adjusts nothing twice."""

    id: UUID
    credits: Annotated[int, Field(ge=-MAX_ADJUSTMENT, le=MAX_ADJUSTMENT)]
    reason: Why


class RerunStep(Body):
    """POST /api/admin/users/{user_id}/steps/{step_id}/rerun."""

    reason: Why


@frozen
class RerunOut:
    """The job that does a step once more."""

    job_id: UUID


@frozen
class AdjustedOut:
    """Where a user stands after an adjustment."""

    id: UUID
    user_id: UUID
    credits: int
    debt: int

    @classmethod
    def of(cls, adjusted: Adjusted) -> "AdjustedOut":
        """The wire shape of an adjustment."""
        return shape(cls, adjusted)


@frozen
class AdminPaymentOut:
    """One order, with its names at Stripe."""

    id: UUID
    user_id: UUID
    package_id: str
    credits: int
    amount_cents: int
    currency: str
    livemode: bool
    status: str
    reason: str | None
    refunded_cents: int
    disputed_cents: int
    credits_taken_back: int
    stripe_session_id: str | None
    stripe_payment_intent_id: str | None
    stripe_customer_id: str
    created_at: datetime
    completed_at: datetime | None

    @classmethod
    def of_payment(cls, payment: Payment) -> "AdminPaymentOut":
        """The wire shape of a payment."""
        return shape(cls, payment, credits=payment.credits_amount)


@frozen
class AdminPaymentsOut:
    """A page of payments, newest first; `next_cursor` is null on the last."""

    payments: list[AdminPaymentOut]
    next_cursor: str | None


@frozen
class WebhookOut:
    """One event. `id` is ours, `event_id` Stripe's; `about` holds the ids it named; `created_at`: when it came in."""

    id: UUID
    event_id: str
    type: str
    about: dict[str, Any]
    state: str
    reason: str | None
    attempts: int
    occurred_at: datetime
    created_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, event: Event) -> "WebhookOut":
        """The wire shape of an event."""
        return shape(cls, event, created_at=event.received_at)


@frozen
class WebhooksOut:
    """A page of events, newest first; `next_cursor` is null on the last."""

    webhooks: list[WebhookOut]
    next_cursor: str | None
