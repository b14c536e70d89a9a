"""A payer who complains at the bank: opened, won, lost; or an inquiry that comes to nothing."""

from dataclasses import replace

from dev.vendors.stripe_book import Book, found
from dev.vendors.stripe_errors import StripeRefusal
from dev.vendors.stripe_model import Dispute, DisputeStatus
from dev.vendors.stripe_payment import paid_charge
from dev.vendors.stripe_payment_shape import dispute_json


def open_dispute(
    book: Book, intent_id: str, *, amount: int | None = None, reason: str = "fraudulent", is_inquiry: bool = False
) -> Dispute:
    """The bank takes the amount, or all of the charge, back; an inquiry takes nothing."""
    charge = paid_charge(book, intent_id)
    dispute = Dispute(
        id=book.new_id("du"),
        created=book.now(),
        amount=charge.amount if amount is None else amount,
        currency=charge.currency,
        charge=charge.id,
        payment_intent=intent_id,
        status="warning_needs_response" if is_inquiry else "needs_response",
        reason=reason,
    )
    book.tables.disputes[dispute.id] = dispute
    book.tables.charges[charge.id] = replace(charge, is_disputed=True)
    book.tell("charge.dispute.created", dispute_json(dispute))
    if not is_inquiry:
        book.tell("charge.dispute.funds_withdrawn", dispute_json(dispute))
    return dispute


def win_dispute(book: Book, dispute_id: str) -> Dispute:
    """The bank gives the money back to us."""
    won = _close(book, dispute_id, before="needs_response", after="won")
    book.tell("charge.dispute.funds_reinstated", dispute_json(won))
    return won


def lose_dispute(book: Book, dispute_id: str) -> Dispute:
    """The money stays with the payer."""
    return _close(book, dispute_id, before="needs_response", after="lost")


def close_inquiry(book: Book, dispute_id: str) -> Dispute:
    """The bank asks no further."""
    return _close(book, dispute_id, before="warning_needs_response", after="warning_closed")


def _close(book: Book, dispute_id: str, *, before: DisputeStatus, after: DisputeStatus) -> Dispute:
    dispute = found(book.tables.disputes, dispute_id, "dispute")
    if dispute.status != before:
        raise StripeRefusal(f"The dispute {dispute_id} is {dispute.status}, not {before}.")
    closed = replace(dispute, status=after)
    book.tables.disputes[dispute_id] = closed
    book.tell("charge.dispute.closed", dispute_json(closed))
    return closed
