"""Reads Stripe's objects as our own values."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.payments.model import CheckoutFacts, Progress, Reversal, ReversalKind
from shared.telemetry import log, word

if TYPE_CHECKING:
    from stripe import Charge, Dispute, PaymentIntent, Refund
    from stripe.checkout import Session

_REFUND_IS_OVER = {"failed", "canceled"}

_MONEY_IS_WITH_THEM = {"needs_response", "under_review", "appeal_needs_response", "appeal_under_review", "lost"}
"""A dispute takes the money when it opens; only winning it returns it. Inquiries (`warning_*`) take nothing."""

_MONEY_IS_WITH_US = {"won", "warning_needs_response", "warning_under_review", "warning_closed"}

_IS_OVER = {"lost", "prevented"}

_STILL_PAYING = {"processing", "requires_action", "requires_capture", "succeeded"}


def of_session(session: "Session", reversals: tuple[Reversal, ...] = ()) -> CheckoutFacts:
    """A Checkout Session, whose payment may have come along expanded."""
    metadata = session.metadata
    payment = session.payment_intent
    return CheckoutFacts(
        session_id=session.id,
        order_id=session.client_reference_id,
        user_id=metadata["user_id"] if metadata and "user_id" in metadata else None,
        package_id=metadata["package_id"] if metadata and "package_id" in metadata else None,
        customer_id=session.customer
        if isinstance(session.customer, str) or session.customer is None
        else session.customer.id,
        payment_intent_id=payment if isinstance(payment, str) or payment is None else payment.id,
        is_for_payment=session.mode == "payment",
        livemode=session.livemode,
        amount_cents=session.amount_total,
        currency=session.currency,
        progress=_progress(session),
        reversals=reversals,
    )


def charge_of(session: "Session") -> "Charge | None":
    """The charge that paid it, if it came along expanded."""
    payment = payment_of(session)
    charge = None if payment is None else payment.latest_charge
    return None if isinstance(charge, str) else charge


def payment_of(session: "Session") -> "PaymentIntent | None":
    """The payment, if it came along expanded."""
    return None if isinstance(session.payment_intent, str) else session.payment_intent


def of_refund(refund: "Refund") -> Reversal:
    """A refund takes the credits when it is made; one that failed or was cancelled never went out."""
    return Reversal(
        id=refund.id,
        kind=ReversalKind.REFUND,
        amount_cents=refund.amount,
        stands=refund.status not in _REFUND_IS_OVER,
        is_final=refund.status == "succeeded",
        created_at=_at(refund.created),
    )


def of_dispute(dispute: "Dispute") -> Reversal:
    """A dispute takes the credits while its money is with the customer's bank."""
    stands = _is_with_them(dispute)
    return Reversal(
        id=dispute.id,
        kind=ReversalKind.DISPUTE,
        amount_cents=dispute.amount,
        stands=stands,
        is_final=stands and dispute.status in _IS_OVER,
        created_at=_at(dispute.created),
    )


def _is_with_them(dispute: "Dispute") -> bool:
    """By its status, where that says it; else by what moved on our balance.

    One that was `prevented` was settled with the bank before it was filed: with our money, or with a refund of its own.
    """
    if dispute.status in _MONEY_IS_WITH_THEM:
        return True
    if dispute.status in _MONEY_IS_WITH_US:
        return False
    if dispute.status != "prevented":
        log.error("dispute of an unknown status", extra={"dispute": dispute.id, "status": word(dispute.status)})
    return sum(moved.amount for moved in dispute.balance_transactions) < 0


def _progress(session: "Session") -> Progress:
    if session.payment_status == "paid":
        return Progress.PAID
    if session.status == "expired":
        return Progress.EXPIRED
    payment = payment_of(session)
    if session.status == "complete" and payment is not None and payment.status not in _STILL_PAYING:
        return Progress.PAYMENT_FAILED
    return Progress.UNDERWAY


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
