"""Brings one order to what the payment provider says of it: claim, read, record.

The claim is a fencing token. Two readers may read at different moments, and the one with the older news write last; so
only the newest reader may write, and whoever lost the token reads anew. What is recorded is thus never older than what
was recorded before it (docs/adr/0015-payments-follow-the-providers-truth.md).
"""

from collections.abc import Callable

from shared.credits.entries_for import entries_for
from shared.credits.grant import grant
from shared.credits.model import Credits
from shared.credits.take_back import take_back
from shared.db.connection import Database, Transaction
from shared.errors import Busy
from shared.ids import UserId
from shared.payments import repository
from shared.payments.model import CheckoutFacts, Payment, Place
from shared.payments.payment_provider import PaymentProvider
from shared.payments.settlement import Movement, mismatch, settle
from shared.telemetry import log
from shared.values import frozen

_READINGS = 3


@frozen
class Applied:
    """What came of it: `ignored` says why nothing was applied; `changed` tells whether we stood elsewhere before."""

    ignored: str | None = None
    changed: bool = False


Settled = Callable[[Transaction, Applied], None]
"""What else is to be written in the transaction that records."""


def apply_payment(db: Database, provider: PaymentProvider, place: Place, settled: Settled) -> Applied:
    """Read the checkout and record what it means; however often, in whatever order, the end is the same.

    Raises VendorDown when the provider cannot be asked, and Busy when others keep reading the same order.
    """
    for _ in range(_READINGS):
        with db.transaction(place.user_id) as tx:
            claimed = repository.claim_reading(tx, place.user_id, place.order_id)
        facts = provider.read_checkout(place.session_id)
        with db.transaction(place.user_id) as tx:
            order = repository.lock(tx, place.user_id, place.order_id)
            if claimed is None or order is None:  # deleted with its account
                return _ignore(tx, settled, "not_ours")
            applied = _record(tx, order, facts, settled) if order.read_token == claimed.read_token else None
        if applied is not None:
            log.info("payment looked at", extra={"payment_id": str(place.order_id), "changed": applied.changed})
            return applied
    raise Busy("Others are reading the same payment.", is_momentary=True)


def _record(tx: Transaction, order: Payment, facts: CheckoutFacts | None, settled: Settled) -> Applied:
    reason = "checkout_unknown" if facts is None else mismatch(order, facts)
    if facts is None or reason is not None:
        log.error("payment not applied", extra={"payment_id": str(order.id), "reason": reason})
        return _ignore(tx, settled, str(reason))
    settlement = settle(order, facts, _done(tx, order, facts))
    if settlement.untaken:
        told = {"payment_id": str(order.id), "reason": "reversal_changed", "credits": settlement.untaken}
        log.error("payment applied in part", extra=told)
    for movement in settlement.movements:
        _move(tx, order.user_id, movement)
    repository.write_settlement(
        tx, order, settlement, session_id=facts.session_id, payment_intent_id=facts.payment_intent_id
    )
    applied = Applied(changed=bool(settlement.movements) or settlement.status != order.status)
    settled(tx, applied)
    return applied


def _ignore(tx: Transaction, settled: Settled, reason: str) -> Applied:
    applied = Applied(ignored=reason)
    settled(tx, applied)
    return applied


def _done(tx: Transaction, order: Payment, facts: CheckoutFacts) -> set[tuple[str, str]]:
    refs = [facts.session_id, *(reversal.id for reversal in facts.reversals)]
    return {(entry.reason, entry.ref) for entry in entries_for(tx, order.user_id, refs)}


def _move(tx: Transaction, user_id: UserId, movement: Movement) -> None:
    if movement.amount > 0:
        grant(tx, user_id, movement.amount, reason=movement.reason, ref=movement.ref)
    else:
        take_back(tx, user_id, Credits(-movement.amount), reason=movement.reason, ref=movement.ref)
