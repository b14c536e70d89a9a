"""The local Stripe's payments as its dashboard shows them: a Checkout Session with all that became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from dev.vendors.stripe_book import Book
from dev.vendors.stripe_model import Charge, CheckoutSession, Delivery, Dispute, Event, Refund

MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A session, its latest charge if there was a try, and the money that went back."""

    session: CheckoutSession
    email: str | None
    charge: Charge | None
    refunds: Sequence[Refund]
    disputes: Sequence[Dispute]

    @property
    def intent_id(self) -> str:
        """What refunds and disputes are made of."""
        return self.session.payment_intent or ""

    @property
    def is_paid(self) -> bool:
        """Whether money came in."""
        return self.charge is not None and self.charge.status == "succeeded"

    @property
    def left(self) -> int:
        """How much may still be given back."""
        is_taken = any(dispute.status in {"needs_response", "lost"} for dispute in self.disputes)
        return self.charge.amount - self.charge.amount_refunded if self.charge and self.is_paid and not is_taken else 0

    @property
    def state(self) -> tuple[str, str]:
        """In words, and in which mood."""
        if self.charge is None or self.session.status != "complete":
            return (self.session.status, "wait" if self.session.status == "open" else "")
        if self.charge.status == "pending":
            return ("waits for the bank", "wait")
        if self.charge.status == "failed":
            return ("failed", "bad")
        return self._state_of_money()

    def _state_of_money(self) -> tuple[str, str]:
        if self.disputes:
            return (f"dispute: {self.disputes[0].status.replace('_', ' ')}", "bad")
        if self.left == 0:
            return ("refunded", "")
        is_whole = self.left == self.session.amount_total  # a failed refund leaves it so
        return ("paid" if is_whole else "partly refunded", "good")


def payments(book: Book) -> list[Payment]:
    """The latest sessions, the newest first."""
    return [_payment(book, session) for session in islice(reversed(book.tables.sessions.values()), MOST_SHOWN)]


def deliveries(book: Book) -> list[tuple[Delivery, Event]]:
    """The latest deliveries with their events, the newest first."""
    latest = islice(reversed(book.tables.deliveries.values()), MOST_SHOWN)
    return [(delivery, book.tables.events[delivery.event]) for delivery in latest]


def _payment(book: Book, session: CheckoutSession) -> Payment:
    intent = book.tables.intents.get(session.payment_intent or "")
    charge = book.tables.charges.get(intent.latest_charge or "") if intent else None
    customer = book.tables.customers.get(session.customer or "")
    return Payment(
        session=session,
        email=customer.email if customer else session.customer_email,
        charge=charge,
        refunds=book.refunds_of(charge.id) if charge else [],
        disputes=book.disputes_of(charge.id) if charge else [],
    )
