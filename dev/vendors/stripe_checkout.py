"""Customers and Checkout Sessions of the local Stripe: made, left, expired."""

from dataclasses import replace

from dev.vendors.stripe_book import Book, found
from dev.vendors.stripe_checkout_shape import session_json
from dev.vendors.stripe_errors import StripeRefusal, missing
from dev.vendors.stripe_model import CheckoutSession, Customer, LineItem
from dev.vendors.stripe_requests import CustomerCreation, SessionCreation

LIFETIME_SECONDS = 24 * 3_600
_SHORTEST_SECONDS = 30 * 60


def create_customer(book: Book, asked: CustomerCreation) -> Customer:
    """A new customer."""
    customer = Customer(
        id=book.new_id("cus"), created=book.now(), email=asked.email, name=asked.name, metadata=asked.metadata
    )
    book.tables.customers[customer.id] = customer
    return customer


def delete_customer(book: Book, customer_id: str) -> Customer:
    """The customer is gone; its id answers that it was deleted."""
    customer = living_customer(book, customer_id)
    book.tables.customers[customer_id] = replace(customer, is_deleted=True, email=None, name=None, metadata={})
    return book.tables.customers[customer_id]


def living_customer(book: Book, customer_id: str, *, param: str = "id") -> Customer:
    """A customer that was not deleted.

    Raises:
        StripeRefusal: there is none.
    """
    customer = found(book.tables.customers, customer_id, "customer", param=param)
    if customer.is_deleted:
        raise missing("customer", customer_id, param=param)
    return customer


def create_session(book: Book, asked: SessionCreation) -> CheckoutSession:
    """A new, open session.

    Raises:
        StripeRefusal: what is asked cannot be sold.
    """
    if asked.customer is not None:
        living_customer(book, asked.customer, param="customer")
    lines = tuple(
        LineItem(
            id=book.new_id("li"),
            name=line.price_data.product_data.name,
            unit_amount=line.price_data.unit_amount,
            quantity=line.quantity,
        )
        for line in asked.line_items
    )
    return book.put_session(
        CheckoutSession(
            id=book.new_id("cs_test"),
            created=book.now(),
            expires_at=_expires_at(book, asked),
            currency=_currency(asked),
            lines=lines,
            amount_total=sum(line.unit_amount * line.quantity for line in lines),
            success_url=asked.success_url,
            cancel_url=asked.cancel_url,
            client_reference_id=asked.client_reference_id,
            customer=asked.customer,
            customer_email=asked.customer_email,
            metadata=asked.metadata,
            payment_metadata=asked.payment_intent_data.metadata,
        )
    )


def open_session(book: Book, session_id: str) -> CheckoutSession:
    """A session that can still be paid.

    Raises:
        StripeRefusal: there is none, or it is over.
    """
    session = found(book.tables.sessions, session_id, "checkout.session")
    if session.status != "open":
        raise StripeRefusal(
            f"Only Checkout Sessions with a status in [open] can be expired or paid. This one is {session.status}."
        )
    return session


def expire_session(book: Book, session_id: str) -> CheckoutSession:
    """Nobody paid in time, or the seller does not want to wait."""
    session = book.put_session(replace(open_session(book, session_id), status="expired"))
    tell_of(book, "checkout.session.expired", session)
    return session


def expire_overdue(book: Book) -> None:
    """Expire what should have been paid by now."""
    for session_id in book.overdue_sessions():
        expire_session(book, session_id)


def tell_of(book: Book, kind: str, session: CheckoutSession) -> None:
    """An event about a session."""
    book.tell(kind, session_as_json(book, session))


def session_as_json(book: Book, session: CheckoutSession) -> dict[str, object]:
    """A session with what its customer adds to it."""
    customer = book.tables.customers.get(session.customer or "")
    return session_json(session, address=book.address, email=customer.email if customer else None)


def _currency(asked: SessionCreation) -> str:
    currencies = {line.price_data.currency.lower() for line in asked.line_items}
    if len(currencies) > 1:
        raise StripeRefusal("All line items must have the same currency.", param="line_items")
    return currencies.pop()


def _expires_at(book: Book, asked: SessionCreation) -> int:
    if asked.expires_at is None:
        return book.now() + LIFETIME_SECONDS
    if not _SHORTEST_SECONDS <= asked.expires_at - book.now() <= LIFETIME_SECONDS:
        raise StripeRefusal(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", param="expires_at"
        )
    return asked.expires_at
