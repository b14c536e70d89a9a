"""Finds the order that an event, or a payment at the provider, is about."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.db.connection import Database
from shared.payments import repository
from shared.payments.model import CheckoutFacts, OrderId, Place
from shared.payments.payment_provider import PaymentProvider


def find_place(db: Database, provider: PaymentProvider, about: Mapping[str, Any]) -> Place | None:
    """The order by our number, which a checkout carries; a refund or a dispute leads to its checkout first.

    None for what is not ours: an account at the provider may sell other things too. Raises VendorDown.
    """
    session_id, order_id = about.get("checkout_session"), order_id_of(about.get("order_id"))
    if session_id is None:
        facts = _checkout_of(provider, about.get("payment_intent"))
        session_id, order_id = (facts.session_id, order_id_of(facts.order_id)) if facts else (None, None)
    if session_id is None or order_id is None:
        return None
    with db.transaction(None) as tx:
        user_id = repository.owner_of_order(tx, order_id)
    return None if user_id is None else Place(user_id=user_id, order_id=order_id, session_id=session_id)


def order_id_of(text: str | None) -> OrderId | None:
    """Our number in the provider's text, if it is one."""
    try:
        return None if text is None else OrderId(UUID(text))
    except ValueError:
        return None


def _checkout_of(provider: PaymentProvider, payment_intent_id: str | None) -> CheckoutFacts | None:
    return None if payment_intent_id is None else provider.checkout_of_payment(payment_intent_id)
