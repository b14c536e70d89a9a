"""Money given back by the local Stripe: at once, later, or in the end not."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dev.vendors.stripe_book import Book, found
from dev.vendors.stripe_errors import StripeRefusal
from dev.vendors.stripe_model import CARD, Charge, Refund
from dev.vendors.stripe_payment import paid_charge
from dev.vendors.stripe_payment_shape import charge_json, refund_json
from dev.vendors.stripe_requests import RefundCreation

_NO_METADATA: Final[Mapping[str, str]] = {}


def create_refund(book: Book, asked: RefundCreation) -> Refund:
    """What POST /v1/refunds does."""
    if asked.payment_intent is None and asked.charge is None:
        raise StripeRefusal("One of the following params should be provided: payment_intent or charge.")
    intent_id = asked.payment_intent
    if intent_id is None:
        intent_id = found(book.tables.charges, asked.charge or "", "charge", param="charge").payment_intent
    return refund(book, intent_id, amount=asked.amount, reason=asked.reason, metadata=asked.metadata)


def refund(
    book: Book,
    intent_id: str,
    *,
    amount: int | None = None,
    is_pending: bool | None = None,
    reason: str | None = None,
    metadata: Mapping[str, str] = _NO_METADATA,
) -> Refund:
    """Give back an amount, or all that is left. A card's refund succeeds at once, a bank debit's takes its time.

    Raises:
        StripeRefusal: nothing is left, less is left, or a bank has taken it already.
    """
    charge = paid_charge(book, intent_id, param="payment_intent")
    wanted = _refundable(book, charge, amount)
    is_late = charge.method != CARD if is_pending is None else is_pending
    given = book.put_refund(
        Refund(
            id=book.new_id("re"),
            created=book.now(),
            amount=wanted,
            currency=charge.currency,
            charge=charge.id,
            payment_intent=intent_id,
            status="pending" if is_late else "succeeded",
            reason=reason,
            metadata=metadata,
        )
    )
    _change_refunded(book, given, by=wanted)
    book.tell("refund.created", refund_json(given))
    book.tell("charge.refunded", charge_json(book.tables.charges[charge.id]))
    if not is_late:
        book.tell("refund.updated", refund_json(given))
    return given


def settle_refund(book: Book, refund_id: str) -> Refund:
    """A pending refund has arrived."""
    given = found(book.tables.refunds, refund_id, "refund")
    if given.status != "pending":
        raise StripeRefusal(f"The refund {refund_id} is {given.status}, not pending.")
    arrived = book.put_refund(replace(given, status="succeeded"))
    book.tell("refund.updated", refund_json(arrived))
    return arrived


def fail_refund(book: Book, refund_id: str) -> Refund:
    """The payer's bank sends the money back to us, which also happens days after the refund succeeded."""
    given = found(book.tables.refunds, refund_id, "refund")
    if given.status == "failed":
        raise StripeRefusal(f"The refund {refund_id} has failed already.")
    failed = book.put_refund(replace(given, status="failed", failure_reason="lost_or_stolen_card"))
    _change_refunded(book, failed, by=-failed.amount)
    book.tell("refund.updated", refund_json(failed))
    book.tell("refund.failed", refund_json(failed))
    return failed


def _refundable(book: Book, charge: Charge, amount: int | None) -> int:
    left = charge.amount - charge.amount_refunded
    if left == 0:
        raise StripeRefusal(f"Charge {charge.id} has already been refunded.", code="charge_already_refunded")
    if any(dispute.status in {"needs_response", "lost"} for dispute in book.disputes_of(charge.id)):
        raise StripeRefusal(f"Charge {charge.id} has been charged back; cannot issue a refund.", code="charge_disputed")
    if amount is not None and amount > left:
        raise StripeRefusal(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).", param="amount"
        )
    return left if amount is None else amount


def _change_refunded(book: Book, given: Refund, *, by: int) -> None:
    charge = book.tables.charges[given.charge]
    book.tables.charges[charge.id] = replace(charge, amount_refunded=charge.amount_refunded + by)
