"""Applies an event of the payment provider: finds the order it is about, and brings it to the truth.

The event itself is never believed: it says where to look. Whatever its type, the same reading follows, which is why
copies, other orders and late arrivals all end alike.
"""

from uuid import UUID

from shared.db.connection import Database, Transaction
from shared.inbox.model import EventState
from shared.inbox.settle_event import settle_event
from shared.inbox.take_event import take_event
from shared.payments.apply_payment import Applied, apply_payment
from shared.payments.find_place import find_place
from shared.payments.payment_provider import PaymentProvider


def apply_event(db: Database, provider: PaymentProvider, event_id: UUID) -> None:
    """Apply an event of the inbox; nothing happens to one that is settled. Raises VendorDown and Busy: try later."""
    with db.transaction(None) as tx:
        event = take_event(tx, event_id)
    if event is None:
        return

    def settled(tx: Transaction, applied: Applied) -> None:
        state = EventState.IGNORED if applied.ignored else EventState.APPLIED
        settle_event(tx, event.id, state, reason=applied.ignored)

    place = find_place(db, provider, event.about)
    if place is not None:
        apply_payment(db, provider, place, settled)
        return
    with db.transaction(None) as tx:
        settled(tx, Applied(ignored="not_ours"))
