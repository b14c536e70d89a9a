"""The life of a payment: by card at once, by bank debit in days, or not at all."""

from dataclasses import replace

from dev.vendors.stripe_book import Book, found
from dev.vendors.stripe_checkout import open_session, tell_of
from dev.vendors.stripe_errors import StripeRefusal
from dev.vendors.stripe_model import (
    BANK_DEBIT,
    CARD,
    Charge,
    ChargeStatus,
    CheckoutSession,
    IntentStatus,
    PaymentIntent,
)
from dev.vendors.stripe_payment_shape import charge_json, intent_json

_DECLINED = "card_declined"
_BOUNCED = "payment_method_provider_decline"


def pay_by_card(book: Book, session_id: str) -> PaymentIntent:
    """The card is good: the money is there."""
    session = open_session(book, session_id)
    intent = _attempt(book, session, method=CARD, status="succeeded", charge_status="succeeded")
    paid = replace(session, status="complete", payment_status="paid", payment_intent=intent.id)
    tell_of(book, "checkout.session.completed", book.put_session(paid))
    _tell_of_money(book, intent)
    return intent


def pay_by_bank_debit(book: Book, session_id: str) -> PaymentIntent:
    """The payer agreed to a debit: whether the money comes is known days later."""
    session = open_session(book, session_id)
    intent = _attempt(book, session, method=BANK_DEBIT, status="processing", charge_status="pending")
    tell_of(
        book,
        "checkout.session.completed",
        book.put_session(replace(session, status="complete", payment_intent=intent.id)),
    )
    return intent


def decline(book: Book, session_id: str) -> PaymentIntent:
    """The card is refused: the page stays open for another try."""
    session = open_session(book, session_id)
    intent = _attempt(book, session, method=CARD, status="requires_payment_method", charge_status="failed")
    book.put_session(replace(session, payment_intent=intent.id))
    book.tell("payment_intent.payment_failed", intent_json(intent))
    return intent


def settle(book: Book, session_id: str) -> PaymentIntent:
    """The bank debit went through."""
    session, intent = _in_process(book, session_id)
    intent = _ended(book, intent, status="succeeded", charge_status="succeeded", failure=None)
    paid = book.put_session(replace(session, payment_status="paid"))
    tell_of(book, "checkout.session.async_payment_succeeded", paid)
    _tell_of_money(book, intent)
    return intent


def bounce(book: Book, session_id: str) -> PaymentIntent:
    """The bank debit came back unpaid."""
    session, intent = _in_process(book, session_id)
    intent = _ended(book, intent, status="requires_payment_method", charge_status="failed", failure=_BOUNCED)
    tell_of(book, "checkout.session.async_payment_failed", session)
    book.tell("payment_intent.payment_failed", intent_json(intent))
    return intent


def paid_charge(book: Book, intent_id: str, *, param: str = "id") -> Charge:
    """The charge that brought the money of an intent.

    Raises:
        StripeRefusal: there is no such intent, or no money came.
    """
    intent = found(book.tables.intents, intent_id, "payment_intent", param=param)
    charge = book.tables.charges.get(intent.latest_charge or "")
    if charge is None or charge.status != "succeeded":
        raise StripeRefusal(
            f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
        )
    return charge


def _in_process(book: Book, session_id: str) -> tuple[CheckoutSession, PaymentIntent]:
    session = found(book.tables.sessions, session_id, "checkout.session")
    intent = book.tables.intents.get(session.payment_intent or "")
    if intent is None or intent.status != "processing":
        raise StripeRefusal(f"Nothing of {session_id} waits for a bank.", code="payment_intent_unexpected_state")
    return session, intent


def _attempt(
    book: Book, session: CheckoutSession, *, method: str, status: IntentStatus, charge_status: ChargeStatus
) -> PaymentIntent:
    """A charge of its own for each attempt; all of a session's attempts are one intent."""
    intent_id = session.payment_intent or book.new_id("pi")
    failure = _DECLINED if charge_status == "failed" else None
    charge = Charge(
        id=book.new_id("ch" if method == CARD else "py"),
        created=book.now(),
        amount=session.amount_total,
        currency=session.currency,
        customer=session.customer,
        metadata=session.payment_metadata,
        payment_intent=intent_id,
        method=method,
        status=charge_status,
        failure_code=failure,
    )
    book.tables.charges[charge.id] = charge
    return _put_intent(book, session, charge, intent_id, status)


def _put_intent(
    book: Book, session: CheckoutSession, charge: Charge, intent_id: str, status: IntentStatus
) -> PaymentIntent:
    earlier = book.tables.intents.get(intent_id)
    intent = PaymentIntent(
        id=intent_id,
        created=earlier.created if earlier else charge.created,
        amount=session.amount_total,
        currency=session.currency,
        customer=session.customer,
        metadata=session.payment_metadata,
        status=status,
        method=charge.method,
        latest_charge=charge.id,
        failure_code=charge.failure_code,
    )
    book.tables.intents[intent_id] = intent
    return intent


def _ended(
    book: Book, intent: PaymentIntent, *, status: IntentStatus, charge_status: ChargeStatus, failure: str | None
) -> PaymentIntent:
    charge = book.tables.charges[intent.latest_charge or ""]
    book.tables.charges[charge.id] = replace(charge, status=charge_status, failure_code=failure)
    book.tables.intents[intent.id] = replace(intent, status=status, failure_code=failure)
    return book.tables.intents[intent.id]


def _tell_of_money(book: Book, intent: PaymentIntent) -> None:
    book.tell("payment_intent.succeeded", intent_json(intent))
    book.tell("charge.succeeded", charge_json(book.tables.charges[intent.latest_charge or ""]))
