"""Compares our payments with the provider's of the last days, and repairs what is missing.

Webhooks can be lost: an endpoint switched off, a secret rotated wrongly, three days of retries used up. Each order that
differs from what the provider lists is brought to the truth just as an event would bring it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from shared.db.connection import Database, Transaction
from shared.errors import Busy, SecondBrainError, VendorRefused
from shared.gauges.tell_gauges import tell_gauges
from shared.metrics import count, held
from shared.payments import repository
from shared.payments.apply_payment import Applied, apply_payment
from shared.payments.find_place import find_place, order_id_of
from shared.payments.model import CheckoutFacts, Payment, Place, Progress
from shared.payments.payment_provider import PaymentProvider
from shared.payments.settlement import is_as_told
from shared.telemetry import log
from shared.values import frozen

WINDOW = timedelta(days=3)

GIVE_UP_AFTER = timedelta(hours=25)
"""A Checkout Session lives for 24 hours: an order that is pending for longer has missed its end, or never had one."""

_BATCH = 100
_MOST_AT_ONCE = 500


@frozen
class Reconciled:
    """Orders that differed from the provider's word, how many were repaired, and payments that no order explains."""

    differing: int
    repaired: int
    unmatched: int


@frozen
class _Compared:
    suspects: dict[UUID, Place]
    unmatched: int


def reconcile_payments(db: Database, provider: PaymentProvider, *, now: datetime | None = None) -> Reconciled:
    """Compare, repair, and report as metrics. `db` connects as the system role. Raises VendorDown."""
    since = (now or datetime.now(UTC)) - WINDOW
    compared = _compare(db, provider.checkouts_since(since))
    # First what is known to be wrong: reading a refund or a dispute, each by a request of its own, may fail or be slow.
    repairs = [_repair(db, provider, place) for place in compared.suspects.values()]
    others = {place.order_id: place for place in _reversed(db, provider, since)} | _disputed(db) | _overdue(db)
    looks = [_repair(db, provider, place) for name, place in others.items() if name not in compared.suspects]
    found = [*repairs, *(look for look in looks if look.changed or look.ignored)]
    done = Reconciled(
        differing=len(found),
        repaired=sum(applied.ignored is None for applied in found),
        unmatched=compared.unmatched,
    )
    _report(db, done)
    return done


def _report(db: Database, done: Reconciled) -> None:
    with held() as gauges:
        count("payment_differences", done.differing)
        count("payment_repairs", done.repaired)
        count("payments_unmatched", done.unmatched)
    with db.transaction(None) as tx:
        tell_gauges(tx, "payments", gauges)


def _compare(db: Database, told: Iterator[CheckoutFacts]) -> _Compared:
    """Orders that do not stand as the provider says, and paid checkouts that name an order we do not have."""
    suspects: dict[UUID, Place] = {}
    unmatched = 0
    while batch := list(islice(told, _BATCH)):
        orders = _orders(db, batch)
        for facts in batch:
            order = orders.get(order_id_of(facts.order_id))
            if order is None:
                unmatched += facts.user_id is not None and facts.progress is Progress.PAID
            elif not is_as_told(order, facts):
                suspects[order.id] = _place_of(order, facts.session_id)
    return _Compared(suspects=suspects, unmatched=unmatched)


def _orders(db: Database, told: Iterable[CheckoutFacts]) -> dict[UUID | None, Payment]:
    named = [order_id for facts in told if (order_id := order_id_of(facts.order_id)) is not None]
    with db.transaction(None) as tx:
        return {order.id: order for order in repository.by_order_ids(tx, named)}


def _overdue(db: Database) -> dict[UUID, Place]:
    """Orders pending for too long: given up when they have no checkout, else looked at. A bank debit takes days."""
    with db.transaction(None) as tx:
        overdue = repository.pending_since(tx, older_than=GIVE_UP_AFTER, limit=_MOST_AT_ONCE)
    places: dict[UUID, Place] = {}
    for order in overdue:
        if order.stripe_session_id is not None:
            places[order.id] = _place_of(order, order.stripe_session_id)
            continue
        with db.transaction(order.user_id) as tx:
            repository.fail_unopened(tx, order.user_id, order.id, "never_opened")
    return places


def _disputed(db: Database) -> dict[UUID, Place]:
    """Orders in dispute, which a bank decides weeks later: the end of one must not hang on a single event."""
    with db.transaction(None) as tx:
        disputed = repository.disputed(tx, limit=_MOST_AT_ONCE)
    return {order.id: _place_of(order, order.stripe_session_id) for order in disputed if order.stripe_session_id}


def _place_of(order: Payment, session_id: str) -> Place:
    return Place(user_id=order.user_id, order_id=order.id, session_id=session_id)


def _reversed(db: Database, provider: PaymentProvider, since: datetime) -> Iterator[Place]:
    """Our orders with a refund or a dispute of late."""
    for payment_intent_id in sorted(set(provider.reversed_since(since))):
        try:
            place = find_place(db, provider, {"payment_intent": payment_intent_id})
        except VendorRefused as error:
            _leave_out(payment_intent_id, error)
            continue
        if place is not None:
            yield place


def _repair(db: Database, provider: PaymentProvider, place: Place) -> Applied:
    """One order that cannot be read now must not keep the others back: it counts as differing, not as repaired."""
    try:
        return apply_payment(db, provider, place, _nothing_else)
    except VendorRefused as error:
        return _leave_out(place.order_id, error)
    except Busy as error:
        if not error.is_momentary:
            raise
        return _leave_out(place.order_id, error)


def _leave_out(name: object, error: SecondBrainError) -> Applied:
    log.error("payment not reconciled", extra={"payment": str(name), "code": error.exact_code})
    return Applied(ignored=error.exact_code)


def _nothing_else(_tx: Transaction, _applied: Applied) -> None:
    return
